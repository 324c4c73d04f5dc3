/**
 * What pg_net does on hosted Supabase, as far as ops.wake() needs it: listens for the names that
 * ops.wake() sends, and calls those functions with the secret key.
 */

import postgres from "postgres";

export interface WakerSettings {
  databaseUrl: string;
  /** Address of the functions, without a slash at its end. */
  functionsUrl: string;
  secretKey: string;
}

/** Milliseconds between the loss of the database and the next try to reach it. */
const RECONNECT_AFTER = 1_000;

/** Listens until `signal` says to end; the database may come and go. */
export async function wakeFunctions(settings: WakerSettings, signal: AbortSignal): Promise<void> {
  const wake = coalesced((name) => call(settings, name, signal));
  let reported: string | undefined;
  while (!signal.aborted) {
    const connection = listen(settings.databaseUrl, wake, signal);
    const problem = await connection.catch((error: Error) => error.message);
    if (signal.aborted) return;
    // said once, not each second while the database is down
    if (problem !== reported) report(`lost the database: ${problem}`);
    reported = problem;
    await pause(RECONNECT_AFTER, signal);
  }
}

const CLOSED = "the connection was closed";

/** Hands each notification to `wake`; ends when the connection does. */
async function listen(
  url: string,
  wake: (name: string) => void,
  signal: AbortSignal,
): Promise<typeof CLOSED> {
  const closed = Promise.withResolvers<typeof CLOSED>();
  // sql.listen() would reconnect by itself, and end this process when that fails
  const sql = postgres(url, {
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    fetch_types: false,
    onnotice: () => {},
    onclose: () => closed.resolve(CLOSED),
    onnotify: (_channel: string, name: string) => wake(name),
  } as postgres.Options<Record<string, never>>);
  const end = () => sql.end({ timeout: 0 });
  signal.addEventListener("abort", end);
  try {
    await sql`listen ops_wake`;
    return await closed.promise;
  } finally {
    signal.removeEventListener("abort", end);
    await end();
  }
}

/**
 * Runs `act` for a name at most once at a time. However often the name comes meanwhile, one run
 * follows: what came during a run may have been missed by it.
 */
export function coalesced(act: (name: string) => Promise<void>): (name: string) => void {
  const running = new Map<string, { again: boolean }>();
  const run = async (name: string) => {
    const state = { again: false };
    running.set(name, state);
    do {
      state.again = false;
      await act(name);
    } while (state.again);
    running.delete(name);
  };
  return (name) => {
    const state = running.get(name);
    if (state) state.again = true;
    else run(name);
  };
}

async function call(
  { functionsUrl, secretKey }: WakerSettings,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    const response = await fetch(`${functionsUrl}/${encodeURIComponent(name)}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", apikey: secretKey },
      body: "{}",
      signal,
    });
    await response.body?.cancel();
    report(`woke ${name}: ${response.status}`);
  } catch (error) {
    if (!signal.aborted) report(`could not wake ${name}: ${error}`);
  }
}

const report = (text: string) => console.log(`${new Date().toISOString()} waker: ${text}`);

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  const end = () => {
    clearTimeout(timer);
    resolve();
  };
  signal.addEventListener("abort", end, { once: true });
  return promise.finally(() => signal.removeEventListener("abort", end));
}
