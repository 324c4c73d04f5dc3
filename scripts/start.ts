/** `npm start`: brings the whole stack up and says how to use it. */

import { requireDocker, supabaseOnTerminal } from "./stack/docker.ts";
import { main } from "./stack/failure.ts";
import { start } from "./stack/local_stack.ts";
import { withLock } from "./stack/lock.ts";
import { rejectUnknown } from "./stack/options.ts";
import { terminalProgress } from "./stack/progress.ts";
import { usage } from "./stack/usage.ts";

await main(async () => {
  const { docker } = rejectUnknown(Deno.args, "docker");
  if (docker) {
    await requireDocker();
    return await supabaseOnTerminal("start");
  }
  const progress = terminalProgress();
  const addresses = await withLock(
    (holder) => progress.note(`Another command (${holder}) works on this stack; waiting for it.`),
    () => start(progress),
  );
  console.log(usage(addresses));
});
