/**
 * How many messages a second go through a queue: enqueued, dequeued and completed by 8 workers who
 * do nothing else, each statement a transaction.
 *
 * The figure that the target is held against is that of batches of 20, as a function of the edge
 * takes them: it pays a request for each batch. One by one is measured beside it.
 */

import postgres from "postgres";
import type { Measurement } from "../measure/measurement.ts";

const QUEUE = "bench";
const BATCH = 20;

/** A way to put messages into a queue, and to take and end some; returns how many were ended. */
interface Way {
  put(sql: postgres.Sql, count: number): Promise<unknown>;
  take(sql: postgres.Sql, most: number): Promise<number>;
}

const ours: Way = {
  put: (sql, count) =>
    count === 1 ? sql`select id from ops.enqueue(${QUEUE}, '{"work": 1}')` : sql`
      select id from ops.enqueue_many(${QUEUE}, ${sql.json(Array(count).fill({ work: 1 }))})`,
  async take(sql, most) {
    const messages = await sql`select id, lease_token from ops.dequeue(${QUEUE}, ${most})`;
    if (messages.length === 0) return 0;
    const ids = messages.map(({ id }) => id);
    return (await sql`select ops.complete(${ids}, ${messages[0].lease_token})`).length;
  },
};

/** What one writes first: the same steps on a table with a flag, without skip locked. */
const naive: Way = {
  put: (sql) => sql`insert into bench_queue (payload) values ('{"work": 1}')`,
  async take(sql) {
    const [message] = await sql`
      update bench_queue
      set is_taken = true
      where id = (select id from bench_queue where not is_taken order by id limit 1 for update)
        and not is_taken
      returning id`;
    if (!message) return 0;
    return (await sql`delete from bench_queue where id = ${message.id}`).count;
  },
};

/** Sends `count` messages through a queue by all workers; returns messages a second. */
async function rate(workers: postgres.Sql[], way: Way, batch: number, count: number) {
  let put = 0;
  let done = 0;
  const began = performance.now();
  await Promise.all(workers.map(async (sql) => {
    while (done < count) {
      const size = Math.min(batch, count - put);
      put += size;
      if (size > 0) await way.put(sql, size);
      const ended = await way.take(sql, batch);
      done += ended;
    }
  }));
  return count / (performance.now() - began) * 1000;
}

/** Enqueues `count` messages one by one, each with a notification or none. */
async function enqueueRate(workers: postgres.Sql[], wakes: boolean, count: number) {
  const began = performance.now();
  await Promise.all(workers.map(async (sql) => {
    for (let sent = 0; sent < count / workers.length; sent++) {
      if (wakes) await sql`select ops.enqueue(${QUEUE}, '1'), ops.wake('bench-worker')`;
      else await ours.put(sql, 1);
    }
  }));
  return count / (performance.now() - began) * 1000;
}

export const measurement: Measurement = {
  name: "queue",
  summary: "Messages that are enqueued, dequeued and completed a second, against a naive queue.",
  options: {
    messages: { default: 100_000, description: "messages for each batch size" },
    workers: { default: 8, description: "connections that work at once" },
  },
  async run({ stack, options, say }) {
    const { messages, workers: count } = options;
    const connect = () => postgres(stack.dbUrl, { max: 1, onnotice: () => {} });
    const owner = connect();
    const observer = connect();
    const workers = Array.from({ length: count }, connect);
    const rows: [string, number, number][] = [];
    const measured = async (name: string, size: number, act: (size: number) => Promise<number>) => {
      say(name);
      await owner`delete from ops.queue where queue = ${QUEUE}`;
      await owner`vacuum analyze ops.queue`;
      const found = await act(size);
      rows.push([name, size, Math.round(found)]);
      return found;
    };
    try {
      await owner`select ops.define_queue(${QUEUE}, 'Bench.', wakes => 'bench-worker')`;
      await owner`
        create table bench_queue (
          id bigint generated always as identity primary key,
          payload jsonb not null,
          is_taken boolean not null default false
        )`;
      await owner`create index bench_queue_waiting_idx on bench_queue (id) where not is_taken`;

      const batched = await measured(
        `batches of ${BATCH}`,
        messages,
        (size) => rate(workers, ours, BATCH, size),
      );
      const single = await measured("one by one", messages, (size) => rate(workers, ours, 1, size));
      const tenth = Math.ceil(messages / 10);
      const simple = await measured(
        "one by one, naive queue",
        messages,
        (size) => rate(workers, naive, 1, size),
      );

      await observer`begin isolation level repeatable read`;
      await observer`select count(*) from ops.queue`;
      const beside = await measured(
        `batches of ${BATCH} beside an old snapshot`,
        tenth,
        (size) => rate(workers, ours, BATCH, size),
      );
      await observer`rollback`;

      const quiet = await measured(
        "enqueue alone",
        tenth,
        (size) => enqueueRate(workers, false, size),
      );
      const loud = await measured(
        "enqueue and wake each time",
        tenth,
        (size) => enqueueRate(workers, true, size),
      );
      return {
        tables: [{
          title: `Messages through a queue, ${count} workers`,
          columns: ["way", "messages", "messages a second"],
          rows,
        }],
        figures: {
          workers: count,
          messages,
          messages_per_second: batched,
          single_messages_per_second: single,
          single_to_naive: single / simple,
          old_snapshot_ratio: beside / batched,
          wake_ratio: loud / quiet,
        },
      };
    } finally {
      await Promise.all([owner, observer, ...workers].map((sql) => sql.end({ timeout: 1 })));
    }
  },
};
