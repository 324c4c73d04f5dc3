/** What `npm start` prints at its end: addresses, keys, and calls to paste. */

import type { Addresses } from "./local_stack.ts";

/** Three calls that work as they stand: RPC, function of the edge, and supabase-js. */
export function showUsage(addresses: Addresses): void {
  const { api_url, db_url, functions_url, jwt_secret, publishable_key, secret_key } = addresses;
  const coffeeNearby = `"longitude":-73.98,"latitude":40.75,"radius_meters":5000,"result_limit":5`;
  console.log(`
Plinth runs.

  API              ${api_url}
  Functions        ${functions_url}
  Example page     ${api_url}/examples/directory/
  Database         ${db_url}
  Publishable key  ${publishable_key}
  Secret key       ${secret_key}
  JWT secret       ${jwt_secret}

Try it:

  curl '${api_url}/rest/v1/rpc/search_businesses' \\
    -H 'apikey: ${publishable_key}' -H 'Content-Profile: directory' \\
    -H 'Content-Type: application/json' \\
    -d '{"search_query":"coffe",${coffeeNearby}}'

  curl '${functions_url}/search' \\
    -H 'apikey: ${publishable_key}' -H 'Content-Type: application/json' \\
    -d '{"query":"coffe"}'

  import { createClient } from "@supabase/supabase-js";
  const client = createClient("${api_url}", "${publishable_key}");
  const { data, error } = await client.schema("directory")
    .rpc("search_businesses", { search_query: "coffe", result_limit: 5 });

npm run status says what runs, npm run stop stops it, npm run reset builds the database anew.`);
}
