/** `npm run stop`: stops every process; the database keeps its rows. */

import { requireDocker, supabaseOnTerminal } from "./stack/docker.ts";
import { main } from "./stack/failure.ts";
import { stop } from "./stack/local_stack.ts";
import { withLock } from "./stack/lock.ts";
import { rejectUnknown } from "./stack/options.ts";

await main(async () => {
  const { docker } = rejectUnknown(Deno.args, "docker");
  if (docker) {
    await requireDocker();
    return await supabaseOnTerminal("stop");
  }
  const stopped = await withLock(
    (holder) => console.error(`Another command (${holder}) works on this stack; waiting for it.`),
    stop,
  );
  console.log(stopped.length > 0 ? `Stopped: ${stopped.join(", ")}.` : "Nothing was running.");
});
