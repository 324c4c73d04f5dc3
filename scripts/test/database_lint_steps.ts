/** plpgsql_check on every function: by the CLI, and by ourselves on the triggers that it leaves out. */

import postgres from "postgres";
import { failure, type Outcome, single } from "./outcome.ts";
import { supabase } from "../stack/push.ts";
import { said } from "../stack/run_tool.ts";
import type { Step } from "./step.ts";

export const databaseLintStep: Step = {
  name: "db lint",
  needsDatabase: true,
  withDocker: true,
  async run({ target }) {
    const { url } = await target.sharedDatabase();
    const flags = ["--level=warning", "--fail-on=warning", `--remote=${url}`];
    const result = await supabase("db", "lint", ...flags);
    return single(result.code === 0, said(result));
  },
};

/** `supabase db lint` skips trigger functions, because it knows no table to check them with. */
export const triggerLintStep: Step = {
  name: "trigger lint",
  needsDatabase: true,
  withDocker: true,
  async run({ target }) {
    const { url } = await target.sharedDatabase();
    return await lintTriggers(url);
  },
};

/** A trigger and the function that it calls. */
export interface Trigger {
  function: string;
  table: string;
  trigger: string;
  /** Names of its transition tables. */
  transitions: string[];
}

/** What plpgsql_check says of a trigger's function, called by that trigger. */
export interface Finding {
  function: string;
  table: string;
  trigger: string;
  line: number;
  level: string;
  message: string;
  detail: string | null;
}

/** Functions of triggers that stand only for a while, and which tests see them at work. */
const HUNG_AT_RUN_TIME = new Map([
  ["private.sync_drained_row()", "supabase/tests/ops/drain_sync.test.sql"],
  ["private.refuse_archived_write()", "supabase/tests/archive/archive_writes_refused.test.sql"],
]);

/** Checks the function of each trigger with the table and the transition tables of that trigger. */
export async function lintTriggers(databaseUrl: string): Promise<Outcome> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  try {
    const triggers = await sql<Trigger[]>`
      select t.tgfoid::regprocedure::text as function, t.tgrelid::regclass::text as table,
        t.tgname as trigger, array_remove(array[t.tgoldtable, t.tgnewtable], null) as transitions
      from pg_catalog.pg_trigger t
      join pg_catalog.pg_proc p on p.oid = t.tgfoid
      join pg_catalog.pg_language l on l.oid = p.prolang and l.lanname = 'plpgsql'
      where t.tgparentid = 0 and pg_catalog.pg_get_userbyid(p.proowner) = current_user`;
    if (triggers.length === 0) return failure("The database has no trigger to check.");
    const findings = await sql<Finding[]>`
      select t.tgfoid::regprocedure::text as function, t.tgrelid::regclass::text as table,
        t.tgname as trigger, c.lineno as line, c.level, c.message, c.detail
      from pg_catalog.pg_trigger t
      join pg_catalog.pg_proc p on p.oid = t.tgfoid
      join pg_catalog.pg_language l on l.oid = p.prolang and l.lanname = 'plpgsql'
      cross join lateral extensions.plpgsql_check_function_tb(
        funcoid => p.oid,
        relid => t.tgrelid,
        oldtable => t.tgoldtable,
        newtable => t.tgnewtable,
        fatal_errors => false,
        security_warnings => true
      ) c
      where t.tgparentid = 0 and pg_catalog.pg_get_userbyid(p.proowner) = current_user
      order by 1, 2, 3, 4`;
    const unused = await sql<{ function: string }[]>`
      select p.oid::regprocedure::text as function
      from pg_catalog.pg_proc p
      where p.prorettype = 'trigger'::regtype
        and pg_catalog.pg_get_userbyid(p.proowner) = current_user
        and not exists (select from pg_catalog.pg_trigger t where t.tgfoid = p.oid)`;
    const lines = [
      ...findings.filter((finding) => !isOfASibling(finding, findings, triggers)).map(show),
      ...unused.filter((row) => !HUNG_AT_RUN_TIME.has(row.function))
        .map((row) => `warning: no trigger uses ${row.function}, so nothing checks it`),
    ];
    return single(lines.length === 0, lines.join("\n"));
  } finally {
    await sql.end();
  }
}

/**
 * Whether a finding only says that the trigger lacks a transition table which another trigger of the
 * same function and table has: a function may serve several events and ask TG_OP which one it is.
 * A line that no trigger can run stays a finding.
 */
export function isOfASibling(finding: Finding, findings: Finding[], triggers: Trigger[]): boolean {
  const missing = finding.message.match(/^relation "(.+)" does not exist$/)?.[1];
  const siblings = triggers.filter((trigger) =>
    trigger.function === finding.function && trigger.table === finding.table
  );
  const isTransition = siblings.some(({ transitions }) => transitions.includes(missing ?? ""));
  const hasIt = (trigger: Trigger) =>
    findings.some((other) =>
      other.trigger === trigger.trigger && other.table === trigger.table &&
      other.line === finding.line && other.message === finding.message
    );
  return isTransition && !siblings.every(hasIt);
}

const show = ({ detail, function: name, level, line, message, table, trigger }: Finding) =>
  `${level}: ${name}, line ${line}, called by ${trigger} on ${table}: ${message}` +
  (detail ? ` (${detail})` : "");
