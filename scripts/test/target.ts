/** The database and the API that the steps test: throw-away clusters, or the stack of Docker. */

import postgres from "postgres";
import { Failure } from "../stack/failure.ts";
import { requireDocker, supabaseOnTerminal } from "../stack/docker.ts";
import type { Cluster } from "../stack/cluster.ts";
import { supabase } from "../stack/push.ts";
import { said } from "../stack/run_tool.ts";
import { makeTemplate, startThrowAwayStack, templateVariable } from "../stack/throwaway.ts";

/** A database for one user at a time, with migrations and seed applied. */
export interface Database {
  /** URL of role postgres. */
  url: string;
}

/** A database with the API, the functions and Redis in front of it. */
export interface Stack extends Database {
  /** What contract tests read: PLINTH_API_URL and the like. */
  environment: Record<string, string>;
}

export interface Target {
  /** Builds the database that all others are copies of; called once, before the rest. */
  push(): Promise<void>;
  /** How many databases pgTAP files may use at the same time. */
  workers: number;
  /** A database of the caller's own. It ends with the run. */
  ownDatabase(): Promise<Database>;
  /** The one database for all who leave it as they found it. */
  sharedDatabase(): Promise<Database>;
  /** The one stack that the tests through HTTP share. */
  stack(): Promise<Stack>;
}

/** Copies of one cluster, which is pushed to once. */
export function throwAwayTarget(): Target {
  let template: Cluster;
  let shared: Promise<Database> | undefined;
  let stack: Promise<Stack> | undefined;
  const ownDatabase = async () => {
    const { dbUrl } = await startThrowAwayStack({ template, services: [] });
    return { url: dbUrl };
  };
  return {
    async push() {
      template = await makeTemplate();
    },
    workers: Math.min(navigator.hardwareConcurrency, 4),
    ownDatabase,
    sharedDatabase: () => shared ??= ownDatabase(),
    stack: () =>
      stack ??= startThrowAwayStack({ template }).then(({ dbUrl, environment }) => ({
        url: dbUrl,
        environment: { ...environment, ...templateVariable(template) },
      })),
  };
}

/** The stack that `supabase start` runs: one database, so files run one after the other. */
export function dockerTarget(): Target {
  let stack: Stack;
  return {
    async push() {
      await requireDocker();
      // A running stack may hold other migrations than the ones here.
      if (await supabaseOnTerminal("start") !== 0) {
        throw new Failure("supabase start failed; what it said is above.");
      }
      if (await supabaseOnTerminal("db", "reset") !== 0) {
        throw new Failure("supabase db reset failed; what it said is above.");
      }
      const status = await supabase("status", "--output", "json");
      if (status.code !== 0) throw new Failure("supabase status failed.", said(status));
      stack = dockerStack(JSON.parse(status.stdout));
      await createTestExtensions(stack.url);
    },
    workers: 1,
    ownDatabase: () => Promise.resolve(stack),
    sharedDatabase: () => Promise.resolve(stack),
    stack: () => Promise.resolve(stack),
  };
}

/** pgTAP and plpgsql_check, which the CLI's own commands create only while they run. */
async function createTestExtensions(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await sql`create extension if not exists pgtap with schema extensions`;
    await sql`create extension if not exists plpgsql_check with schema extensions`;
  } finally {
    await sql.end();
  }
}

/** The secret of the CLI's local stack, public on purpose, for a CLI that does not show it. */
const LOCAL_JWT_SECRET = "super-secret-jwt-token-with-at-least-32-characters-long";

/** Reads what `supabase status --output json` says. */
export function dockerStack(status: Record<string, string>): Stack {
  const value = (name: string) => {
    if (!status[name]) throw new Failure(`supabase status says no ${name}.`);
    return status[name];
  };
  return {
    url: value("DB_URL"),
    environment: {
      PLINTH_API_URL: value("API_URL"),
      PLINTH_FUNCTIONS_URL: `${value("API_URL")}/functions/v1`,
      PLINTH_DB_URL: value("DB_URL"),
      PLINTH_PUBLISHABLE_KEY: value("PUBLISHABLE_KEY"),
      PLINTH_SECRET_KEY: value("SECRET_KEY"),
      PLINTH_JWT_SECRET: status.JWT_SECRET ?? LOCAL_JWT_SECRET,
    },
  };
}
