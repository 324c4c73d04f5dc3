/** Hands over to the CLI's own stack of containers: `npm start -- --docker` and the like. */

import { Failure } from "./failure.ts";
import { npmTool, ROOT } from "./paths.ts";
import { CLI_ENVIRONMENT } from "./push.ts";
import { run } from "./run_tool.ts";

/** Fails with one sentence unless a Docker engine answers. */
export async function requireDocker(): Promise<void> {
  const { code } = await run(["docker", "info", "--format", "{{.ServerVersion}}"]);
  if (code !== 0) {
    throw new Failure("--docker needs a running Docker engine, and none answers (docker info).");
  }
}

/** Runs `supabase …` on the terminal and returns its exit code. */
export async function supabaseOnTerminal(...args: string[]): Promise<number> {
  const { NO_COLOR: _, ...env } = CLI_ENVIRONMENT;
  const child = new Deno.Command(npmTool("supabase"), { args, cwd: ROOT, env }).spawn();
  return (await child.status).code;
}
