/** A default partition is drained while others read and write: no row is hidden, none is lost. */

import assert from "node:assert/strict";
import { pause, send, Session, waitsOrEnded } from "./support.ts";

const FIXED_ROWS = 6000;

/** A table whose default holds rows of five months; those that are fixed are always there. */
class DrainedTable implements AsyncDisposable {
  readonly #schema = `drain_${crypto.randomUUID().slice(0, 8)}`;
  readonly name = `${this.#schema}.events`;

  private constructor(private readonly session: Session) {}

  static async create(session: Session): Promise<DrainedTable> {
    const table = new DrainedTable(session);
    // the executor would take steps of its own
    await session.sql`update ops.topics set is_enabled = false where name = 'drain-partitions'`;
    while (await table.isLeased()) await pause(50);
    await session.sql.unsafe(`
      create schema ${table.#schema};
      create table ${table.name} (
        id bigint generated always as identity,
        at timestamptz not null,
        is_fixed boolean not null,
        note text not null default '',
        primary key (id, at)
      )
      partition by range (at);
      select ops.manage_partitions('${table.name}', 'at', 'month');
      insert into ${table.name} (at, is_fixed)
      select timestamptz '2020-01-01 00:00+00' + number * interval '36 minutes', true
      from generate_series(1, ${FIXED_ROWS}) as number;`);
    return table;
  }

  private async isLeased(): Promise<boolean> {
    const leased = await this.session.sql`
      select from ops.topics where name = 'drain-partitions' and lease_token is not null`;
    return leased.length > 0;
  }

  /** Starts a drain, and returns its id. */
  async start(): Promise<string> {
    const [{ id }] = await this.session.sql<{ id: string }[]>`
      select ops.drain_partition(${this.name}::regclass) as id`;
    return id;
  }

  /** Takes steps as the executor does, up to a phase: what is busy is tried again. */
  async drainUpTo(phase: string, session = this.session): Promise<void> {
    const deadline = Date.now() + 60_000;
    for (;;) {
      const drain = await this.drain(session);
      if (drain.phase === phase) return;
      assert.ok(drain.finished_at === null && Date.now() < deadline, JSON.stringify(drain));
      const ending = await this.step(session);
      assert.ok(["done", "55P03"].includes(ending), ending);
      if (ending !== "done" || drain.phase === "swapping") await pause(10 + Math.random() * 20);
    }
  }

  /** One step of this table's drain, in a transaction of its own. */
  step(session = this.session) {
    return send(session.sql`
      select set_config('lock_timeout', '50', true), ops.advance_drain(id)
      from ops.partition_drains
      where parent = ${this.name}::regclass and finished_at is null`);
  }

  async drain({ sql } = this.session) {
    const [drain] = await sql`
      select * from ops.partition_drains where parent = ${this.name}::regclass
      order by id desc limit 1`;
    return drain;
  }

  async count({ sql }: Session): Promise<number> {
    const [{ count }] = await sql<{ count: number }[]>`
      select count(*)::int as count from ${sql(this.name)} where is_fixed`;
    return count;
  }

  async inDefault(): Promise<number> {
    const { sql } = this.session;
    const [{ count }] = await sql<{ count: number }[]>`
      select count(*)::int as count
      from ${sql(this.name)}
      where tableoid = (
        select child from ops.partition_bounds(${this.name}::regclass) where is_default
      )`;
    return count;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { sql } = this.session;
    const running = await sql`
      select from ops.partition_drains
      where parent = ${this.name}::regclass and finished_at is null`;
    if (running.length > 0) {
      await sql`set lock_timeout = 0`;
      await sql`select ops.abandon_drain(${this.name}::regclass)`;
    }
    await sql`delete from ops.partition_drains where parent = ${this.name}::regclass`;
    await sql`delete from ops.partition_config where parent = ${this.name}::regclass`;
    await sql.unsafe(`drop schema ${this.#schema} cascade`);
    await sql`update ops.topics set is_enabled = true where name = 'drain-partitions'`;
  }
}

