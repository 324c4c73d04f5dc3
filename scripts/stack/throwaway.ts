/**
 * A whole stack in a temporary directory, for tests: its own cluster, ports and keys. Any number of
 * them run beside each other and beside `npm start`.
 *
 * ```ts
 * await using stack = await startThrowAwayStack();
 * const client = createClient(stack.apiUrl, stack.publishableKey);
 * ```
 */

import { Cluster, type ClusterSettings, SUPERUSER } from "./cluster.ts";
import { Failure } from "./failure.ts";
import { generateKeys, type Keys } from "./keys.ts";
import { ensurePackages } from "./packages.ts";
import { freePort } from "./ports.ts";
import {
  identify,
  isSameProcess,
  isWorkedIn,
  type ProcessIdentity,
  stopProcess,
  waitUntil,
} from "./processes.ts";
import { silent } from "./progress.ts";
import { push } from "./push.ts";
import { redisUrl } from "./redis.ts";
import { makeServerDirectory, serverUser } from "./server_user.ts";
import { apiUrl, type Ports, type Service, SERVICES, startService } from "./services.ts";

export interface ThrowAwayOptions {
  /** Processes beside the database; all of them when absent. */
  services?: readonly Service[];
  /** A stopped cluster to copy, which takes a tenth of the time of a push. */
  template?: Cluster;
  /** False for a database as a new hosted project has it: no migration, no seed. */
  migrate?: boolean;
  /** Changes the new database before any service starts. */
  prepare?: (cluster: Cluster) => Promise<void>;
}

export interface ThrowAwayStack extends AsyncDisposable {
  apiUrl: string;
  functionsUrl: string;
  /** URL of role postgres, as which migrations and pgTAP run. */
  dbUrl: string;
  /** URL of the cluster's superuser, which hosted Supabase does not give. */
  superuserUrl: string;
  redisUrl: string;
  publishableKey: string;
  secretKey: string;
  jwtSecret: string;
  cluster: Cluster;
  /** Directory of the logs. */
  logs: string;
  /** The variables that contract tests read. */
  environment: Record<string, string>;
  /** Stops everything and removes the directory. */
  stop(): Promise<void>;
}

const PREFIX = "plinth-throw-away-";
const TEMPORARY = Deno.env.get("TMPDIR") ?? "/tmp";

/** Starts a stack with migrations and seed applied, or copied from `template`. */
export async function startThrowAwayStack(
  options: ThrowAwayOptions = {},
): Promise<ThrowAwayStack> {
  const place = await makePlace();
  try {
    const cluster = options.template
      ? await options.template.copyTo(place.clusterDirectory, freePort())
      : await newCluster(place);
    await cluster.start();
    if (!options.template) {
      await cluster.bootstrap();
      if (options.migrate ?? true) await push(cluster.url());
    }
    await options.prepare?.(cluster);
    const { keys, port: database } = cluster.settings;
    const ports: Ports = { database, api: freePort(), functions: freePort(), redis: freePort() };
    for (const service of SERVICES) {
      if (!(options.services ?? SERVICES).includes(service)) continue;
      await place.remember(
        await startService(service, {
          ports,
          keys,
          databaseUrl: cluster.url(),
          apiDatabaseUrl: cluster.url("lite_server"),
          logs: place.logs,
          redisDirectory: place.directory,
          watch: false,
        }),
      );
    }
    return describe(place, cluster, ports, keys);
  } catch (error) {
    await place.remove();
    throw error;
  }
}

/** A cluster with migrations and seed applied, stopped, ready to be copied. */
export async function makeTemplate(): Promise<Cluster> {
  const { cluster } = await startThrowAwayStack({ services: [] });
  await cluster.stop();
  return cluster;
}

/** Removes every stack that this process has started, also one that is being started right now. */
export async function removeAll(): Promise<void> {
  ending = true;
  await Promise.all([...places].map((place) => place.remove()));
}

/** The stacks of this process that are not removed yet. */
const places = new Set<Place>();
let ending = false;

