/** The audit while others write: nothing is missed, nothing is told that did not happen. */

import assert from "node:assert/strict";
import { send, Session, waitsOrEnded } from "./support.ts";

/** A table of one test, and what the audit keeps of it, which go when it ends. */
class AuditedTable implements AsyncDisposable {
  readonly name = `race_${crypto.randomUUID().slice(0, 8)}`;
  readonly title = `public.${this.name}`;

  private constructor(private readonly session: Session) {}

  static async create(session: Session): Promise<AuditedTable> {
    const table = new AuditedTable(session);
    await session.sql`create table public.${session.sql(table.name)} (id int primary key, n int)`;
    return table;
  }

  enable(session = this.session) {
    return session.sql`select audit.enable(${this.title})`;
  }

  insert(session: Session, id: number) {
    return session.sql`insert into public.${session.sql(this.name)} values (${id}, 0)`;
  }

  increase(session: Session, id: number) {
    return session.sql`update public.${session.sql(this.name)} set n = n + 1 where id = ${id}`;
  }

  history(id: number) {
    return this.session.sql<{ operation: string; was: number | null; became: number }[]>`
      select operation, (old_values -> 'n')::int as was, (new_values -> 'n')::int as became
      from audit.history(${this.title}, ${this.session.sql.json({ id })})`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { sql } = this.session;
    await sql`
      select audit.disable(targets.relation)
      from audit.targets
      where targets.title = ${this.title} and is_enabled`;
    await sql`drop table public.${sql(this.name)}`;
  }
}

Deno.test("what commits is logged, what rolls back is not", async () => {
  await using watcher = await Session.open();
  await using table = await AuditedTable.create(watcher);
  await using writer = await Session.open();
  await table.enable();

  await writer.begin();
  await table.insert(writer, 1);
  await writer.rollback();
  assert.deepEqual([...await table.history(1)], []);

  await writer.begin();
  await table.insert(writer, 1);
  assert.deepEqual([...await table.history(1)], [], "others do not see it before the commit");
  await writer.commit();
  assert.deepEqual((await table.history(1)).map((entry) => entry.operation), ["INSERT"]);
});

Deno.test("enabling waits for who writes just then, and misses nobody after", async () => {
  await using watcher = await Session.open();
  await using table = await AuditedTable.create(watcher);
  await using writer = await Session.open();
  await using operator = await Session.open();

  await writer.begin();
  await table.insert(writer, 1);
  const enabling = send(table.enable(operator));
  assert.equal(await waitsOrEnded(watcher, operator, enabling), "waits");
  await writer.commit();
  assert.equal(await enabling, "done");

  await table.increase(writer, 1);
  const [entry] = await table.history(1);
  assert.deepEqual({ ...entry }, { operation: "UPDATE", was: 0, became: 1 });
  const [{ before }] = await watcher.sql`
    select audit.as_of(${table.title}, '{"id": 1}', enabled_at) ->> 'n' as before
    from audit.targets
    where title = ${table.title}`;
  assert.equal(before, "0", "from the first moment on, the past is known");
});

Deno.test("two who change the same row leave one chain of changes", async () => {
  await using watcher = await Session.open();
  await using table = await AuditedTable.create(watcher);
  await using first = await Session.open();
  await using second = await Session.open();
  await table.enable();
  await table.insert(watcher, 1);

  const rounds = 100;
  await Promise.all([first, second].map(async (session) => {
    for (let round = 0; round < rounds; round++) await table.increase(session, 1);
  }));
  const [, ...updates] = await table.history(1);
  assert.equal(updates.length, 2 * rounds);
  updates.forEach(({ was, became }, index) => {
    assert.deepEqual([was, became], [index, index + 1]);
  });
});

Deno.test("a table that changes under its writers is logged without a failure", async () => {
  await using watcher = await Session.open();
  await using table = await AuditedTable.create(watcher);
  await using writer = await Session.open();
  await using operator = await Session.open();
  await table.enable();
  await table.insert(watcher, 1);

  const name = operator.sql(table.name);
  const changes = async () => {
    for (let round = 0; round < 10; round++) {
      await operator.sql`alter table public.${name} add column extra int default 1`;
      await operator.sql`select audit.refresh()`;
      await operator.sql`alter table public.${name} drop column extra`;
      await Promise.all([operator, watcher].map(({ sql }) => sql`select audit.refresh()`));
    }
  };
  let writes = 0;
  let isChanging = true;
  const write = async () => {
    for (; isChanging; writes++) await table.increase(writer, 1);
  };
  await Promise.all([changes().finally(() => isChanging = false), write()]);

  const [, ...updates] = await table.history(1);
  assert.deepEqual(
    updates.map(({ became }) => became),
    Array.from({ length: writes }, (_, index) => index + 1),
  );
});

Deno.test("a transaction that is open across midnight raises no false alarm", async () => {
  await using watcher = await Session.open();
  await using writer = await Session.open();
  await using sealer = await Session.open();
  // a day long past, so that what others log today is not in it
  const day = "2001-01-01";
  const log = ({ sql }: Session) =>
    sql`
      insert into audit.audit_logs (logged_at, target_id, operation, actor_role, login_role)
      values (${`${day} 23:59:59+00`}, 0, 'INSERT', 'race', 'race')`;
  const seal = async () => {
    const [row] = await sealer.sql<{ day: string | null }[]>`
      select audit.seal_day('2001-01-02 01:00+00')::text as day`;
    return row.day;
  };
  const forget = () =>
    watcher.sql.begin(async (sql) => {
      await sql`alter table audit.audit_logs disable trigger audit_logs_refuse_change`;
      await sql`delete from audit.audit_logs where logged_at < '2001-01-02'`;
      await sql`alter table audit.audit_logs enable always trigger audit_logs_refuse_change`;
      await sql`delete from audit.seals where day = ${day}`;
    });

  try {
    await log(watcher);
    await writer.begin();
    await log(writer);
    assert.equal(await seal(), null, "the day waits for the transaction");
    assert.equal(await seal(), null, "however often it is asked");
    await writer.commit();

    let sealed = await seal();
    // others on this server may have been older than the first visit
    for (let attempt = 0; sealed === null && attempt < 100; attempt++) sealed = await seal();
    assert.equal(sealed, day);
    const verdict = await watcher.sql`
      select state, row_count::int
      from audit.verify(${day}, ${day})
      join audit.seals using (day)`;
    assert.deepEqual(verdict.map((row) => ({ ...row })), [{ state: "intact", row_count: 2 }]);
  } finally {
    await writer.rollback();
    await forget();
  }
});
