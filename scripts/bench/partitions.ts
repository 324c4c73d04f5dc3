/** What a partitioned table costs: its inserts, and its maintenance while others write. */

import postgres from "postgres";
import type { Measurement, MeasurementContext, Table } from "../measure/measurement.ts";

const BATCH = 1000;
const WORKING_SET = `
  id bigint generated always as identity,
  at timestamptz not null default now(),
  account_id int not null,
  note text not null,
  primary key (id, at)`;

/** Rows of 136 bytes that fill a default to just below ops.partition_default_bytes. */
const DEFAULT_ROWS = 12_000;

/** Locks of a table that somebody can feel, from the one that ATTACH takes upwards. */
const FELT_LOCKS = [
  "ShareUpdateExclusiveLock",
  "ShareLock",
  "ShareRowExclusiveLock",
  "ExclusiveLock",
  "AccessExclusiveLock",
];

export const measurement: Measurement = {
  name: "partitions",
  summary: "inserts into a month against a plain table; locks held by maintenance",
  options: {
    rounds: { default: 40, description: "rounds of inserts, each on both tables" },
    batches: { default: 20, description: `batches of ${BATCH} rows in a round` },
    parents: { default: 24, description: "partitioned tables that are maintained" },
    months: { default: 36, description: "partitions that each of them gets" },
  },
  async run(context) {
    await using main = open(context);
    await main.sql`create schema bench`;
    const inserts = await measureInserts(main.sql, context);
    const maintenance = await measureMaintenance(main.sql, context);
    return {
      tables: [inserts.table, maintenance.table],
      figures: { ...inserts.figures, ...maintenance.figures },
    };
  },
};

interface Part {
  table: Table;
  figures: Record<string, number>;
}

function open({ stack }: MeasurementContext) {
  const sql = postgres(stack.dbUrl, { max: 1, onnotice: () => {} });
  return { sql, [Symbol.asyncDispose]: () => sql.end({ timeout: 1 }) };
}

const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

const rounded = (value: number, digits = 1) => Number(value.toFixed(digits));

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Rows a second into one current month, against a plain table of the same columns and indexes. */
async function measureInserts(sql: postgres.Sql, { options, say }: MeasurementContext) {
  await sql.unsafe(`
    create table bench.plain (${WORKING_SET});
    create index plain_account_id_idx on bench.plain (account_id, at);
    create table bench.parts (${WORKING_SET}) partition by range (at);
    create index parts_account_id_idx on bench.parts (account_id, at)`);
  await sql`select ops.manage_partitions('bench.parts', 'at', 'month', ahead => ${options.months})`;
  await sql`set synchronous_commit = off`;

  const insertRound = async (table: string): Promise<number> => {
    const start = performance.now();
    for (let batch = 0; batch < options.batches; batch++) {
      await sql.unsafe(`
        insert into bench.${table} (account_id, note)
        select n, 'a note of the length that notes have' from generate_series(1, ${BATCH}) as n`);
    }
    return performance.now() - start;
  };

  say(`${options.rounds} rounds of ${options.batches} × ${BATCH} rows into each table`);
  const times: Record<string, number[]> = { plain: [], parts: [] };
  for (const table of ["plain", "parts"]) await insertRound(table); // warms up
  for (let round = 0; round < options.rounds; round++) {
    const order = round % 2 ? ["parts", "plain"] : ["plain", "parts"];
    for (const table of order) times[table].push(await insertRound(table));
  }
  await sql`reset synchronous_commit`;

  // of each round by itself, so that what else the machine does falls on both sides
  const ratio = median(times.plain.map((plain, round) => plain / times.parts[round]));
  const speed = (table: string) =>
    Math.round(options.batches * BATCH / (median(times[table]) / 1000));
  const part: Part = {
    table: {
      title: "Inserts into the current month",
      columns: ["table", "rows a second", "ratio"],
      rows: [["plain", speed("plain"), 1], ["partitioned", speed("parts"), rounded(ratio, 3)]],
    },
    figures: { insert_ratio: rounded(ratio, 3) },
  };
  return part;
}

