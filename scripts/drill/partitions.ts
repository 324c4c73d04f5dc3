/** Drains a full default partition under readers and writers, and counts what they notice. */

import { setTimeout as pause } from "node:timers/promises";
import postgres from "postgres";
import type { Findings, Measurement, MeasurementContext } from "../measure/measurement.ts";

const WRITERS = 2;
const READERS = 2;
/** How long the writers run alone, for comparison, in milliseconds. */
const ALONE_MS = 5_000;
const DAYS = 360;

/** What writers saw in one part of the drill. */
interface Writes {
  milliseconds: number[];
  failures: string[];
}

interface Reads {
  counts: number;
  shortfalls: number;
}

/** How a writer left a row: the version it set, or null when it deleted it. */
type Ledger = Map<string, number | null>;

class Drill {
  isOver = false;
  writes: Writes = { milliseconds: [], failures: [] };
  readonly reads: Reads = { counts: 0, shortfalls: 0 };
  readonly ledger: Ledger = new Map();

  constructor(private readonly url: string, private readonly rows: number) {}

  connect = () => postgres(this.url, { max: 1, onnotice: () => {} });

  /** Inserts, updates and deletes in turn, a statement at a time, and notes what was acknowledged. */
  async write(writer: number): Promise<void> {
    const sql = this.connect();
    const own: string[] = [];
    for (let turn = 0; !this.isOver; turn++) {
      const started = performance.now();
      try {
        if (turn % 3 === 0 || own.length === 0) {
          const [{ id }] = await sql`
            insert into drill.events (at, is_fixed)
            values (timestamptz '2020-01-01 00:00+00' + random() * ${DAYS} * interval '1 day', false)
            returning id`;
          own.push(id);
          this.ledger.set(id, 0);
        } else if (turn % 3 === 1) {
          // writers share no row, so that the last version of each is known
          const id = Math.floor(Math.random() * this.rows / WRITERS) * WRITERS + writer + 1;
          const [row] = await sql`
            update drill.events set version = version + 1, at = at + interval '1 day'
            where id = ${id} and is_fixed
            returning version`;
          if (row) this.ledger.set(String(id), row.version);
        } else {
          const id = own.splice(Math.floor(Math.random() * own.length), 1)[0];
          await sql`delete from drill.events where id = ${id}`;
          this.ledger.set(id, null);
        }
        this.writes.milliseconds.push(performance.now() - started);
      } catch (error) {
        this.writes.failures.push(String(error));
      }
      await pause(5);
    }
    await sql.end();
  }

  /** Counts the rows that are always there; a repeatable one in a snapshot that is older. */
  async read(isRepeatable: boolean): Promise<void> {
    const sql = this.connect();
    while (!this.isOver) {
      const count = await sql.begin(
        isRepeatable ? "isolation level repeatable read" : "isolation level read committed",
        async (sql) => {
          await sql`select 1`;
          if (isRepeatable) await pause(Math.random() * 500);
          const [row] = await sql`
            select count(*)::int as count from drill.events where is_fixed`;
          return row.count as number;
        },
      );
      this.reads.counts++;
      if (count < this.rows) this.reads.shortfalls++;
      await pause(50);
    }
    await sql.end();
  }

  /** Rows that are not as they were acknowledged. */
  async lost(sql: postgres.Sql): Promise<number> {
    const [{ fixed, moving }] = await sql`
      select
        count(*) filter (where is_fixed)::int as fixed,
        count(*) filter (where not is_fixed)::int as moving
      from drill.events`;
    const found = new Map<string, number>();
    for (
      const { id, version } of await sql`
      select id, version from drill.events where not is_fixed or version > 0`
    ) {
      found.set(id, version);
    }
    let [wrong, kept] = [0, 0];
    for (const [id, version] of this.ledger) {
      if ((found.get(id) ?? null) !== version) wrong++;
      if (Number(id) > this.rows && version !== null) kept++;
    }
    return Math.abs(this.rows - fixed) + Math.abs(kept - moving) + wrong;
  }
}

