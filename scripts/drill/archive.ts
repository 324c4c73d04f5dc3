/**
 * A year of rows goes out of a table and comes back, month by month, while writers insert into the
 * present: through the function of the edge in a process of its own, to a real S3 server.
 */

import postgres from "postgres";
import type { Measurement, MeasurementContext } from "../measure/measurement.ts";
import { startS3 } from "../stack/s3.ts";
import { FunctionProcess, s3Environment } from "../../supabase/functions/tests/archive_support.ts";

export const measurement: Measurement = {
  name: "archive",
  summary: "A year of rows to S3 and back under writers; every row the same, once.",
  options: {
    rows: { default: 1_000_000, description: "rows in the year" },
    writers: { default: 4, description: "sessions that insert meanwhile" },
  },
  // the worker is started here, with its store; the stack's own would take its jobs
  services: ["api"],
  run,
};

interface Contents {
  rows: number;
  ids: number;
  hash: string;
}

async function run({ stack, options, say }: MeasurementContext) {
  const sql = postgres(stack.dbUrl, { max: 1, onnotice: () => {} });
  await using s3 = await startS3("archive");
  await using worker = await FunctionProcess.start(
    { SUPABASE_URL: stack.apiUrl, ...s3Environment(s3) },
    stack.secretKey,
  );
  const writers = startWriters(stack.dbUrl, options.writers);
  try {
    await makeYear(sql, options.rows);
    const before = await contentsOfYear(sql);
    say(`${before.rows} rows stand in 12 partitions`);
    writers.start();

    const began = performance.now();
    // 12 × (detach, then drop once it is archived)
    await sql`select ops.maintain_table('public.drilled', now(), '{detach}')`;
    await sql`update archive.policies set next_run_at = now() where name = 'drilled'`;
    await sql`select archive.upkeep()`;
    await finish(sql, worker);
    await sql`select ops.maintain_table('public.drilled', now(), '{drop}')`;
    const exported = performance.now();
    const gone = await contentsOfYear(sql);
    if (gone.rows > 0) throw new Error(`${gone.rows} rows of the year were never taken away`);
    const [{ standing }] = await sql<{ standing: number }[]>`
      select count(*)::int as standing
      from ops.detached_partitions
      where parent = 'public.drilled' and dropped_at is null`;
    if (standing > 0) throw new Error(`${standing} partitions of the year were not archived`);
    say("the year is archived and dropped");

    await sql`
      select archive.restore(manifest.job_id)
      from archive.manifest
      where parent = 'public.drilled'`;
    await finish(sql, worker);
    const restored = performance.now();
    const after = await contentsOfYear(sql);
    say("the year is back");
    const { failures, inserted, slowest } = await writers.stop();

    const [sizes] = await sql<{ chunks: number; largest: number; raw: number; stored: number }[]>`
      select
        count(*)::int as chunks,
        max(raw_bytes)::int as largest,
        sum(raw_bytes)::float8 as raw,
        sum(chunks.stored_bytes)::float8 as stored
      from archive.chunks
      join archive.jobs on jobs.id = chunks.job_id
      where jobs.kind = 'export' and chunks.number > 0`;
    const [{ kept }] = await sql<{ kept: number }[]>`
      select count(*)::int as kept from public.drilled where kind = 'present'`;
    const megabytes = (milliseconds: number) => sizes.raw / 1e6 / (milliseconds / 1000);
    return {
      tables: [{
        title: "A year out and back",
        columns: ["", "seconds", "MB/s", "MB", "rows"],
        rows: [
          ["out", (exported - began) / 1000, megabytes(exported - began), sizes.raw / 1e6],
          ["back", (restored - exported) / 1000, megabytes(restored - exported), sizes.raw / 1e6],
        ].map((row) => [...row, before.rows]),
      }, {
        title: "Writers meanwhile",
        columns: ["inserted", "failed", "slowest, ms"],
        rows: [[inserted, failures, slowest]],
      }],
      figures: {
        rows: before.rows,
        rows_lost: before.rows - after.ids + inserted - kept,
        rows_duplicated: after.rows - after.ids,
        hash_equal: Number(before.hash === after.hash),
        chunks: sizes.chunks,
        max_chunk_bytes: sizes.largest,
        stored_ratio: sizes.stored / sizes.raw,
        mb_per_second: megabytes(exported - began),
        restore_mb_per_second: megabytes(restored - exported),
        writer_failures: failures,
        writer_max_ms: slowest,
      },
    };
  } finally {
    await writers.stop();
    await sql.end({ timeout: 1 });
  }
}

