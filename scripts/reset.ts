/** `npm run reset`: throws the local database away and builds it anew. */

import { requireDocker, supabaseOnTerminal } from "./stack/docker.ts";
import { main } from "./stack/failure.ts";
import { reset } from "./stack/local_stack.ts";
import { withLock } from "./stack/lock.ts";
import { rejectUnknown } from "./stack/options.ts";
import { terminalProgress } from "./stack/progress.ts";
import { usage } from "./stack/usage.ts";

await main(async () => {
  const { docker } = rejectUnknown(Deno.args, "docker");
  if (docker) {
    await requireDocker();
    return await supabaseOnTerminal("db", "reset");
  }
  const progress = terminalProgress();
  const addresses = await withLock(
    (holder) => progress.note(`Another command (${holder}) works on this stack; waiting for it.`),
    () => reset(progress),
  );
  console.log(usage(addresses));
});