/** Upkeep of all parents, action by action as the executor does it, while another session writes. */
async function measureMaintenance(sql: postgres.Sql, context: MeasurementContext) {
  const { options, say } = context;
  const parents = Array.from({ length: options.parents }, (_, n) => `bench.parent_${n + 1}`);
  await sql`create table bench.accounts (id int primary key)`;
  await sql`insert into bench.accounts select generate_series(0, 1000)`;
  for (const [number, parent] of parents.entries()) {
    await sql.unsafe(`
      create table ${parent} (${WORKING_SET}) partition by range (at);
      create index ${parent.split(".")[1]}_account_id_idx on ${parent} (account_id, at)`);
    // what attach has to lock and to read besides: a foreign key, and a default as full as it may be
    if (number % 2 === 0) {
      await sql.unsafe(`
        alter table ${parent} add foreign key (account_id) references bench.accounts`);
    }
    if (number % 3 === 0) {
      await sql.unsafe(`create table ${parent}_rest partition of ${parent} default`);
      await sql.unsafe(`
        insert into ${parent} (at, account_id, note)
        select 'infinity', 0, repeat('x', 100)
        from generate_series(1, ${DEFAULT_ROWS})`);
    }
    // the present has its partition, and two months are so old that they go
    await sql`
      select ops.manage_partitions(${parent}, 'at', 'month', ahead => 1, as_of => as_of)
      from unnest(array[now() - interval '6 months', now()]) as as_of`;
  }

  await using writer = open(context);
  await using watcher = open(context);
  const write = startWriting(writer.sql, parents);
  await pause(3000);
  const quietStall = write.takeWorst();

  await sql`
    update ops.partition_config
    set ahead = ${options.months - 1}, retention = '3 months'
    where parent = any (${parents}::text[]::regclass[])`;
  say(`maintenance of ${options.parents} tables × ${options.months} months`);
  const watch = await startWatching(sql, watcher.sql, parents);
  const start = performance.now();
  let actions = 0;
  let retries = 0;
  for (let more = true; more;) {
    try {
      [{ more }] = await sql<{ more: boolean }[]>`select ops.upkeep_partitions() as more`;
      if (more) actions++;
    } catch (error) {
      // a lock was not free in time: what the executor calls busy
      if (!(error instanceof postgres.PostgresError) || error.code !== "55P03") throw error;
      retries++;
    }
  }
  const seconds = (performance.now() - start) / 1000;
  const holds = await watch.stop();
  const busyStall = write.takeWorst();
  const writes = await write.stop();

  const [{ logged }] = await sql<{ logged: number }[]>`
    select max((details ->> 'locked_ms')::float8) as logged
    from ops.system_logs
    where source = 'partitions'`;
  const [{ fewest }] = await sql<{ fewest: number }[]>`
    select min(count)::int as fewest
    from (
      select count(*) as count
      from ops.partitions
      where parent = any (${parents}::text[]::regclass[]) and not is_default
      group by parent
    ) as counts`;
  const part: Part = {
    table: {
      title: "Maintenance, one action a transaction",
      columns: ["what", "figure"],
      rows: [
        ["actions", actions],
        ["retries after a lock that was not free", retries],
        ["seconds in all", rounded(seconds)],
        ["longest lock on a table or its default, ms", rounded(holds.longest)],
        ["the same by the log of upkeep, with the wait for it, ms", rounded(logged)],
        ["locks seen", holds.count],
        ["milliseconds between two looks, on average", rounded(holds.interval, 2)],
        ["writes of another session", writes],
        ["its worst stall before, ms", rounded(quietStall)],
        ["its worst stall during, ms", rounded(busyStall)],
      ],
    },
    figures: {
      parents: options.parents,
      months: fewest,
      max_lock_ms: rounded(holds.longest),
      max_stall_ms: rounded(busyStall),
    },
  };
  return part;
}

/** Inserts single rows into one table after the other, and notes the slowest. */
function startWriting(sql: postgres.Sql, parents: string[]) {
  let worst = 0;
  let count = 0;
  let stopped = false;
  const done = (async () => {
    while (!stopped) {
      const start = performance.now();
      await sql.unsafe(`
        insert into ${parents[count % parents.length]} (account_id, note) values (1, 'while')`);
      worst = Math.max(worst, performance.now() - start);
      count++;
      await pause(1);
    }
  })();
  return {
    takeWorst() {
      const taken = worst;
      worst = 0;
      return taken;
    },
    async stop(): Promise<number> {
      stopped = true;
      await done;
      return count;
    },
  };
}

/** Looks again and again at the locks that a session holds on the parents and their defaults. */
async function startWatching(session: postgres.Sql, sql: postgres.Sql, parents: string[]) {
  const [{ pid }] = await session<{ pid: number }[]>`select pg_backend_pid() as pid`;
  const [{ relations }] = await sql<{ relations: number[] }[]>`
    select array_agg(oid::bigint::int) as relations
    from (
      select parent as oid from unnest(${parents}::text[]::regclass[]) as parent
      union all
      select child from ops.partitions
      where is_default and parent = any (${parents}::text[]::regclass[])
    ) as watched`;

  const seen = new Map<string, { first: number; last: number }>();
  let stopped = false;
  let looks = 0;
  const start = performance.now();
  const done = (async () => {
    while (!stopped) {
      looks++;
      const rows = await sql<{ lock: string; moment: number }[]>`
        select
          concat_ws(' ', virtualtransaction, relation, mode) as lock,
          (extract(epoch from clock_timestamp()) * 1000)::float8 as moment
        from pg_locks
        where pid = ${pid}
          and locktype = 'relation'
          and granted
          and mode = any (${FELT_LOCKS})
          -- a transaction that is ending has no number any more
          and virtualtransaction not like '%/0'
          and relation = any (${relations}::int[]::oid[])`;
      for (const { lock, moment } of rows) {
        const span = seen.get(lock);
        if (span) span.last = moment;
        else seen.set(lock, { first: moment, last: moment });
      }
    }
  })();
  return {
    async stop() {
      stopped = true;
      await done;
      const interval = (performance.now() - start) / looks;
      // a lock may have stood for almost a look before the first sight and after the last
      const longest = Math.max(
        0,
        ...[...seen.values()].map(({ first, last }) => last - first + 2 * interval),
      );
      return { longest, count: seen.size, interval };
    },
  };
}
