/** What the local stack remembers between commands, in .local/state.json. */

import { Failure } from "./failure.ts";
import type { Fingerprint } from "./fingerprint.ts";
import { generateKeys, type Keys } from "./keys.ts";
import { LOCAL, ROOT } from "./paths.ts";
import { freePort } from "./ports.ts";
import type { ProcessIdentity } from "./processes.ts";
import type { Ports, Service } from "./services.ts";

export interface State {
  /** Where the checkout lay at the last start. */
  root: string;
  ports: Ports;
  keys: Keys;
  /** Where the cluster lies; chosen at the first start. */
  clusterDirectory?: string;
  /** True when PostgreSQL was last started by `npm start -- --tls`; absent otherwise. */
  tls?: boolean;
  processes: Partial<Record<Service, ProcessIdentity>>;
  /** The files that the database was built from; absent while it is not built. */
  pushed?: Fingerprint;
  /** Hash of the code that the running processes were started from. */
  code?: string;
}

const PATH = `${LOCAL}/state.json`;

/** The saved state, or undefined before the first start. */
export async function readState(): Promise<State | undefined> {
  let state: State;
  try {
    state = JSON.parse(await Deno.readTextFile(PATH));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    if (!(error instanceof SyntaxError)) throw error;
    throw new Failure(`${PATH} is damaged; remove it, and npm start builds everything anew.`);
  }
  if (state.root === ROOT) return state;
  // In a copy of a checkout, the processes and the running database are those of the other one.
  if (await Deno.stat(state.root).then(() => true, () => false)) return undefined;
  // A checkout that was moved took its database along.
  const clusterDirectory = state.clusterDirectory?.replace(`${state.root}/`, `${ROOT}/`);
  return { ...state, clusterDirectory };
}

/** Ports and keys of a stack that has never run. */
export const newState = (): State => ({
  root: ROOT,
  ports: { database: freePort(), api: freePort(), functions: freePort(), redis: freePort() },
  keys: generateKeys(),
  processes: {},
});

/** Saves the state for its owner's eyes only; a reader never sees half of it. */
export async function saveState(state: State): Promise<void> {
  await Deno.mkdir(LOCAL, { recursive: true });
  const text = `${JSON.stringify(state, null, 2)}\n`;
  await Deno.writeTextFile(`${PATH}.new`, text, { mode: 0o600 });
  await Deno.rename(`${PATH}.new`, PATH);
}
