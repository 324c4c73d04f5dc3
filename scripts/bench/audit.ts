/**
 * What the audit costs a write: transactions a second with it, as a ratio to none and to the classic
 * row-level trigger, for one row and for a thousand. synchronous_commit is off, because a commit
 * that waits for the disk would hide most of it.
 *
 * All tables are measured in each round, one after the other, and a ratio is the median of the
 * rounds' ratios: a machine that gets slower in between slows both sides of each.
 */

import postgres from "postgres";
import { Failure } from "../stack/failure.ts";
import type { Findings, Measurement, MeasurementContext } from "../measure/measurement.ts";
import { run } from "../stack/run_tool.ts";

const CLIENTS = 2;
const ROWS = 100_000;
const TABLES = ["plain", "row_level", "audited"] as const;
type Table = (typeof TABLES)[number];

/**
 * The other side: a trigger for each row that turns it into jsonb and looks for what changed, as the
 * directory's document has it (audit_logs, create_audit_log), with its named errors mended, an index
 * for a row's history by time, and BRIN. Both sides note the same of the caller.
 */
const SCHEMA = `
  create schema bench;
  create table bench.logs (
    id bigint generated always as identity,
    created_at timestamptz not null default now(),
    table_name text not null,
    record_id text not null,
    action text not null,
    user_id uuid,
    old_values jsonb,
    new_values jsonb,
    changed_fields text[],
    ip_address inet,
    user_agent text,
    request_id text,
    session_id text
  ) partition by range (created_at);
  create index on bench.logs using brin (created_at);
  create index on bench.logs (table_name, record_id, created_at);
  create table bench.logs_all partition of bench.logs for values from ('2020-01-01') to ('2100-01-01');
  create table bench.logs_default partition of bench.logs default;
  create function bench.log_row() returns trigger language plpgsql security definer
  set search_path = '' as $$
  declare
    headers json := nullif(current_setting('request.headers', true), '');
    claims json := nullif(current_setting('request.jwt.claims', true), '');
    old_values jsonb;
    new_values jsonb;
    changed_fields text[];
  begin
    if tg_op <> 'INSERT' then old_values := to_jsonb(old); end if;
    if tg_op <> 'DELETE' then new_values := to_jsonb(new); end if;
    if tg_op = 'UPDATE' then
      changed_fields := array(
        select after.key
        from jsonb_each(new_values) as after
        where after.value is distinct from old_values -> after.key
      );
    end if;
    insert into bench.logs (
      table_name, record_id, action, user_id, old_values, new_values, changed_fields,
      ip_address, user_agent, request_id, session_id
    )
    values (
      tg_table_schema || '.' || tg_table_name, coalesce(new_values, old_values) ->> 'id', tg_op,
      auth.uid(), old_values, new_values, changed_fields,
      inet_client_addr(), headers ->> 'user-agent', headers ->> 'x-request-id',
      claims ->> 'session_id'
    );
    return null;
  end;
  $$;`;

const table = (name: Table) => `
  create table bench.${name} (
    id bigint generated always as identity primary key,
    name text not null,
    email text,
    quantity int not null,
    amount numeric(12, 2) not null,
    status text not null,
    note text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  );
  -- what is sorted by, as in most applications: no update is a HOT one
  create index on bench.${name} (updated_at);
  insert into bench.${name} (name, email, quantity, amount, status)
  select 'Name of somebody ' || i, i || '@example.com', i, 12.5, 'active'
  from generate_series(1, ${ROWS}) as i;`;

const TRIGGERS = `
  create trigger row_level_log after insert or update or delete on bench.row_level
  for each row execute function bench.log_row();
  select audit.enable('bench.audited');`;

interface Cell {
  name: string;
  /** The script for pgbench. */
  script(name: Table): string;
}

