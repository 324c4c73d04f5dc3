/** Workers who take messages from one queue at once, and die in the middle of their work. */

import assert from "node:assert/strict";
import postgres from "postgres";
import { pause, send, Session, waitsOrEnded } from "./support.ts";

const MESSAGES = 3_000;
const WORKERS = 16;

interface Message {
  id: string;
  lease_token: string;
}

/** A queue of one test, a table for what its messages do, and a handler that does it. */
class Ground implements AsyncDisposable {
  readonly queue = `race-${crypto.randomUUID().slice(0, 8)}`;
  readonly effects: string;

  private constructor(private readonly session: Session) {
    this.effects = `private.${this.queue.replace("-", "_")}`;
  }

  static async make(session: Session): Promise<Ground> {
    const ground = new Ground(session);
    await session.sql`
      select ops.define_queue(
        ${ground.queue}, 'A queue of a test.', lease => '1 second', max_attempts => 100,
        backoff_base => '10 milliseconds', backoff_cap => '100 milliseconds'
      )`;
    await session.sql.unsafe(`
      create table ${ground.effects} (message_id bigint not null);
      create function ${ground.effects}(ids bigint[], token uuid, seconds float8) returns void
      language plpgsql as $$
      begin
        insert into ${ground.effects} select unnest(ids);
        perform pg_sleep(seconds);
        if (select count(*) from ops.complete(ids, token)) < cardinality(ids) then
          raise exception 'stale' using errcode = '${STALE}';
        end if;
      end;
      $$`);
    return ground;
  }

  async fill(count: number): Promise<void> {
    await this.session.sql`
      select ops.enqueue_many(
        ${this.queue}, (select jsonb_agg(n) from generate_series(1, ${count}) n)
      )`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { sql } = this.session;
    await sql.unsafe(`drop function ${this.effects}; drop table ${this.effects}`);
    await sql`delete from ops.queue where queue = ${this.queue}`;
    await sql`delete from ops.dead_letters where queue = ${this.queue}`;
    await sql`delete from ops.queues where name = ${this.queue}`;
  }
}

/** SQLSTATE of a handling that undoes itself, because its messages went to somebody else. */
const STALE = "RACE1";

/** One connection, and another one whenever it was killed. */
class Worker implements AsyncDisposable {
  #sql = this.#connect();
  readonly seen = { killed: 0, failed: 0 };

  constructor(private readonly ground: Ground) {}

  #connect(): postgres.Sql {
    return postgres(Deno.env.get("PLINTH_DB_URL")!, {
      max: 1,
      connection: { application_name: this.ground.queue },
      // the driver's own query about types has nobody to tell that its connection was killed
      fetch_types: false,
      onnotice: () => {},
    });
  }

  /** Works until `isDone`; whatever a kill does to a statement is no error. */
  async run(isDone: () => boolean): Promise<void> {
    while (!isDone()) {
      try {
        const messages = await this.#take();
        if (messages.length === 0) await pause(20);
        else if (Math.random() < 0.05) await this.#fail(messages);
        else await this.#handle(messages);
      } catch (error) {
        const code = error instanceof Error && "code" in error ? String(error.code) : "";
        if (code === STALE) continue;
        if (!KILLED.includes(code)) throw error;
        this.seen.killed++;
        await this[Symbol.asyncDispose]();
        this.#sql = this.#connect();
      }
    }
  }

  async #take(): Promise<Message[]> {
    const batch = 1 + Math.floor(Math.random() * 5);
    return await answered(this.#sql<Message[]>`
      select id, lease_token from ops.dequeue(${this.ground.queue}, ${batch})`);
  }

  /** The effects of a batch and its completion, all or nothing. */
  async #handle(messages: Message[]): Promise<void> {
    const ids = `{${messages.map(({ id }) => id)}}`;
    // some take longer than their lease
    const seconds = Math.random() < 0.01 ? 1.2 : Math.random() / 200;
    await answered(this.#sql`
      select ${this.#sql(this.ground.effects)}(${ids}, ${messages[0].lease_token}, ${seconds})`);
  }

  async #fail(messages: Message[]): Promise<void> {
    for (const { id, lease_token } of messages) {
      await answered(this.#sql`select ops.fail(${id}, ${lease_token}, 'No luck.')`);
      this.seen.failed++;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sql.end({ timeout: 0 });
  }
}

/** The driver leaves some statements without an answer when their connection is killed. */
async function answered<T>(statement: Promise<T>): Promise<T> {
  let timer;
  const lost = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error(), { code: LOST })), 3_000);
  });
  try {
    return await Promise.race([statement, lost]);
  } finally {
    clearTimeout(timer);
  }
}

