/** The stack of this checkout: `npm start`, `npm run stop`, `npm run reset`, `npm run status`. */

import { Cluster, TLS_QUERY } from "./cluster.ts";
import { Failure } from "./failure.ts";
import { differences, fingerprint, hashFiles } from "./fingerprint.ts";
import { ensurePackages, installedPostgres } from "./packages.ts";
import { LOCAL, LOGS, PROJECT_CONFIG, ROOT } from "./paths.ts";
import { freePort, isTaken } from "./ports.ts";
import { isSameProcess, type ProcessIdentity, startedWith, stopProcess } from "./processes.ts";
import type { Progress } from "./progress.ts";
import { push } from "./push.ts";
import { makeServerDirectory, serverUser } from "./server_user.ts";
import { answers, apiUrl, type Service, SERVICES, startService } from "./services.ts";
import { newState, readState, saveState, type State } from "./state.ts";

/** How a client reaches the stack. */
export interface Addresses {
  api_url: string;
  functions_url: string;
  db_url: string;
  publishable_key: string;
  secret_key: string;
  jwt_secret: string;
  ports: State["ports"];
}

/** One process as `npm run status` shows it. */
export interface ProcessStatus {
  name: "postgres" | Service;
  up: boolean;
  pid: number | null;
  port: number;
  /** Why it is down; empty while it is up. */
  problem: string;
}

export interface StackStatus extends Addresses {
  processes: ProcessStatus[];
  /** Files that differ from what the database was built from. */
  changed: string[];
}

/** What each process carries in its environment. It is found by it when nothing else knows it. */
const MARK = { PLINTH_LOCAL_STACK: LOCAL };

/**
 * Brings the stack up: whatever runs is kept, whatever died is started, and a database that was
 * built from other files than the present ones is built anew. A running PostgreSQL that has TLS where
 * `tls` says not, or the reverse, is started anew with the same rows; without `tls` it stays as it is.
 */
export async function start(progress: Progress, tls?: boolean): Promise<Addresses> {
  const installation = await ensurePackages(progress);
  const state = await readState() ?? newState();
  const user = await serverUser();
  if (state.root !== ROOT) {
    progress.note("This checkout was moved; its processes start anew.");
    await stop();
    state.processes = {};
    state.root = ROOT;
  }
  state.clusterDirectory ??= await chooseClusterDirectory(user.name, progress);
  await makeServerDirectory(state.clusterDirectory, user);
  await Deno.mkdir(LOGS, { recursive: true });
  await stopStrays(state);
  if (tls !== undefined && tls !== (state.tls ?? false)) {
    progress.note(`PostgreSQL starts ${tls ? "with TLS" : "without TLS"} from here on.`);
    // each of them holds connections of the other kind
    await stopServices(state, ["api", "functions"]);
    await clusterOf(state, installation, user).stop();
    state.tls = tls;
  }
  await movePorts(state, clusterOf(state, installation, user), progress);
  await saveState(state);
  const cluster = clusterOf(state, installation, user);
  await linkLog(cluster);

  const now = await fingerprint();
  const changes = state.pushed ? differences(state.pushed, now) : [];
  if (changes.length > 0) {
    progress.note("The database was built from other files; it is built anew:");
    for (const change of changes) progress.note(`  ${change}`);
  }
  const code = await codeHash();
  const gone = state.pushed !== undefined && !await cluster.exists();
  if (gone) {
    progress.note("The database is missing, or is another version's; it is built anew.");
  }
  const rebuild = !state.pushed || changes.length > 0 || gone;
  if (rebuild || state.code !== code) await stopServices(state, ["api", "functions"]);

  if (rebuild) {
    delete state.pushed;
    await saveState(state);
    await progress.step("create a PostgreSQL cluster", async () => {
      await cluster.remove();
      await cluster.create();
      await cluster.start();
    });
    await progress.step("give it the roles of hosted Supabase", () => cluster.bootstrap());
    await progress.step("supabase db push --include-seed", () => push(cluster.url()));
    state.pushed = now;
    await saveState(state);
  } else if (await cluster.pid() === undefined) {
    await progress.step("start PostgreSQL", () => cluster.start());
  }

  for (const service of SERVICES) {
    if (await isSameProcess(state.processes[service]) && await answers(service, state.ports)) {
      continue;
    }
    await stopProcess(state.processes[service]);
    const settings = {
      ports: state.ports,
      keys: state.keys,
      databaseUrl: cluster.url(),
      apiDatabaseUrl: cluster.url("lite_server"),
      logs: LOGS,
      redisDirectory: LOCAL,
      watch: true,
      environment: MARK,
    };
    await progress.step(
      `start ${service}`,
      () =>
        startService(service, settings, async (process) => {
          state.processes[service] = process;
          await saveState(state);
        }),
    );
  }
  state.code = code;
  await saveState(state);
  return addresses(state);
}