const insert = (size: number): Cell => ({
  name: `insert_${size}`,
  script: (name) => `
    insert into bench.${name} (name, email, quantity, amount, status)
    select 'Name of somebody ' || i, i || '@example.com', i, 12.5, 'active'
    from generate_series(1, ${size}) as i;`,
});

const update = (size: number): Cell => ({
  name: `update_${size}`,
  // each client has rows of its own, or they would measure their waiting for each other
  script: (name) => `
    \\set first :client_id * ${ROWS / CLIENTS} + random(1, ${ROWS / CLIENTS - size})
    update bench.${name}
    set quantity = quantity + 1, updated_at = now()
    where id between :first and :first + ${size - 1};`,
});

const CELLS = [insert(1), update(1), insert(1000), update(1000)];

/** Transactions a second of one cell on one table. */
async function rate({ stack }: MeasurementContext, cell: Cell, name: Table, seconds: number) {
  const script = await Deno.makeTempFile({ suffix: ".sql" });
  try {
    await Deno.writeTextFile(script, cell.script(name));
    const { code, stdout, stderr } = await run([
      `${stack.cluster.settings.installation.bin}/pgbench`,
      "--no-vacuum",
      "--protocol=prepared",
      `--client=${CLIENTS}`,
      `--jobs=${CLIENTS}`,
      `--time=${seconds}`,
      `--file=${script}`,
      stack.dbUrl,
    ], { env: { PGOPTIONS: "-c synchronous_commit=off" } });
    const tps = /tps = ([0-9.]+)/.exec(stdout)?.[1];
    if (code !== 0 || tps === undefined) throw new Failure(`pgbench failed:\n${stderr}`);
    return Number(tps);
  } finally {
    await Deno.remove(script);
  }
}

const median = (numbers: number[]) =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

async function measure(context: MeasurementContext): Promise<Findings> {
  const { rounds, seconds } = context.options;
  const sql = postgres(context.stack.dbUrl, { max: 1, onnotice: () => {} });
  try {
    await sql.unsafe([SCHEMA, ...TABLES.map(table), TRIGGERS].join("\n"));
    await sql`vacuum analyze`;

    const figures: Record<string, number> = {};
    const rows: (string | number)[][] = [];
    for (const cell of CELLS) {
      context.say(`${cell.name}, ${rounds} rounds`);
      const rates: Record<Table, number[]> = { plain: [], row_level: [], audited: [] };
      for (let round = 0; round < rounds; round++) {
        for (const name of TABLES) {
          // what the round before left behind is not this one's to clear away
          await sql.unsafe(`vacuum bench.${name}`);
          rates[name].push(await rate(context, cell, name, seconds));
        }
      }
      const ratio = (name: Table, to: Table) =>
        median(rates[name].map((value, round) => value / rates[to][round]));
      figures[`${cell.name}_ratio`] = round2(ratio("audited", "plain"));
      figures[`${cell.name}_to_row`] = round2(ratio("audited", "row_level"));
      rows.push([
        cell.name,
        ...TABLES.map((name) => Math.round(median(rates[name]))),
        round2(ratio("row_level", "plain")),
        figures[`${cell.name}_ratio`],
        figures[`${cell.name}_to_row`],
      ]);
    }
    return {
      tables: [{
        title: `Transactions a second of ${CLIENTS} clients, without and with an audit`,
        columns: [
          "rows a statement",
          "none",
          "row-level trigger",
          "audit",
          "row-level / none",
          "audit / none",
          "audit / row-level",
        ],
        rows,
      }],
      figures,
    };
  } finally {
    await sql.end();
  }
}

const round2 = (value: number) => Math.round(value * 100) / 100;

export const measurement: Measurement = {
  name: "audit",
  summary: "writes with the audit, against none and against a row-level jsonb trigger",
  options: {
    rounds: { default: 15, description: "rounds, whose median counts" },
    seconds: { default: 1, description: "length of one run of pgbench, in seconds" },
  },
  services: [],
  run: measure,
};