const LOST = "no answer";

/** How the driver names the end of a connection. */
const KILLED = [
  ...["57P01", "CONNECTION_CLOSED", "CONNECTION_DESTROYED", "CONNECTION_ENDED", "ECONNRESET"],
  ...["EPIPE", LOST],
];

const sum = (workers: Worker[], key: keyof Worker["seen"]) =>
  workers.reduce((total, { seen }) => total + seen[key], 0);

Deno.test("16 workers of whom one is killed again and again handle each message exactly once", async () => {
  await using watcher = await Session.open();
  await using ground = await Ground.make(watcher);
  await ground.fill(MESSAGES);
  const workers = Array.from({ length: WORKERS }, () => new Worker(ground));
  let isDone = false;
  let kills = 0;
  const hunt = async () => {
    const until = performance.now() + 120_000;
    while (!isDone) {
      const [{ left }] = await watcher.sql`
        select count(*)::int as left from ops.queue where queue = ${ground.queue}`;
      isDone = left === 0 || performance.now() > until;
      const killed = await watcher.sql`
        select pg_terminate_backend(pid)
        from (
          select pid
          from pg_stat_activity
          where application_name = ${ground.queue} and state = 'active'
          order by random()
          limit 1
        ) as victim`;
      kills += killed.length;
      await pause(Math.random() * 60);
    }
  };
  try {
    await Promise.all([hunt(), ...workers.map((worker) => worker.run(() => isDone))]);
  } finally {
    await Promise.all(workers.map((worker) => worker[Symbol.asyncDispose]()));
  }

  const [{ effects, messages }] = await watcher.sql`
    select count(*)::int as effects, count(distinct message_id)::int as messages
    from ${watcher.sql(ground.effects)}`;
  assert.deepEqual({ effects, messages }, { effects: MESSAGES, messages: MESSAGES });
  const left = await watcher.sql`
    select visible, leased, delayed, dead from ops.queue_status where queue = ${ground.queue}`;
  assert.deepEqual({ ...left[0] }, { visible: "0", leased: "0", delayed: "0", dead: "0" });
  // else the test has shown nothing
  assert.ok(kills >= 20, `${kills} kills`);
  for (const key of ["killed", "failed"] as const) {
    assert.ok(sum(workers, key) > 0, `no worker ${key}`);
  }
});

Deno.test("16 workers at once never hold one message twice, and find all of them", async () => {
  await using watcher = await Session.open();
  await using ground = await Ground.make(watcher);
  await ground.fill(2_000);
  const sessions = await Promise.all(Array.from({ length: WORKERS }, () => Session.open()));
  try {
    const held: string[] = [];
    await Promise.all(sessions.map(async ({ sql }) => {
      while (true) {
        const rows = await sql<Message[]>`
          select id from ops.dequeue(${ground.queue}, 7, lease => '1 hour')`;
        if (rows.length === 0) return;
        held.push(...rows.map(({ id }) => id));
      }
    }));
    // a worker that finds the last messages locked for a moment goes home early
    held.push(
      ...(await watcher.sql<Message[]>`
        select id from ops.dequeue(${ground.queue}, 100, lease => '1 hour')`).map(({ id }) => id),
    );
    assert.equal(held.length, 2_000);
    assert.equal(new Set(held).size, 2_000);
  } finally {
    await Promise.all(sessions.map((session) => session[Symbol.asyncDispose]()));
  }
});

Deno.test("a message that is being handled is not handed out, even after its lease", async () => {
  await using watcher = await Session.open();
  await using ground = await Ground.make(watcher);
  await using worker = await Session.open();
  await ground.fill(1);
  await worker.begin();
  const [{ id, lease_token }] = await worker.sql<Message[]>`
    select id, lease_token from ops.dequeue(${ground.queue})`;
  await pause(1_100);
  const others = await watcher.sql`select id from ops.dequeue(${ground.queue})`;
  assert.equal(others.length, 0);
  assert.equal((await worker.sql`select ops.complete(${[id]}, ${lease_token})`).length, 1);
  await worker.commit();
});

