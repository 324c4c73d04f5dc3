/**
 * `npm run example`: runs examples/directory/first_steps.ts against the local stack, or against the
 * project that PLINTH_API_URL and PLINTH_PUBLISHABLE_KEY name.
 */

import { Failure, main } from "./stack/failure.ts";
import { status } from "./stack/local_stack.ts";
import { DENO, ROOT } from "./stack/paths.ts";

await main(async () => {
  if (Deno.args.length > 0) throw new Failure("npm run example takes no options.");
  const { code } = await new Deno.Command(DENO, {
    args: ["run", "--allow-env", "--allow-net", "examples/directory/first_steps.ts"],
    cwd: ROOT,
    env: await project(),
  }).spawn().status;
  return code;
});

/** The variables that the script reads. */
async function project(): Promise<Record<string, string>> {
  if (Deno.env.has("PLINTH_API_URL") && Deno.env.has("PLINTH_PUBLISHABLE_KEY")) return {};
  const stack = await status();
  if (!stack?.processes.every(({ up }) => up)) {
    throw new Failure("The local stack does not run; npm start brings it up.");
  }
  return { PLINTH_API_URL: stack.api_url, PLINTH_PUBLISHABLE_KEY: stack.publishable_key };
}
