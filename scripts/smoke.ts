/**
 * `npm run smoke`: calls one function of each exposed schema on a deployed project, which proves that
 * the schema is exposed and that its grants reach the caller. Reads SUPABASE_URL,
 * SUPABASE_PUBLISHABLE_KEY and SUPABASE_SECRET_KEY.
 */

import { createClient } from "@supabase/supabase-js";
import { requiredEnvironment } from "./stack/environment.ts";
import { Failure, main } from "./stack/failure.ts";
import { rejectUnknown } from "./stack/options.ts";
import { waitUntil } from "./stack/processes.ts";
import { readProjectConfig } from "./stack/project_config.ts";

export interface Project {
  url: string;
  publishableKey: string;
  secretKey: string;
}

interface Call {
  key: "publishableKey" | "secretKey";
  name: string;
  args: Record<string, unknown>;
}

/** One reading call for each schema, with the key of those whom the schema is for. */
const CALLS: Record<string, Call> = {
  directory: { key: "publishableKey", name: "api_get_businesses", args: { page_size: 1 } },
  ops: { key: "secretKey", name: "setting", args: { key: "directory.quality_weight_rating" } },
};

/** One line for each schema that did not answer as it should; empty when all is well. */
export async function smoke(project: Project): Promise<string[]> {
  const problems: string[] = [];
  for (const schema of (await readProjectConfig()).schemas) {
    const call = CALLS[schema];
    if (!call) {
      problems.push(`${schema}: scripts/smoke.ts has no call for this schema.`);
      continue;
    }
    const client = createClient(project.url, project[call.key], {
      auth: { persistSession: false },
    });
    const { error } = await client.schema(schema).rpc(call.name, call.args);
    if (error) problems.push(`${schema}.${call.name}: ${error.code} ${error.message}`);
  }
  return problems;
}

if (import.meta.main) {
  await main(async () => {
    rejectUnknown(Deno.args);
    const environment = requiredEnvironment(
      "SUPABASE_URL",
      "SUPABASE_PUBLISHABLE_KEY",
      "SUPABASE_SECRET_KEY",
    );
    const project = {
      url: environment.SUPABASE_URL,
      publishableKey: environment.SUPABASE_PUBLISHABLE_KEY,
      secretKey: environment.SUPABASE_SECRET_KEY,
    };
    let problems: string[] = [];
    // After a change of its settings the API needs a while to load them.
    const well = await waitUntil(
      async () => {
        problems = await smoke(project);
        return problems.length === 0;
      },
      60_000,
      2_000,
    );
    if (!well) {
      throw new Failure("The deployed API does not answer as it should.", problems.join("\n"));
    }
    console.log("Each exposed schema answers.");
  });
}