Deno.test("a worker that comes too late undoes its effects, and the next one's stand", async () => {
  await using watcher = await Session.open();
  await using ground = await Ground.make(watcher);
  await using early = await Session.open();
  await using late = await Session.open();
  await ground.fill(1);
  const take = async ({ sql }: Session) => {
    const [message] = await sql<Message[]>`
      select id, lease_token from ops.dequeue(${ground.queue})`;
    return message;
  };
  const handle = ({ sql }: Session, { id, lease_token }: Message, seconds: number) =>
    send(sql`select ${sql(ground.effects)}(${[id]}, ${lease_token}, ${seconds})`);

  const first = await take(late);
  await pause(1_050);
  const second = await take(early);
  assert.equal(second.id, first.id);
  const endings = await Promise.all([handle(late, first, 0.1), handle(early, second, 0)]);
  assert.deepEqual(endings, [STALE, "done"]);
  const effects = await watcher.sql`select message_id from ${watcher.sql(ground.effects)}`;
  assert.deepEqual(effects.map(({ message_id }) => message_id), [first.id]);
});

for (const end of ["commit", "rollback"] as const) {
  Deno.test(
    `a second enqueue of a key waits for the first, and is ${
      end === "commit" ? "no" : "the one"
    } message after its ${end}`,
    async () => {
      await using watcher = await Session.open();
      await using ground = await Ground.make(watcher);
      await using first = await Session.open();
      await using second = await Session.open();
      const enqueue = ({ sql }: Session, payload: number) =>
        sql`
        select id, is_new from ops.enqueue(${ground.queue}, ${payload}, 'one key')`;

      await first.begin();
      const [made] = await enqueue(first, 1);
      const query = enqueue(second, 2);
      assert.equal(await waitsOrEnded(watcher, second, send(query)), "waits");
      await first[end]();
      const [answer] = await query;
      assert.equal(answer.is_new, end === "rollback");
      assert.equal(answer.id === made.id, end === "commit");
      const payloads = await watcher
        .sql`select payload from ops.queue where queue = ${ground.queue}`;
      assert.deepEqual(payloads.map(({ payload }) => payload), [end === "commit" ? 1 : 2]);
    },
  );
}

Deno.test("16 enqueues of one key at once are one message", async () => {
  await using watcher = await Session.open();
  await using ground = await Ground.make(watcher);
  const sessions = await Promise.all(Array.from({ length: WORKERS }, () => Session.open()));
  try {
    for (let round = 0; round < 20; round++) {
      const answers = await Promise.all(sessions.map(async ({ sql }) => {
        const [answer] = await sql<{ id: string; is_new: boolean }[]>`
          select id, is_new from ops.enqueue(${ground.queue}, '1', ${`key ${round}`})`;
        return answer;
      }));
      assert.equal(new Set(answers.map(({ id }) => id)).size, 1);
      assert.equal(answers.filter(({ is_new }) => is_new).length, 1);
    }
  } finally {
    await Promise.all(sessions.map((session) => session[Symbol.asyncDispose]()));
  }
});

Deno.test("batches that share keys in opposite order do not deadlock", async () => {
  await using watcher = await Session.open();
  await using ground = await Ground.make(watcher);
  await using left = await Session.open();
  await using right = await Session.open();
  for (let round = 0; round < 20; round++) {
    const keys = Array.from({ length: 50 }, (_, index) => `${round} ${index}`);
    const enqueue = ({ sql }: Session, keys: string[]) =>
      send(sql`
        select ops.enqueue_many(${ground.queue}, ${sql.json(keys)}, ${keys})`);
    assert.deepEqual(
      await Promise.all([enqueue(left, keys), enqueue(right, keys.toReversed())]),
      ["done", "done"],
    );
  }
  const [{ count }] = await watcher.sql`
    select count(*)::int from ops.queue where queue = ${ground.queue}`;
  assert.equal(count, 1_000);
});
