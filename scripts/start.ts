/**
 * `npm start`: brings the whole stack up and says how to use it. With `--tls` PostgreSQL lets nobody
 * in without TLS, as on one's own server; the next start without it goes back.
 */

import { requireDocker, supabaseOnTerminal } from "./stack/docker.ts";
import { Failure, main } from "./stack/failure.ts";
import { start } from "./stack/local_stack.ts";
import { withLock } from "./stack/lock.ts";
import { rejectUnknown } from "./stack/options.ts";
import { terminalProgress } from "./stack/progress.ts";
import { usage } from "./stack/usage.ts";

await main(async () => {
  const { docker, tls } = rejectUnknown(Deno.args, "docker", "tls");
  if (docker) {
    if (tls) throw new Failure("The Docker stack has no TLS: leave out --docker or --tls.");
    await requireDocker();
    return await supabaseOnTerminal("start");
  }
  const progress = terminalProgress();
  const addresses = await withLock(
    (holder) => progress.note(`Another command (${holder}) works on this stack; waiting for it.`),
    () => start(progress, tls),
  );
  console.log(usage(addresses));
});