/** Removes what a killed run left behind: every throw-away stack whose owner has ended. */
export async function removeAbandoned(): Promise<void> {
  for await (const entry of Deno.readDir(TEMPORARY)) {
    if (!entry.name.startsWith(PREFIX)) continue;
    const directory = `${TEMPORARY}/${entry.name}`;
    const text = await Deno.readTextFile(`${directory}/owner.json`).catch(() => undefined);
    if (text === undefined) continue;
    const owner: { process?: ProcessIdentity; started: ProcessIdentity[] } = JSON.parse(text);
    if (await isSameProcess(owner.process)) continue;
    for (const process of owner.started) await stopProcess(process);
    await removePlace(directory);
  }
}

function describe(place: Place, cluster: Cluster, ports: Ports, keys: Keys): ThrowAwayStack {
  const url = apiUrl(ports);
  return {
    apiUrl: url,
    functionsUrl: `${url}/functions/v1`,
    dbUrl: cluster.url(),
    superuserUrl: cluster.url(SUPERUSER),
    redisUrl: redisUrl(ports.redis),
    publishableKey: keys.publishableKey,
    secretKey: keys.secretKey,
    jwtSecret: keys.jwtSecret,
    cluster,
    logs: place.logs,
    environment: {
      PLINTH_API_URL: url,
      PLINTH_FUNCTIONS_URL: `${url}/functions/v1`,
      PLINTH_DB_URL: cluster.url(),
      PLINTH_PUBLISHABLE_KEY: keys.publishableKey,
      PLINTH_SECRET_KEY: keys.secretKey,
      PLINTH_JWT_SECRET: keys.jwtSecret,
      REDIS_URL: redisUrl(ports.redis),
    },
    stop: place.remove,
    [Symbol.asyncDispose]: place.remove,
  };
}

/** A temporary directory with all that one stack writes. */
interface Place {
  directory: string;
  clusterDirectory: string;
  logs: string;
  /** Notes a started process, so that it is stopped whatever happens. */
  remember(process: ProcessIdentity): Promise<void>;
  remove(): Promise<void>;
}

async function makePlace(): Promise<Place> {
  if (ending) throw new Failure("The run is ending; no stack is started any more.");
  const directory = await Deno.makeTempDir({ dir: TEMPORARY, prefix: PREFIX });
  const owner = await identify(Deno.pid);
  const started: ProcessIdentity[] = [];
  const save = () =>
    Deno.writeTextFile(
      `${directory}/owner.json`,
      JSON.stringify({ process: owner, started }),
      { mode: 0o600 },
    );
  let removed: Promise<void> | undefined;
  const place: Place = {
    directory,
    clusterDirectory: `${directory}/cluster`,
    logs: `${directory}/log`,
    async remember(process) {
      if (removed) return await stopProcess(process);
      started.push(process);
      await save();
    },
    remove() {
      return removed ??= (async () => {
        await Promise.all(started.map(stopProcess));
        await removePlace(directory);
        places.delete(place);
      })();
    },
  };
  places.add(place);
  await save();
  await Deno.chmod(directory, 0o755); // the server's account passes through it
  await makeServerDirectory(place.clusterDirectory, await serverUser());
  return place;
}

async function removePlace(directory: string): Promise<void> {
  const settings = await clusterSettings(`${directory}/cluster`);
  const cluster = new Cluster(settings);
  await cluster.stop("immediate");
  await waitUntil(async () => !await isWorkedIn(cluster.data), 10_000);
  await Deno.remove(directory, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}

async function newCluster(place: Place): Promise<Cluster> {
  const cluster = new Cluster(await clusterSettings(place.clusterDirectory));
  await cluster.create();
  return cluster;
}

async function clusterSettings(directory: string): Promise<ClusterSettings> {
  return {
    directory,
    port: freePort(),
    keys: generateKeys(),
    durable: false,
    installation: await ensurePackages(silent),
    user: await serverUser(),
  };
}
