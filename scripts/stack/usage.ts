/** What `npm start` prints at its end: addresses, keys, and calls to paste. */

import type { Addresses } from "./local_stack.ts";

/** A misspelt word near a place, which the search corrects. */
const SEARCH = {
  search_query: "coffe",
  longitude: -73.98,
  latitude: 40.75,
  radius_meters: 50_000,
  result_limit: 5,
};

/** A call of the RPC and a call of the function, for a shell, and one by supabase-js. */
export function sampleCalls({ api_url, functions_url, publishable_key }: Addresses) {
  const body = JSON.stringify(SEARCH);
  return {
    rpc: `curl '${api_url}/rest/v1/rpc/search_businesses' \\
    -H 'apikey: ${publishable_key}' -H 'Content-Profile: directory' \\
    -H 'Content-Type: application/json' \\
    -d '${body}'`,
    edge: `curl '${functions_url}/search' \\
    -H 'apikey: ${publishable_key}' -H 'Content-Type: application/json' \\
    -d '${body}'`,
    client: `import { createClient } from "@supabase/supabase-js";
  const client = createClient("${api_url}", "${publishable_key}");
  const { data, error } = await client.schema("directory")
    .rpc("search_businesses", { search_query: "coffe", result_limit: 5 });
  console.log(error ?? data);`,
  };
}

/** All that a developer needs to begin. */
export function usage(addresses: Addresses): string {
  const { api_url, db_url, functions_url, jwt_secret, publishable_key, secret_key } = addresses;
  const calls = sampleCalls(addresses);
  return `
Plinth runs.

  API              ${api_url}
  Functions        ${functions_url}
  Example page     ${api_url}/examples/directory/
  Database         ${db_url}
  Publishable key  ${publishable_key}
  Secret key       ${secret_key}
  JWT secret       ${jwt_secret}

Search for a misspelt word near a place: the RPC, the function, and supabase-js:

  ${calls.rpc}

  ${calls.edge}

  ${calls.client}

npm run status says what runs, npm run stop stops it, npm run reset builds the database anew.`;
}
