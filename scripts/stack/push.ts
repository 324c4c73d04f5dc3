/** Applies migrations and seed with the real Supabase CLI, as a deployment does. */

import { Failure } from "./failure.ts";
import { npmTool, ROOT } from "./paths.ts";
import { run, said } from "./run_tool.ts";

/** Settings that keep the CLI quiet: no telemetry, no update check, no colours in its output. */
export const CLI_ENVIRONMENT = {
  DO_NOT_TRACK: "1",
  NO_COLOR: "1",
  SUPABASE_NO_UPDATE_NOTIFIER: "1",
  SUPABASE_TELEMETRY_DISABLED: "1",
};

/** Runs the Supabase CLI in the repository. */
export const supabase = (...args: string[]) =>
  run([npmTool("supabase"), ...args], { cwd: ROOT, env: CLI_ENVIRONMENT });

/** `supabase db push --include-seed` to a database given by URL. */
export async function push(databaseUrl: string): Promise<void> {
  const result = await supabase("db", "push", "--include-seed", "--yes", `--remote=${databaseUrl}`);
  if (result.code !== 0) {
    throw new Failure(
      "supabase db push failed: a migration or the seed is wrong; what it said is above.",
      said(result),
    );
  }
}
