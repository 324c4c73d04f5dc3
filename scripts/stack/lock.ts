/** Lets one command at a time change the local stack. */

import { LOCAL } from "./paths.ts";

/**
 * Runs `work` while holding the lock of this checkout. A second command waits for the first and says
 * so. The kernel frees the lock when its holder ends, however it ends.
 */
export async function withLock<T>(
  waiting: (holder: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  await Deno.mkdir(LOCAL, { recursive: true });
  const path = `${LOCAL}/lock`;
  using file = await Deno.open(path, { create: true, read: true, write: true });
  if (!file.tryLockSync(true)) {
    waiting((await Deno.readTextFile(path)).trim());
    await file.lock(true);
  }
  await file.truncate();
  await file.write(new TextEncoder().encode(`process ${Deno.pid}`));
  return await work();
}