/** Fourteen months ago to two months ago, so that no month is cut by the retention of 30 days. */
async function makeYear(sql: postgres.Sql, rows: number): Promise<void> {
  await sql.unsafe(`
    create table public.drilled (
      id bigint generated always as identity,
      at timestamptz not null,
      kind text not null,
      details jsonb,
      amount numeric,
      primary key (id, at)
    )
    partition by range (at);
    alter table public.drilled enable row level security;
    comment on table public.drilled is 'Rows of the drill.';
  `);
  await sql`
    select ops.manage_partitions(
      'public.drilled', 'at', 'month', ahead => 15,
      as_of => date_trunc('month', now(), 'UTC') - interval '14 months'
    )`;
  await sql`select archive.define_policy('drilled', 'public.drilled', 30, 's3', 'archive')`;
  await sql`
    insert into public.drilled (at, kind, details, amount)
    select
      year.began + (n - 0.5) * (year.ended - year.began) / ${rows}::int,
      'past',
      jsonb_build_object('event', md5(n::text), 'player', n % 5000, 'note', repeat('x', n % 40)),
      n / 7.0
    from generate_series(1, ${rows}::int) as n
    cross join (
      select
        date_trunc('month', now(), 'UTC') - interval '14 months' as began,
        date_trunc('month', now(), 'UTC') - interval '2 months' as ended
    ) as year`;
}

/** Calls until every job is complete; one that failed, such as on a lock that was busy, rests first. */
async function finish(sql: postgres.Sql, worker: FunctionProcess): Promise<void> {
  for (;;) {
    await worker.finish();
    const open = await sql<{ status: string; child: string; error: string | null }[]>`
      select status, child, errors -> -1 ->> 'error' as error
      from archive.jobs
      where status <> 'completed'`;
    if (open.length === 0) return;
    const failed = open.find(({ status }) => status === "failed");
    if (failed) throw new Error(`the job of ${failed.child} failed: ${failed.error}`);
    await new Promise((done) => setTimeout(done, 200));
  }
}

async function contentsOfYear(sql: postgres.Sql): Promise<Contents> {
  const [contents] = await sql<Contents[]>`
    select
      count(*)::int as rows,
      count(distinct id)::int as ids,
      md5(coalesce(string_agg(md5(t::text), '' order by id), '')) as hash
    from public.drilled as t
    where at < date_trunc('month', now(), 'UTC') - interval '2 months'`;
  return contents;
}

/** Sessions that insert a row after the other until they are stopped. */
function startWriters(url: string, count: number) {
  let running = false;
  let failures = 0;
  let inserted = 0;
  let slowest = 0;
  let ended: Promise<unknown> = Promise.resolve();
  const write = async () => {
    const sql = postgres(url, { max: 1, onnotice: () => {} });
    while (running) {
      const began = performance.now();
      try {
        await sql`insert into public.drilled (at, kind) values (now(), 'present')`;
        inserted++;
      } catch {
        failures++;
      }
      slowest = Math.max(slowest, performance.now() - began);
      await new Promise((done) => setTimeout(done, 5));
    }
    await sql.end({ timeout: 1 });
  };
  return {
    start() {
      running = true;
      ended = Promise.all(Array.from({ length: count }, write));
    },
    async stop() {
      running = false;
      await ended;
      return { failures, inserted, slowest };
    },
  };
}
