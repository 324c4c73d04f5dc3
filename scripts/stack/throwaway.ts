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
import { type Guard, startGuard } from "./guard.ts";
import { generateKeys, type Keys } from "./keys.ts";
import { ensurePackages } from "./packages.ts";
import { freePort } from "./ports.ts";
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
  /** True for files that survive a crash, as measurements need; false, which is faster, by default. */
  durable?: boolean;
  /** True for a server that refuses connections without TLS; false by default. */
  tls?: boolean;
  /** Server settings beside those that every cluster has. */
  settings?: Record<string, string>;
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

/**
 * Starts a stack with migrations and seed applied, or copied from `template`; without one, from the
 * template of the run of `npm test` that this test is part of. It ends with this process, if not
 * before.
 */
export async function startThrowAwayStack(
  options: ThrowAwayOptions = {},
): Promise<ThrowAwayStack> {
  const template = options.migrate === false ? undefined : await templateOfRun();
  return await startStack({ template, ...options });
}

async function startStack(options: ThrowAwayOptions): Promise<ThrowAwayStack> {
  const guard = await startGuard();
  try {
    const cluster = await makeCluster(guard, options);
    await options.prepare?.(cluster);
    const { keys, port: database } = cluster.settings;
    const ports: Ports = { database, api: freePort(), functions: freePort(), redis: freePort() };
    for (const service of SERVICES) {
      if (!(options.services ?? SERVICES).includes(service)) continue;
      await startService(service, {
        ports,
        keys,
        databaseUrl: cluster.url(),
        apiDatabaseUrl: cluster.url("lite_server"),
        logs: logsOf(guard),
        redisDirectory: guard.directory,
        watch: false,
        environment: guard.environment,
      });
    }
    return describe(guard, cluster, ports, keys);
  } catch (error) {
    await guard.end();
    throw error;
  }
}

/** A cluster with migrations and seed applied, stopped, ready to be copied. */
export async function makeTemplate(): Promise<Cluster> {
  const { cluster } = await startStack({ services: [] });
  await cluster.stop();
  return cluster;
}

/** The variable that tells a test of the template of its run. */
export const templateVariable = ({ settings: { directory, keys } }: Cluster) => ({
  PLINTH_TEMPLATE: JSON.stringify({ directory, keys }),
});

async function templateOfRun(): Promise<Cluster | undefined> {
  const template = Deno.env.get("PLINTH_TEMPLATE") ?? "";
  if (template === "") return undefined;
  return new Cluster({ ...await commonSettings(), ...JSON.parse(template) });
}

const logsOf = (guard: Guard) => `${guard.directory}/log`;

async function makeCluster(guard: Guard, options: ThrowAwayOptions): Promise<Cluster> {
  const settings = await clusterSettings(guard, options);
  await makeServerDirectory(settings.directory, settings.user);
  if (options.template) {
    const copy = await options.template.copyTo(settings);
    await copy.start();
    return copy;
  }
  const cluster = new Cluster(settings);
  await cluster.create();
  await cluster.start();
  await cluster.bootstrap();
  if (options.migrate ?? true) await push(cluster.url());
  return cluster;
}

async function clusterSettings(
  guard: Guard,
  { durable = false, settings, tls = false }: ThrowAwayOptions,
): Promise<ClusterSettings> {
  return {
    ...await commonSettings(),
    durable,
    settings,
    tls,
    directory: `${guard.directory}/cluster`,
    keys: generateKeys(),
    environment: guard.environment,
  };
}

const commonSettings = async () => ({
  port: freePort(),
  durable: false,
  tls: false,
  installation: await ensurePackages(silent),
  user: await serverUser(),
  environment: {},
});

function describe(guard: Guard, cluster: Cluster, ports: Ports, keys: Keys): ThrowAwayStack {
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
    logs: logsOf(guard),
    environment: {
      PLINTH_API_URL: url,
      PLINTH_FUNCTIONS_URL: `${url}/functions/v1`,
      PLINTH_DB_URL: cluster.url(),
      PLINTH_PUBLISHABLE_KEY: keys.publishableKey,
      PLINTH_SECRET_KEY: keys.secretKey,
      PLINTH_JWT_SECRET: keys.jwtSecret,
      REDIS_URL: redisUrl(ports.redis),
    },
    stop: guard.end,
    [Symbol.asyncDispose]: guard.end,
  };
}