/** Stops all processes; the database keeps its rows. Returns the names of those that ran. */
export async function stop(): Promise<string[]> {
  const saved = await readState();
  const state = saved ?? newState();
  const stopped = [
    ...await stopServices(state, [...SERVICES]),
    ...await stopStrays(state),
  ];
  state.clusterDirectory ??= CLUSTER;
  if (await exists(`${state.clusterDirectory}/data/postmaster.pid`)) {
    const cluster = await presentCluster(state);
    if (await cluster.pid() !== undefined) {
      await cluster.stop();
      stopped.push("postgres");
    }
  }
  if (saved) await saveState(state);
  return stopped;
}

/** Throws the database away and builds it anew from the files as they are now. */
export async function reset(progress: Progress): Promise<Addresses> {
  const state = await readState();
  if (state) {
    delete state.pushed;
    await saveState(state);
  }
  return await start(progress);
}

/** What runs, and whether it truly answers. */
export async function status(): Promise<StackStatus | undefined> {
  const state = await readState();
  if (!state?.clusterDirectory) return undefined;
  const processes = await Promise.all([
    databaseStatus(state),
    ...SERVICES.map((service) => serviceStatus(state, service)),
  ]);
  const changed = state.pushed
    ? differences(state.pushed, await fingerprint())
    : ["the database was not built to the end"];
  return { ...addresses(state), processes, changed };
}

async function databaseStatus(state: State): Promise<ProcessStatus> {
  const cluster = await presentCluster(state);
  const pid = await cluster.pid() ?? null;
  const up = pid !== null && await cluster.answers();
  const problem = up
    ? ""
    : pid === null
    ? "the process does not run"
    : `process ${pid} runs and does not answer`;
  return { name: "postgres", up, pid, port: state.ports.database, problem };
}

async function serviceStatus(state: State, name: Service): Promise<ProcessStatus> {
  const process = state.processes[name];
  const port = state.ports[name];
  const runs = await isSameProcess(process);
  const up = runs && await answers(name, state.ports);
  const problem = up
    ? ""
    : !process
    ? "it was stopped"
    : !runs
    ? `process ${process.pid} has ended`
    : `process ${process.pid} runs and does not answer`;
  return { name, up, pid: runs ? process!.pid : null, port, problem };
}

/** Stops services and returns the names of those that ran. */
async function stopServices(state: State, services: Service[]): Promise<Service[]> {
  const stopped: Service[] = [];
  await Promise.all(services.map(async (service) => {
    if (await isSameProcess(state.processes[service])) stopped.push(service);
    await stopProcess(state.processes[service]);
    delete state.processes[service];
  }));
  return stopped;
}

/**
 * Stops what was started here and is in no state: a command may be ended between the start of a
 * process and the note of it, and .local/ may be removed under a running stack.
 */
async function stopStrays(state: State): Promise<string[]> {
  const known = new Set(Object.values(state.processes).map(({ pid }) => pid));
  const [[name, value]] = Object.entries(MARK);
  const strays = (await startedWith(name, value)).filter(({ pid }) => !known.has(pid));
  await Promise.all(strays.map(stopProcess));
  return strays.map(({ pid }: ProcessIdentity) => `process ${pid}`);
}