/** Takes the steps of the handler as the executor does. Returns the seconds of each phase. */
async function drain(
  sql: postgres.Sql,
  say: (text: string) => void,
): Promise<Record<string, { seconds: number; steps: number; longest: number }>> {
  const phases: Record<string, { seconds: number; steps: number; longest: number }> = {};
  let phase = "starting";
  for (;;) {
    const started = performance.now();
    try {
      await sql`select ops.drain_partitions()`;
    } catch (error) {
      if ((error as { code?: string }).code !== "55P03") throw error;
      await pause(Math.random() * 100);
    }
    const seconds = (performance.now() - started) / 1000;
    const part = phases[phase] ??= { seconds: 0, steps: 0, longest: 0 };
    part.seconds += seconds;
    part.steps++;
    part.longest = Math.max(part.longest, seconds);

    const [row] = await sql`
      select phase, error from ops.partition_drains where parent = 'drill.events'::regclass
      order by id desc limit 1`;
    if (row.phase !== phase) say(`${row.phase}`);
    if (row.phase === "abandoned") throw new Error(`The drain was abandoned: ${row.error}`);
    if (row.phase === "done") return phases;
    // waits for an older snapshot
    if (phase === "swapping") await pause(20);
    phase = row.phase;
  }
}

async function prepare(sql: postgres.Sql, rows: number): Promise<void> {
  // the executor of the stack would take steps of its own
  await sql`update ops.topics set is_enabled = false where name = 'drain-partitions'`;
  await sql.unsafe(`
    create schema drill;
    create table drill.events (
      id bigint generated always as identity,
      at timestamptz not null,
      is_fixed boolean not null,
      version int not null default 0,
      note text not null default repeat('x', 80),
      primary key (id, at)
    )
    partition by range (at);
    create index events_at_idx on drill.events (at);
    select ops.manage_partitions('drill.events', 'at', 'month');`);
  await sql`
    insert into drill.events (at, is_fixed)
    select timestamptz '2020-01-01 00:00+00' + random() * ${DAYS} * interval '1 day', true
    from generate_series(1, ${rows}::int)`;
  await sql`vacuum analyze drill.events`;
}

const worst = (milliseconds: number[]) =>
  milliseconds.reduce((left, right) => Math.max(left, right), 0);

function percentile(milliseconds: number[], part: number): number {
  const sorted = milliseconds.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

const describe = (title: string, { milliseconds, failures }: Writes) => [
  title,
  milliseconds.length,
  failures.length,
  percentile(milliseconds, 0.5).toFixed(1),
  percentile(milliseconds, 0.99).toFixed(1),
  worst(milliseconds).toFixed(1),
];

/** The drill on a database with the migrations: a table of its own, in schema drill. */
export async function drillDrain(
  url: string,
  rows: number,
  say: (text: string) => void,
): Promise<Findings> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  say(`${rows} rows into a default partition`);
  await prepare(sql, rows);

  const drill = new Drill(url, rows);
  const others = [
    ...Array.from({ length: WRITERS }, (_, writer) => drill.write(writer)),
    ...Array.from({ length: READERS }, (_, reader) => drill.read(reader % 2 === 1)),
  ];
  await pause(ALONE_MS);
  const alone = drill.writes;
  const during: Writes = { milliseconds: [], failures: [] };
  drill.writes = during;
  const started = performance.now();
  const phases = await drain(sql, say).finally(() => drill.isOver = true);
  const seconds = (performance.now() - started) / 1000;
  await Promise.all(others);

  const [{ swap_milliseconds, rows_copied }] = await sql`
    select swap_milliseconds::float, rows_copied::int
    from ops.partition_drains where parent = 'drill.events'::regclass and phase = 'done'`;
  const lost = await drill.lost(sql);
  await sql.end();

  return {
    figures: {
      rows,
      reader_shortfalls: drill.reads.shortfalls,
      rows_lost: lost,
      writer_failures: alone.failures.length + during.failures.length,
      swap_lock_ms: swap_milliseconds,
      worst_writer_ms: Math.round(worst(during.milliseconds)),
      rows_per_second: Math.round(rows_copied / seconds),
      counts: drill.reads.counts,
    },
    tables: [
      {
        title: "Writers, a statement at a time, milliseconds",
        columns: ["", "writes", "failures", "median", "99 %", "worst"],
        rows: [describe("before the drain", alone), describe("during the drain", during)],
      },
      {
        title: "Phases of the drain",
        columns: ["phase", "steps", "seconds", "longest step, ms"],
        rows: Object.entries(phases).map(([phase, part]) => [
          phase,
          part.steps,
          part.seconds.toFixed(1),
          (part.longest * 1000).toFixed(0),
        ]),
      },
    ],
  };
}

export const measurement: Measurement = {
  name: "partitions",
  summary: "drains a full default partition under readers and writers",
  options: { rows: { default: 1_000_000, description: "rows in the default partition" } },
  run: ({ stack, options, say }: MeasurementContext) => drillDrain(stack.dbUrl, options.rows, say),
};