Deno.test("readers never count fewer rows while writers insert, change, move and delete", async () => {
  await using watcher = await Session.open();
  await using table = await DrainedTable.create(watcher);
  await using worker = await Session.open();
  await using reader = await Session.open();
  await using repeatableReader = await Session.open();
  await using inserter = await Session.open();
  await using changer = await Session.open();
  const name = watcher.sql(table.name);
  let isOver = false;
  let [counts, writes, balance] = [0, 0, 0];

  const read = async () => {
    for (; !isOver; counts++) assert.equal(await table.count(reader), FIXED_ROWS);
  };
  const readRepeatably = async () => {
    for (; !isOver; counts++) {
      await repeatableReader.sql`begin isolation level repeatable read`;
      // takes the snapshot, but no lock that would keep the swap away
      await repeatableReader.sql`select 1`;
      await pause(Math.random() * 50);
      assert.equal(await table.count(repeatableReader), FIXED_ROWS);
      await repeatableReader.commit();
    }
  };
  const insertAndDelete = async () => {
    for (; !isOver; writes++) {
      const added = await inserter.sql`
        insert into ${name} (at, is_fixed)
        select timestamptz '2020-01-01 00:00+00' + random() * interval '150 days', false
        from generate_series(1, 5)`;
      const removed = await inserter.sql`
        delete from ${name}
        where id = any (array(select id from ${name} where not is_fixed order by random() limit 4))`;
      balance += added.count - removed.count;
    }
  };
  const change = async () => {
    for (; !isOver; writes++) {
      const first = Math.ceil(Math.random() * FIXED_ROWS);
      await changer.sql`
        update ${name}
        set note = note || 'x', at = at + (random() - 0.5) * interval '20 days'
        where id between ${first} and ${first + 3} and is_fixed`;
    }
  };
  const others = [read(), readRepeatably(), insertAndDelete(), change()];
  const anyFails = Promise.all(others);

  await table.start();
  const drained = table.drainUpTo("done", worker).then(() => pause(100));
  await Promise.race([drained, anyFails]).finally(() => isOver = true);
  await anyFails;
  await drained;

  assert.ok(counts > 10 && writes > 10, `${counts} counts, ${writes} writes`);
  assert.equal(await table.count(watcher), FIXED_ROWS);
  const [{ moving }] = await watcher.sql`
    select count(*)::int as moving from ${name} where not is_fixed`;
  assert.equal(moving, balance);
});

Deno.test("the swap waits for a reader whose snapshot is older than the copy", async () => {
  await using watcher = await Session.open();
  await using table = await DrainedTable.create(watcher);
  await using reader = await Session.open();
  await reader.sql`begin isolation level repeatable read`;
  await reader.sql`select 1`;

  await table.start();
  await table.drainUpTo("swapping");
  assert.equal(await table.step(), "done");
  assert.equal((await table.drain()).phase, "swapping");
  assert.equal(await table.count(reader), FIXED_ROWS);
  await reader.commit();
  await table.drainUpTo("done");
  assert.equal(await table.inDefault(), 0);
});

Deno.test("a swap that would not wait is seen by the test above", async () => {
  await using watcher = await Session.open();
  await using table = await DrainedTable.create(watcher);
  await using reader = await Session.open();
  await reader.sql`begin isolation level repeatable read`;
  await reader.sql`select 1`;

  const id = await table.start();
  await table.drainUpTo("swapping");
  await watcher.sql`update ops.partition_drains set last_copy_xid = '3' where id = ${id}`;
  await table.drainUpTo("done");
  assert.equal(await table.count(reader), 0);
});

Deno.test("a row that is deleted while it is about to be copied does not come back", async () => {
  await using watcher = await Session.open();
  await using table = await DrainedTable.create(watcher);
  await using worker = await Session.open();
  await using writer = await Session.open();
  const id = await table.start();
  await table.drainUpTo("copying");

  // the chunk has read the row when it meets the lock of the writer
  await writer.begin();
  await writer.sql`delete from ${writer.sql(table.name)} where id = 1`;
  await worker.begin();
  const copied = send(worker.sql`select ops.advance_drain(${id})`);
  assert.equal(await waitsOrEnded(watcher, worker, copied), "waits");
  await writer.commit();
  assert.equal(await copied, "done");
  await worker.commit();

  await table.drainUpTo("done");
  assert.equal(await table.count(watcher), FIXED_ROWS - 1);
});

