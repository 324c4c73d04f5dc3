/**
 * Makes sure that what a process starts for a while ends with it: by its own will, by Ctrl-C, by
 * kill -9. A guard is a small process that waits for the end of the one that made it.
 */

import { Failure } from "./failure.ts";
import { ROOT } from "./paths.ts";
import { identify, isSameProcess, type ProcessIdentity } from "./processes.ts";
import { run } from "./run_tool.ts";

export interface Guard extends AsyncDisposable {
  /** A temporary directory, which any account may pass through. */
  directory: string;
  /** Processes started with this variable are ended by the guard, and so are their children. */
  environment: Record<string, string>;
  /** Ends those processes and removes the directory. */
  end(): Promise<void>;
}

const SCRIPT = `${ROOT}/scripts/stack/guard.sh`;
const PREFIX = "plinth-throw-away-";
const TEMPORARY = Deno.env.get("TMPDIR") ?? "/tmp";

/** The guards of this process that have not ended. */
const guards = new Set<Guard>();
let ending = false;

/** Makes a temporary directory and watches over it and over what is started for it. */
export async function startGuard(): Promise<Guard> {
  if (ending) throw new Failure("The run is ending; nothing is started any more.");
  const directory = await Deno.makeTempDir({ dir: TEMPORARY, prefix: PREFIX });
  const child = new Deno.Command("setsid", {
    args: ["bash", SCRIPT, directory],
    env: { PLINTH_GUARD: "1" },
    stdin: "piped",
    stdout: "null",
    stderr: "null",
  }).spawn();
  child.unref();
  let ended: Promise<void> | undefined;
  const guard: Guard = {
    directory,
    environment: { [variableOf(directory)]: "1" },
    end: () =>
      ended ??= (async () => {
        child.ref();
        await child.stdin.close().catch(() => {}); // somebody may have ended the guard itself
        await child.status;
        guards.delete(guard);
        if (await exists(directory)) await endAbandonedGuard(directory);
      })(),
    [Symbol.asyncDispose]: () => guard.end(),
  };
  guards.add(guard);
  const owner = JSON.stringify({ process: await identify(Deno.pid) });
  await Deno.writeTextFile(`${directory}/owner.json`, owner, { mode: 0o600 });
  await Deno.chmod(directory, 0o755);
  return guard;
}

/** Ends all guards of this process; it can start none any more. */
export async function endGuards(): Promise<void> {
  ending = true;
  await Promise.all([...guards].map((guard) => guard.end()));
}

/** Ends what is left of a process whose guard was ended too, for example with the machine. */
export async function endAbandoned(): Promise<void> {
  for await (const entry of Deno.readDir(TEMPORARY)) {
    if (!entry.name.startsWith(PREFIX)) continue;
    const directory = `${TEMPORARY}/${entry.name}`;
    const text = await Deno.readTextFile(`${directory}/owner.json`).catch(() => undefined);
    if (!text) continue;
    const owner: { process?: ProcessIdentity } = JSON.parse(text);
    if (!await isSameProcess(owner.process)) await endAbandonedGuard(directory);
  }
}

/** Does a guard's work now. The script itself must not carry the variable. */
const endAbandonedGuard = (directory: string) =>
  run(["env", `--unset=${variableOf(directory)}`, "PLINTH_GUARD=1", "bash", SCRIPT, directory]);

const variableOf = (directory: string) => `PLINTH_OWNED_${directory.split("-").at(-1)}`;

const exists = (path: string) => Deno.stat(path).then(() => true, () => false);
