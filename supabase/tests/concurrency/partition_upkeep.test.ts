/** Maintenance of partitions meets itself, a reader that stays, and a row that comes too early. */

import assert from "node:assert/strict";
import { type Ending, pause, send, Session, waitsOrEnded } from "./support.ts";

/** A table with monthly partitions, managed as of a month, which goes when the test ends. */
class PartitionedTable implements AsyncDisposable {
  readonly name = `ops.race_${crypto.randomUUID().slice(0, 8)}`;

  private constructor(private readonly session: Session) {}

  static async create(session: Session, retention: string | null = null) {
    const table = new PartitionedTable(session);
    await session.sql.unsafe(`
      create table ${table.name} (id int, at timestamptz not null) partition by range (at);
      alter table ${table.name} enable row level security`);
    await session.sql`
      select ops.manage_partitions(
        ${table.name}, 'at', 'month', ahead => 1, retention => ${retention}::interval,
        as_of => now() - interval '1 year'
      )`;
    return table;
  }

  async children(): Promise<string[]> {
    const rows = await this.session.sql<{ child: string }[]>`
      select child::text from ops.partition_bounds(${this.name}) order by lower_bound`;
    return rows.map((row) => row.child);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { sql } = this.session;
    await sql`delete from ops.partition_config where parent = ${this.name}::regclass`;
    const detached = await sql<{ child: string }[]>`
      delete from ops.detached_partitions where parent = ${this.name} returning child`;
    for (const { child } of detached) await sql.unsafe(`drop table if exists ${child}`);
    await sql.unsafe(`drop table ${this.name}`);
  }
}

const maintain = ({ sql }: Session, table: PartitionedTable, actions: string[]) =>
  send(sql`select ops.maintain_table(${table.name}, actions => ${actions})`);

/** How a statement ended, or that it still waits after a time in which everything ends. */
const soon = (statement: Promise<Ending>) =>
  Promise.race([statement, pause(10_000).then(() => "still waits")]);

Deno.test("two maintenances at once make each partition once", async () => {
  await using watcher = await Session.open();
  await using first = await Session.open();
  await using second = await Session.open();
  await using table = await PartitionedTable.create(watcher);

  await first.begin();
  assert.equal(await maintain(first, table, ["create"]), "done");
  const [{ more }] = await second.sql`select ops.upkeep_partitions() as more`;
  assert.equal(more, false, "the executor does not wait for its turn");
  const other = maintain(second, table, ["create"]);
  assert.equal(await waitsOrEnded(watcher, second, other), "waits");
  await first.commit();
  assert.equal(await other, "done");
  // those of a year ago, those of now, the default
  assert.equal((await table.children()).length, 5);
});

Deno.test("upkeep gives way to a reader, and no writer waits behind it", async () => {
  await using watcher = await Session.open();
  await using reader = await Session.open();
  await using upkeep = await Session.open();
  await using writer = await Session.open();
  await using table = await PartitionedTable.create(watcher, "1 month");
  assert.equal(await maintain(watcher, table, ["create"]), "done");
  // what is due now is to detach, which shuts everybody out of the table
  const before = await table.children();

  await reader.begin();
  await reader.sql.unsafe(`select * from ${table.name}`);
  const insert = () => send(writer.sql.unsafe(`insert into ${table.name} values (1, now())`));

  const attempt = send(upkeep.sql`select ops.upkeep_partitions()`);
  await waitsOrEnded(watcher, upkeep, attempt);
  const write = insert();
  assert.equal(await soon(attempt), "55P03");
  assert.equal(await soon(write), "done", "while the reader is still there");
  assert.deepEqual(await table.children(), before);

  // planted: without the limit the writer would wait as long as the reader stays
  const [{ child }] = await watcher.sql`
    select child from ops.partition_plan(${table.name}) where action = 'detach' limit 1`;
  const patient = send(
    upkeep.sql`select ops.apply_partition_action(${table.name}, 'detach', ${child}, null, null)`,
  );
  assert.equal(await waitsOrEnded(watcher, upkeep, patient), "waits");
  const held = insert();
  assert.equal(await waitsOrEnded(watcher, writer, held), "waits");
  await reader.commit();
  assert.deepEqual([await patient, await held], ["done", "done"]);
  await watcher.sql.unsafe(`drop table ${child}`);
});

Deno.test("a row that comes too early, while its partition is made, stays", async () => {
  await using watcher = await Session.open();
  await using writer = await Session.open();
  await using upkeep = await Session.open();
  await using table = await PartitionedTable.create(watcher);

  await writer.begin();
  await writer.sql.unsafe(`insert into ${table.name} values (7, now())`); // into the default
  const attempt = maintain(upkeep, table, ["create"]);
  assert.equal(await waitsOrEnded(watcher, upkeep, attempt), "waits");
  await writer.commit();
  assert.equal(await attempt, "23514", "nothing is attached past the row");
  const rows = await watcher.sql.unsafe(`select id from ${table.name}`);
  assert.deepEqual(rows.map((row) => row.id), [7]);

  const plan = await watcher.sql`select action from ops.partition_plan(${table.name})`;
  assert.deepEqual(plan.map((due) => due.action), ["blocked", "create"]);
});

Deno.test("of what is detached to be archived no write is missed", async () => {
  await using watcher = await Session.open();
  await using writer = await Session.open();
  await using upkeep = await Session.open();
  await using late = await Session.open();
  await using table = await PartitionedTable.create(watcher);
  const [child] = await table.children();
  const insertInto = (name: string, { sql }: Session) =>
    send(sql.unsafe(`insert into ${name} values (1, now() - interval '1 year')`));
  const rowsOf = async (name: string) => {
    const [{ rows }] = await watcher.sql.unsafe(`select count(*)::int as rows from ${name}`);
    return rows;
  };

  await writer.begin();
  assert.equal(await insertInto(table.name, writer), "done");
  // only now, so that the executor does not detach it first
  await watcher.sql`
    update ops.partition_config
    set retention = '1 month', retention_action = 'archive'
    where parent = ${table.name}::regclass`;
  const detached = maintain(upkeep, table, ["detach"]);
  assert.equal(await waitsOrEnded(watcher, upkeep, detached), "waits", "for the writer");
  const behind = insertInto(table.name, late);
  assert.equal(await waitsOrEnded(watcher, late, behind), "waits", "for the detach");
  await writer.commit();
  assert.equal(await soon(detached), "done");
  assert.equal(await soon(behind), "done");
  assert.equal(await insertInto(child, late), "PL016", "the partition takes no more");
  assert.equal(await rowsOf(child), 1, "what was written before is there for the archive");
  assert.equal(await rowsOf(table.name), 1, "what came behind stays in the table");
});