Deno.test("a row that is deleted while its copy is not committed is deleted there too", async () => {
  await using watcher = await Session.open();
  await using table = await DrainedTable.create(watcher);
  await using worker = await Session.open();
  await using writer = await Session.open();
  const id = await table.start();
  await table.drainUpTo("copying");

  await worker.begin();
  await worker.sql`select ops.advance_drain(${id})`;
  const deleted = send(writer.sql`delete from ${writer.sql(table.name)} where id = 1`);
  assert.equal(await waitsOrEnded(watcher, writer, deleted), "waits");
  await worker.commit();
  assert.equal(await deleted, "done");

  await table.drainUpTo("done");
  assert.equal(await table.count(watcher), FIXED_ROWS - 1);
});

for (const [what, statement] of [["deletes", "delete from"], ["moves", "update"]]) {
  Deno.test(`a repeatable-read writer who ${what} a row that was copied after its snapshot is sent back`, async () => {
    await using watcher = await Session.open();
    await using table = await DrainedTable.create(watcher);
    await using writer = await Session.open();
    await writer.sql`begin isolation level repeatable read`;
    await writer.sql`select 1`;
    await table.start();
    await table.drainUpTo("verifying");

    const rest = statement === "update" ? "set at = at + interval '40 days'" : "";
    assert.equal(
      await send(writer.sql.unsafe(`${statement} ${table.name} ${rest} where id = 1`)),
      "40001",
    );
    await writer.rollback();
    await table.drainUpTo("done");
    assert.equal(await table.count(watcher), FIXED_ROWS);
  });
}

Deno.test("a drain goes on where it stood when its worker is killed in any of its steps", async () => {
  await using watcher = await Session.open();
  await using table = await DrainedTable.create(watcher);
  const id = await table.start();

  for (const phase of ["building", "guarding", "copying", "verifying", "swapping", "cleaning"]) {
    await table.drainUpTo(phase);
    // has taken its step, but can not commit it any more
    await using worker = await Session.open();
    await worker.begin();
    await worker.sql`select ops.advance_drain(${id})`;
    await watcher.sql`select pg_terminate_backend(${worker.pid}, 5000)`;
    assert.equal((await table.drain()).phase, phase);
  }
  await table.drainUpTo("done");
  assert.equal(await table.count(watcher), FIXED_ROWS);
  assert.equal(await table.inDefault(), 0);
});

Deno.test("of two executors at once one takes the step, the other finds nothing to do", async () => {
  await using watcher = await Session.open();
  await using table = await DrainedTable.create(watcher);
  await using left = await Session.open();
  await using right = await Session.open();
  await table.start();
  await table.drainUpTo("copying");

  await left.begin();
  assert.deepEqual([...await left.sql`select ops.drain_partitions() as more`], [{ more: true }]);
  assert.deepEqual([...await right.sql`select ops.drain_partitions() as more`], [{ more: false }]);
  await left.commit();
  await table.drainUpTo("done");
  assert.equal(await table.count(watcher), FIXED_ROWS);
});

Deno.test("a writer who keeps the table makes the swap busy, and waits no longer than its lock", async () => {
  await using watcher = await Session.open();
  await using table = await DrainedTable.create(watcher);
  await using writer = await Session.open();
  await table.start();
  await table.drainUpTo("swapping");

  await writer.begin();
  await writer.sql`lock table ${writer.sql(table.name)} in row exclusive mode`;
  assert.equal(await table.step(), "55P03");
  assert.equal((await table.drain()).phase, "swapping");
  await writer.commit();
  await table.drainUpTo("done");
});

Deno.test("a table that somebody keeps locked stops no other table's drain", async () => {
  await using session = await Session.open();
  await using keeper = await Session.open();
  await using busy = await DrainedTable.create(session);
  await using free = await DrainedTable.create(session);
  const waiting = await busy.start();
  await free.start();
  await busy.drainUpTo("guarding");

  await keeper.sql`begin`;
  await keeper.sql.unsafe(`lock table ${busy.name} in row exclusive mode`);
  const deadline = Date.now() + 60_000;
  while ((await free.drain(session)).phase !== "done") {
    assert.ok(Date.now() < deadline, "in vain: the other drain ends");
    assert.ok(["done", "55P03"].includes(await send(session.sql`select ops.drain_partitions()`)));
  }
  const [{ phase }] = await session
    .sql`select phase from ops.partition_drains where id = ${waiting}`;
  assert.equal(phase, "guarding", "while the first one waits");
  await keeper.sql`rollback`;
});
