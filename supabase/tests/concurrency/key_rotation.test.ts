/** A key is rotated, and its column encrypted anew, while others write the same rows. */

import assert from "node:assert/strict";
import { send, Session } from "./support.ts";

const ROWS = 40;
const WRITERS = 4;

/** A table with an encrypted counter in each row. */
class Counters implements AsyncDisposable {
  readonly table = `private.race_${crypto.randomUUID().replaceAll("-", "_")}`;

  private constructor(readonly session: Session) {}

  static async create(session: Session): Promise<Counters> {
    const counters = new Counters(session);
    const { table } = counters;
    await session.sql.unsafe(`
      create table ${table} (id int primary key, counter text not null);
      insert into ${table}
      select id, private.encrypt_sensitive('0', '${table}.counter.' || id)
      from generate_series(1, ${ROWS}) as id;
      select private.register_encrypted_column('${table}', 'counter');`);
    return counters;
  }

  /** Adds one to a counter, as an application does: reads it under its lock, then writes it. */
  async increment({ sql }: Session, id: number): Promise<void> {
    await sql.begin(async (sql) => {
      const [{ counter }] = await sql.unsafe(
        `select private.decrypt_sensitive(counter, '${this.table}.counter.' || id) as counter
        from ${this.table} where id = ${id} for no key update`,
      );
      await sql.unsafe(
        `update ${this.table}
        set counter = private.encrypt_sensitive('${+counter + 1}', '${this.table}.counter.' || id)
        where id = ${id}`,
      );
    });
  }

  async sum(): Promise<number> {
    const [{ sum }] = await this.session.sql.unsafe(
      `select sum(private.decrypt_sensitive(counter, '${this.table}.counter.' || id)::int)::int
      from ${this.table}`,
    );
    return sum;
  }

  /** Key versions that rows hold. */
  async versions(): Promise<number[]> {
    const rows = await this.session.sql.unsafe(
      `select distinct substring(counter from '^v(\\d+)')::int as version from ${this.table}`,
    );
    return rows.map(({ version }) => version);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.session.sql.unsafe(`drop table ${this.table}`);
  }
}

/** Encrypts anew until nothing is left, from two sessions as two ticks may. */
async function reencrypt(...sessions: Session[]): Promise<void> {
  await Promise.all(sessions.map(async ({ sql }) => {
    for (;;) {
      await sql`select private.reencrypt_chunk(7)`;
      const [{ open }] = await sql`
        select exists (
          select
          from private.encrypted_columns
          where done_versions is distinct from array[
            (select version from private.keys where purpose = 'encryption' and replaced_at is null),
            (select version from private.keys where purpose = 'blind_index' and replaced_at is null)
          ]
        ) as open`;
      if (!open) return;
    }
  }));
}

/** The SQLSTATE with which a version of the key of encryption is refused retirement, or "done". */
const retire = ({ sql }: Session, version: number) =>
  send(sql`select private.retire_key('encryption', ${version})`);

Deno.test("no write is lost while a key is rotated, and no row stays behind", async () => {
  await using watcher = await Session.open();
  await using helper = await Session.open();
  await using counters = await Counters.create(watcher);
  const writers = await Promise.all(Array.from({ length: WRITERS }, () => Session.open()));
  let done = false;
  let increments = 0;
  const writing = writers.map(async (writer) => {
    while (!done) {
      await counters.increment(writer, 1 + Math.floor(Math.random() * ROWS));
      increments++;
    }
  });
  let version = 0;
  for (let rotation = 1; rotation <= 3; rotation++) {
    [{ version }] = await watcher.sql<{ version: number }[]>`
      select private.rotate_key('encryption') as version`;
    await reencrypt(watcher, helper);
  }
  assert.deepEqual(
    await counters.versions(),
    [version],
    "also of rows that were written meanwhile",
  );
  done = true;
  await Promise.all(writing);
  await Promise.all(writers.map((writer) => writer[Symbol.asyncDispose]()));
  assert.ok(increments > 0);
  assert.equal(await counters.sum(), increments);
  assert.equal(await retire(watcher, version - 1), "done");
  assert.equal(await counters.sum(), increments, "all rows read without the old key");
});

Deno.test("threat: a write under the old key that is committed after it was retired", async () => {
  await using watcher = await Session.open();
  await using writer = await Session.open();
  await using counters = await Counters.create(watcher);
  await writer.begin();
  const [{ old }] = await writer.sql<{ old: number }[]>`
    select private.active_key_version('encryption') as old`;
  await watcher.sql`select private.rotate_key('encryption')`;
  assert.deepEqual(
    [...await watcher.sql`select private.reencrypt_chunk(1000) as more`],
    [{ more: false }],
    "no pass begins",
  );
  assert.equal(await retire(watcher, old), "PL083");
  await writer.commit();
  await reencrypt(watcher);
  assert.equal(await retire(watcher, old), "done");
  assert.equal(await counters.sum(), 0);
});

Deno.test("threat: an old snapshot goes on encrypting with a key that was replaced", async () => {
  await using watcher = await Session.open();
  await using writer = await Session.open();
  await writer.sql`begin isolation level repeatable read`;
  await writer.sql`select 1`;
  await watcher.sql`select private.rotate_key('encryption')`;
  assert.equal(await send(writer.sql`select private.encrypt_sensitive('x')`), "40001");
  await writer.rollback();
  assert.equal(await send(writer.sql`select private.encrypt_sensitive('x')`), "done");
});

Deno.test("a row that somebody holds is left to a later pass, without waiting", async () => {
  await using watcher = await Session.open();
  await using holder = await Session.open();
  await using counters = await Counters.create(watcher);
  const [{ version }] = await watcher.sql<{ version: number }[]>`
    select private.rotate_key('encryption') as version`;
  await holder.begin();
  await holder.sql.unsafe(`select from ${counters.table} where id = 3 for update`);
  await watcher.sql`set statement_timeout = '10s'`;
  let more = true;
  while (more) {
    [{ more }] = await watcher.sql<{ more: boolean }[]>`select private.reencrypt_chunk(7) as more`;
  }
  assert.deepEqual((await counters.versions()).sort(), [version - 1, version]);
  await holder.rollback();
  await reencrypt(watcher);
  assert.deepEqual(await counters.versions(), [version]);
});

Deno.test("two rotations at once are two versions", async () => {
  await using left = await Session.open();
  await using right = await Session.open();
  const rotate = ({ sql }: Session) =>
    sql<{ version: number }[]>`select private.rotate_key('signing') as version`;
  const versions = (await Promise.all([rotate(left), rotate(right)])).map(([row]) => row.version);
  assert.equal(Math.abs(versions[0] - versions[1]), 1);
});