type User = Awaited<ReturnType<typeof serverUser>>;
type Installation = Awaited<ReturnType<typeof ensurePackages>>;

const clusterOf = (state: State, installation: Installation, user: User) =>
  new Cluster({
    directory: state.clusterDirectory!,
    port: state.ports.database,
    keys: state.keys,
    durable: true,
    tls: state.tls ?? false,
    installation,
    user,
    // PostgreSQL ends by itself when its files are removed.
    environment: {},
  });

async function presentCluster(state: State): Promise<Cluster> {
  return clusterOf(state, await installedPostgres(), await serverUser());
}

const exists = (path: string) => Deno.stat(path).then(() => true, () => false);

/** Where the database lies when the server's account can reach it. */
const CLUSTER = `${LOCAL}/postgres`;

/** Under .local, or where the server's account can reach it when a directory above is closed. */
async function chooseClusterDirectory(user: string, progress: Progress): Promise<string> {
  if (await makeServerDirectory(CLUSTER, await serverUser())) return CLUSTER;
  await Deno.remove(CLUSTER, { recursive: true });
  const name = [...ROOT].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) >>> 0, 7);
  const outside = `/var/lib/plinth/${name.toString(16)}`;
  progress.note(
    `User ${user}, who runs PostgreSQL because it refuses root, cannot enter ${ROOT}; ` +
      `the database lies in ${outside}.`,
  );
  if (!await makeServerDirectory(outside, await serverUser())) {
    throw new Failure(`User ${user} can reach neither ${CLUSTER} nor ${outside}.`);
  }
  return outside;
}

/** A port that another program took while the stack was down is replaced. */
async function movePorts(state: State, cluster: Cluster, progress: Progress): Promise<void> {
  const move = (name: keyof State["ports"]) => {
    const old = state.ports[name];
    state.ports[name] = freePort();
    progress.note(
      `Port ${old} is taken by another program; ${name} moves to ${state.ports[name]}.`,
    );
  };
  let moved = await cluster.pid() === undefined && isTaken(state.ports.database);
  if (moved) move("database");
  for (const service of SERVICES) {
    if (await isSameProcess(state.processes[service]) || !isTaken(state.ports[service])) continue;
    move(service);
    moved = true;
  }
  // The API and the functions know all ports from their start.
  if (moved) await stopServices(state, ["api", "functions"]);
}

/** The server writes its log beside its data; the link puts it with the other logs. */
async function linkLog(cluster: Cluster): Promise<void> {
  const link = `${LOGS}/postgres.log`;
  await Deno.remove(link).catch(() => {});
  await Deno.symlink(cluster.log, link);
}

/** The code of the API and of the functions server, and what the project exposes. */
async function codeHash(): Promise<string> {
  const files = [PROJECT_CONFIG, `${ROOT}/deno.lock`, `${ROOT}/scripts/stack/services.ts`];
  for (const folder of ["api", "functions"]) {
    const path = `${ROOT}/scripts/stack/${folder}`;
    for await (const { name } of Deno.readDir(path)) {
      if (!name.endsWith(".test.ts")) files.push(`${path}/${name}`);
    }
  }
  return Object.entries(await hashFiles(files.sort())).flat().join(" ");
}

function addresses(state: State): Addresses {
  const url = apiUrl(state.ports);
  const { databasePassword, jwtSecret, publishableKey, secretKey } = state.keys;
  const database = `127.0.0.1:${state.ports.database}/postgres${state.tls ? TLS_QUERY : ""}`;
  return {
    api_url: url,
    functions_url: `${url}/functions/v1`,
    db_url: `postgresql://postgres:${databasePassword}@${database}`,
    publishable_key: publishableKey,
    secret_key: secretKey,
    jwt_secret: jwtSecret,
    ports: state.ports,
  };
}
