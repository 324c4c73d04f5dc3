/** The processes beside the database: how each is started, and how one knows that it works. */

import { HEALTH_PATH } from "./api/health.ts";
import { Failure } from "./failure.ts";
import type { Keys } from "./keys.ts";
import { DENO, FUNCTIONS, ROOT } from "./paths.ts";
import {
  type BackgroundCommand,
  isSameProcess,
  type ProcessIdentity,
  startInBackground,
  stopProcess,
  waitUntil,
} from "./processes.ts";
import { redisAnswers, redisCommand, redisUrl } from "./redis.ts";

export interface Ports {
  database: number;
  api: number;
  functions: number;
  redis: number;
}

/** In the order in which they start. */
export const SERVICES = ["redis", "functions", "api"] as const;
export type Service = typeof SERVICES[number];

export interface ServiceSettings {
  ports: Ports;
  keys: Keys;
  /** URL of role postgres, for the functions. */
  databaseUrl: string;
  /** URL of the login of the API. */
  apiDatabaseUrl: string;
  /** Where logs go. */
  logs: string;
  /** A directory for Redis to run in. */
  redisDirectory: string;
  /** Whether the functions are loaded again when their files change. */
  watch: boolean;
  /** What each process carries in its environment, to be found by. */
  environment: Record<string, string>;
}

/** The origin that clients talk to. */
export const apiUrl = (ports: Ports) => `http://127.0.0.1:${ports.api}`;

const PERMISSIONS = ["--no-prompt", "--allow-env", "--allow-net", "--allow-read", "--allow-sys"];

function commandOf(service: Service, settings: ServiceSettings): BackgroundCommand {
  const { keys, ports } = settings;
  switch (service) {
    case "redis":
      return redisCommand(ports.redis, settings.redisDirectory);
    case "functions":
      return {
        name: "functions",
        command: [
          DENO,
          "run",
          ...PERMISSIONS,
          ...(settings.watch ? [`--watch=${FUNCTIONS}`, "--no-clear-screen"] : []),
          `${ROOT}/scripts/stack/functions/server.ts`,
        ],
        cwd: ROOT,
        env: {
          PLINTH_FUNCTIONS_PORT: String(ports.functions),
          PLINTH_JWT_SECRET: keys.jwtSecret,
          REDIS_URL: redisUrl(ports.redis),
          // The names that hosted Supabase gives to every function.
          SUPABASE_URL: apiUrl(ports),
          SUPABASE_DB_URL: settings.databaseUrl,
          SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: keys.publishableKey }),
          SUPABASE_SECRET_KEYS: JSON.stringify({ default: keys.secretKey }),
        },
      };
    case "api":
      return {
        name: "api",
        command: [DENO, "run", ...PERMISSIONS, `${ROOT}/scripts/stack/api/server.ts`],
        cwd: ROOT,
        env: {
          PLINTH_API_DB_URL: settings.apiDatabaseUrl,
          PLINTH_API_PORT: String(ports.api),
          PLINTH_FUNCTIONS_PORT: String(ports.functions),
          PLINTH_JWT_SECRET: keys.jwtSecret,
          PLINTH_PUBLISHABLE_KEY: keys.publishableKey,
          PLINTH_SECRET_KEY: keys.secretKey,
        },
      };
  }
}

/** Whether a service truly answers, whatever its process id says. */
export async function answers(service: Service, ports: Ports): Promise<boolean> {
  if (service === "redis") return await redisAnswers(ports.redis);
  try {
    const response = await fetch(`http://127.0.0.1:${ports[service]}${HEALTH_PATH}`, {
      signal: AbortSignal.timeout(2_000),
    });
    // Some other program may have the port.
    return (await response.json()).service === `plinth-${service}`;
  } catch {
    return false;
  }
}

/**
 * Starts a service and waits until it answers. `started` is told of the process at once, so that it
 * is known even when this command is ended before the service answers.
 */
export async function startService(
  service: Service,
  settings: ServiceSettings,
  started: (process: ProcessIdentity) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const { environment, logs, ports } = settings;
  const command = commandOf(service, settings);
  const process = await startInBackground({
    ...command,
    env: { ...command.env, ...environment },
    logs,
  });
  await started(process);
  let runs = true;
  const settled = async () =>
    await answers(service, ports) || !(runs = await isSameProcess(process));
  if (await waitUntil(settled, 60_000) && runs) return;
  await stopProcess(process);
  const log = await Deno.readTextFile(`${logs}/${service}.log`).catch(() => "");
  throw new Failure(
    `The process ${service} ${runs ? "did not answer within a minute" : "ended at once"}; ` +
      `its log is ${logs}/${service}.log.`,
    log.split("\n").slice(-30).join("\n"),
  );
}
