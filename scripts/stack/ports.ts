/** Finds TCP ports that nothing listens on. */

/**
 * Below the kernel's ephemeral range, so that an outgoing connection never takes one, and away from
 * the ports of `supabase start`, which may run beside this stack.
 */
const LOWEST = 20_000;
const HIGHEST = 31_999;

const handedOut = new Set<number>();

/** Whether something else listens on this port of the loopback address. */
export function isTaken(port: number): boolean {
  try {
    Deno.listen({ hostname: "127.0.0.1", port }).close();
    return false;
  } catch {
    return true;
  }
}

/** A free port, never the same one twice in a process. */
export function freePort(): number {
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    if (handedOut.has(port) || isTaken(port)) continue;
    handedOut.add(port);
    return port;
  }
  throw new Error(`no free TCP port between ${LOWEST} and ${HIGHEST}`);
}
