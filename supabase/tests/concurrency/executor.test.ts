/** The executor on real connections: ticks that meet, die, hang, and meet handlers that misbehave. */

import assert from "node:assert/strict";
import { pause, send, Session, waitsOrEnded } from "./support.ts";

/** A topic as a test looks at it. */
interface Topic {
  last_outcome: string | null;
  consecutive_failures: number;
  runs: string;
  lease_token: string | null;
  last_error: { sqlstate?: string; message: string } | null;
}

/**
 * Topics of one test, each with a handler in a schema of the test's own, and the executor for them
 * alone: other topics and the jobs of pg_cron rest meanwhile.
 */
class Stage implements AsyncDisposable {
  readonly schema = `race_${crypto.randomUUID().slice(0, 8)}`;

  private constructor(readonly watcher: Session, private readonly jobs: number[]) {}

  static async open(settings: Record<string, number> = {}): Promise<Stage> {
    const watcher = await Session.open();
    const { sql } = watcher;
    const jobs = await sql<{ jobid: number }[]>`
      select jobid, cron.alter_job(jobid, active => false)
      from cron.job
      where jobname in ('ops-tick', 'ops-watchdog') and active`;
    const stage = new Stage(watcher, jobs.map(({ jobid }) => jobid));
    try {
      await stage.setUp(settings);
      return stage;
    } catch (error) {
      // or the next test would find the jobs at rest, and take them for none
      await stage[Symbol.asyncDispose]();
      throw error;
    }
  }

  private async setUp(settings: Record<string, number>): Promise<void> {
    const { sql } = this.watcher;
    // The first tick of a new database has every topic to run. A backend that another test killed
    // has left its lease.
    await until(
      "no tick runs",
      async () =>
        (await sql`
          select
          from ops.topics
          join pg_stat_activity on pid = lease_pid and backend_start = lease_backend_start`)
          .length === 0,
      120_000,
    );
    await sql`
      update ops.topics
      set lease_token = null, lease_until = null, lease_pid = null, lease_backend_start = null
      where lease_token is not null`;
    await sql`update ops.topics set is_enabled = false where is_enabled`;
    for (const [key, value] of Object.entries(settings)) {
      await sql`select ops.set_setting(${`ops.${key}`}, ${value}::int::text::jsonb)`;
    }
    await sql`create schema ${sql(this.schema)}`;
    await sql`
      create table ${sql(this.schema)}.calls (
        topic text,
        pid int default pg_backend_pid(),
        search_path text default current_setting('search_path')
      )`;
  }

  /** A topic that is due; `body` is plpgsql, in a function that returns boolean. */
  async topic(name: string, body: string, budget = "5 seconds"): Promise<void> {
    const { sql } = this.watcher;
    const handler = `${this.schema}.${name.replaceAll("-", "_")}`;
    await sql.unsafe(`
      create function ${handler}() returns boolean language plpgsql volatile as $handler$
      begin
        insert into ${this.schema}.calls (topic) values ('${name}');
        ${body}
      end;
      $handler$`);
    await sql`
      select ops.define_topic(
        ${name}, ${handler}, '1 hour', ${budget}::text::interval, description => 'Of a race.'
      )`;
    await this.due(name);
  }

  async due(name: string): Promise<void> {
    await this.watcher.sql`select ops.run_topic(${name})`;
  }

  async look(name: string): Promise<Topic> {
    const [topic] = await this.watcher.sql<Topic[]>`
      select last_outcome, consecutive_failures, runs, lease_token, last_error
      from ops.topics
      where name = ${name}`;
    return topic;
  }

  /** How often a handler ran and was not undone. */
  async calls(topic: string): Promise<number> {
    const { sql } = this.watcher;
    const [{ calls }] = await sql<{ calls: number }[]>`
      select count(*)::int as calls from ${sql(this.schema)}.calls where topic = ${topic}`;
    return calls;
  }

  /** Waits until a backend holds the lease of a topic and its statement waits for something. */
  async untilRuns(name: string, pid: number): Promise<void> {
    await until(`${name} runs`, async () => {
      const rows = await this.watcher.sql`
        select
        from ops.topics
        join pg_stat_activity on pid = lease_pid
        where name = ${name} and pid = ${pid} and state = 'active' and wait_event is not null`;
      return rows.length > 0;
    });
  }

  /** Moves the end of a topic's lease into the past. */
  async expire(name: string, ago = "1 second"): Promise<void> {
    await this.watcher.sql`
      update ops.topics
      set lease_until = clock_timestamp() - ${ago}::text::interval
      where name = ${name}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { sql } = this.watcher;
    await sql`
      with gone as (delete from ops.topics where starts_with(handler, ${this.schema}) returning name)
      delete from ops.system_logs
      using gone
      where source = gone.name`;
    await sql`update ops.topics set is_enabled = true where not is_enabled`;
    await sql`update ops.settings set value = default_value where value <> default_value`;
    await sql`drop schema if exists ${sql(this.schema)} cascade`;
    for (const job of this.jobs) await sql`select cron.alter_job(${job}, active => true)`;
    await this.watcher[Symbol.asyncDispose]();
  }
}

const tick = ({ sql }: Session) => send(sql`call ops.tick()`);

/** Waits until something is so, and fails when it takes too long. */
async function until(what: string, holds: () => Promise<boolean>, patience = 20_000) {
  const deadline = performance.now() + patience;
  while (!await holds()) {
    assert.ok(performance.now() < deadline, `in vain: ${what}`);
    await pause(20);
  }
}

Deno.test("a topic that always fails stops no other, and its work is undone", async () => {
  await using stage = await Stage.open();
  await using session = await Session.open();
  await stage.topic("a-failing", "raise exception 'broken' using hint = 'mend it'; return true;");
  await stage.topic("b-good", "return false;");
  // fails when the transaction commits, unless it is made to fail before
  await stage.watcher.sql.unsafe(`
    create table ${stage.schema}.odd (
      id int primary key,
      other int references ${stage.schema}.odd deferrable initially deferred
    )`);
  await stage.topic(
    "c-deferred",
    `insert into ${stage.schema}.odd values (1, 2); return false;`,
  );
  await stage.topic("d-good", "return false;");

  for (let round = 1; round <= 2; round++) {
    for (const name of ["a-failing", "b-good", "c-deferred", "d-good"]) await stage.due(name);
    assert.equal(await tick(session), "done");
    const failing = await stage.look("a-failing");
    assert.equal(failing.last_outcome, "failed");
    assert.equal(failing.consecutive_failures, round);
    assert.equal(failing.last_error?.message, "broken");
    assert.equal((await stage.look("c-deferred")).last_error?.sqlstate, "23503");
    assert.equal(await stage.calls("b-good"), round);
    assert.equal(await stage.calls("d-good"), round);
    assert.equal(await stage.calls("a-failing"), 0);
  }
  const logged = await stage.watcher.sql`
    select source, details ->> 'hint' as hint
    from ops.system_logs
    where level = 'error' and source = 'a-failing' and message = 'broken'`;
  assert.deepEqual([...logged], [1, 2].map(() => ({ source: "a-failing", hint: "mend it" })));
});

Deno.test("each step is committed before the next, and the budget ends a run but no other's", async () => {
  await using stage = await Stage.open({ tick_seconds: 2 });
  await using session = await Session.open();
  await stage.topic("a-endless", "perform pg_sleep(0.05); return true;", "500 milliseconds");
  await stage.topic("b-good", "return false;");

  const ticking = tick(session);
  await until("two steps are seen", async () => await stage.calls("a-endless") >= 2);
  assert.equal(await ticking, "done");
  assert.equal(await stage.calls("b-good"), 1);
  const endless = await stage.look("a-endless");
  assert.equal(endless.last_outcome, "more");
  // what the tick had left went to the topic that had more to do
  assert.ok(Number(endless.runs) >= 2, `${endless.runs} runs`);
});

Deno.test("two ticks at once run each due topic once", async () => {
  await using stage = await Stage.open();
  await using left = await Session.open();
  await using right = await Session.open();
  const names = Array.from({ length: 12 }, (_, index) => `topic-${index}`);
  for (const name of names) await stage.topic(name, "perform pg_sleep(0.05); return false;");

  assert.deepEqual(await Promise.all([tick(left), tick(right)]), ["done", "done"]);
  for (const name of names) assert.equal(await stage.calls(name), 1, name);
  const { sql } = stage.watcher;
  const workers = await sql`select distinct pid from ${sql(stage.schema)}.calls`;
  assert.equal(workers.length, 2);
});

Deno.test("the topic of a tick that was killed is free again when its lease has ended", async () => {
  await using stage = await Stage.open();
  await using victim = await Session.open();
  await using other = await Session.open();
  await stage.topic(
    "a-killed",
    `
    if (select count(*) from ${stage.schema}.calls) < 2 then
      return true; -- this step is committed
    end if;
    perform pg_sleep(30);
    return false;`,
  );
  await stage.topic("b-good", "return false;");

  const ticking = tick(victim);
  await until("a step is seen", async () => await stage.calls("a-killed") === 1);
  await stage.untilRuns("a-killed", victim.pid);
  await stage.watcher.sql`select pg_terminate_backend(${victim.pid})`;
  assert.notEqual(await ticking, "done");

  assert.equal(await tick(other), "done");
  assert.equal(await stage.calls("b-good"), 1, "the other topic does not wait for the lease");
  assert.equal((await stage.look("a-killed")).last_outcome, null);
  await stage.expire("a-killed");
  assert.equal(await tick(other), "done");
  const lost = await stage.look("a-killed");
  assert.equal(lost.last_outcome, "lost");
  assert.equal(lost.lease_token, null);
  assert.equal(await stage.calls("a-killed"), 1, "the step that was killed is undone");

  await stage.watcher.sql.unsafe(
    `create or replace function ${stage.schema}.a_killed() returns boolean language sql
    as 'insert into ${stage.schema}.calls (topic) values (''a-killed''); select false'`,
  );
  await stage.due("a-killed");
  assert.equal(await tick(other), "done");
  assert.equal((await stage.look("a-killed")).last_outcome, "done");
  assert.equal(await stage.calls("a-killed"), 2);
});

Deno.test("a holder whose topic went to another finds its step undone", async () => {
  await using stage = await Stage.open();
  await using stale = await Session.open();
  await using heir = await Session.open();
  await stage.topic(
    "a-slow",
    `
    perform pg_advisory_xact_lock_shared(hashtext('${stage.schema}'));
    return false;`,
  );
  await stage.watcher.sql`select pg_advisory_lock(hashtext(${stage.schema}))`;
  await stage.watcher.sql`select ops.set_setting('ops.topic_lock_timeout_ms', '60000')`;

  const ticking = tick(stale);
  assert.equal(await waitsOrEnded(stage.watcher, stale, ticking), "waits");
  // the watchdog could not reach the holder, as if it ran with more rights
  await stage.watcher.sql`
    update ops.topics set lease_backend_start = '2000-01-01' where name = 'a-slow'`;
  await stage.expire("a-slow");
  await stage.watcher.sql`select ops.recover_leases()`;
  await stage.due("a-slow");
  const inheriting = tick(heir);
  assert.equal(await waitsOrEnded(stage.watcher, heir, inheriting), "waits");
  await stage.watcher.sql`select pg_advisory_unlock(hashtext(${stage.schema}))`;

  assert.equal(await ticking, "PL034");
  assert.equal(await inheriting, "done");
  assert.equal(await stage.calls("a-slow"), 1);
  assert.equal((await stage.look("a-slow")).last_outcome, "done");
});

Deno.test("a topic whose lock is taken tries again and is no failure", async () => {
  await using stage = await Stage.open({ topic_lock_timeout_ms: 20, topic_busy_pause_ms: 20 });
  await using session = await Session.open();
  await using blocker = await Session.open();
  await stage.watcher.sql.unsafe(`create table ${stage.schema}.wanted ()`);
  const body = `lock table ${stage.schema}.wanted; return false;`;
  await stage.topic("a-patient", body);
  await stage.topic("b-hasty", body, "100 milliseconds");
  await blocker.begin();
  await blocker.sql.unsafe(`lock table ${stage.schema}.wanted`);

  await stage.watcher.sql`update ops.topics set is_enabled = false where name = 'a-patient'`;
  assert.equal(await tick(session), "done");
  const hasty = await stage.look("b-hasty");
  assert.equal(hasty.last_outcome, "busy");
  assert.equal(hasty.consecutive_failures, 0);
  assert.equal(hasty.last_error?.sqlstate, "55P03");

  await stage.watcher.sql`update ops.topics set is_enabled = true where name = 'a-patient'`;
  const ticking = tick(session);
  await pause(200);
  await blocker.commit();
  assert.equal(await ticking, "done");
  const patient = await stage.look("a-patient");
  assert.equal(patient.last_outcome, "done");
  assert.equal(patient.runs, "1");
});

Deno.test("the watchdog cancels a handler that hangs, and the tick goes on", async () => {
  await using stage = await Stage.open();
  await using session = await Session.open();
  await stage.topic("a-hanging", "perform pg_sleep(60); return false;");
  await stage.topic("b-good", "return false;");

  const ticking = tick(session);
  await stage.untilRuns("a-hanging", session.pid);
  assert.equal((await stage.watcher.sql`select * from ops.recover_leases()`).length, 0);
  await stage.expire("a-hanging");
  assert.deepEqual([...await stage.watcher.sql`select * from ops.recover_leases()`], [
    { topic: "a-hanging", action: "cancelled" },
  ]);
  assert.equal(await ticking, "done");
  const hanging = await stage.look("a-hanging");
  assert.equal(hanging.last_outcome, "failed");
  assert.equal(hanging.last_error?.sqlstate, "57014");
  assert.equal(await stage.calls("b-good"), 1);
});

Deno.test("the watchdog ends the backend of a handler that no cancellation stops", async () => {
  await using stage = await Stage.open();
  await using session = await Session.open();
  await stage.topic(
    "a-stubborn",
    `
    loop
      begin
        perform pg_sleep(60);
      exception
        when query_canceled then null;
      end;
    end loop;`,
  );

  const ticking = tick(session);
  await stage.untilRuns("a-stubborn", session.pid);
  await stage.expire("a-stubborn");
  assert.deepEqual([...await stage.watcher.sql`select * from ops.recover_leases()`], [
    { topic: "a-stubborn", action: "cancelled" },
  ]);
  await stage.expire("a-stubborn", "1 hour");
  assert.deepEqual([...await stage.watcher.sql`select * from ops.recover_leases()`], [
    { topic: "a-stubborn", action: "terminated" },
  ]);
  assert.notEqual(await ticking, "done");
  assert.equal((await stage.look("a-stubborn")).last_outcome, "lost");
});

Deno.test("the watchdog leaves alone whoever came after the holder", async () => {
  await using stage = await Stage.open();
  await using bystander = await Session.open();
  await stage.topic("a-left", "return false;");
  // the same backend held the lease, and does something else by now
  const { sql } = bystander;
  await sql`select ops.claim_topic(now() + interval '1 minute')`;
  const working = send(sql`select pg_sleep(1)`);
  await stage.untilRuns("a-left", bystander.pid);
  await stage.expire("a-left", "1 hour");
  assert.deepEqual([...await stage.watcher.sql`select * from ops.recover_leases()`], [
    { topic: "a-left", action: "lost" },
  ]);
  assert.equal(await working, "done");
});

Deno.test("a search_path of the caller turns nothing in the tick", async () => {
  await using stage = await Stage.open();
  await using session = await Session.open();
  await stage.topic("a-good", "return false;");
  // In the path before pg_catalog: what the tick would call if it named anything loosely.
  const { sql } = session;
  await sql.unsafe(`
    create domain ${stage.schema}.uuid as text check (false);
    create domain ${stage.schema}.text as pg_catalog.text check (false);
    create domain ${stage.schema}.timestamptz as pg_catalog.text check (false);
    create function ${stage.schema}.pg_sleep(double precision) returns void language plpgsql
    as $$ begin raise exception 'turned'; end $$;
    create function ${stage.schema}.clock_timestamp() returns pg_catalog.timestamptz
    language plpgsql as $$ begin raise exception 'turned'; end $$;
    create function ${stage.schema}.before(pg_catalog.timestamptz, pg_catalog.timestamptz)
    returns boolean language plpgsql as $$ begin raise exception 'turned'; end $$;
    create operator ${stage.schema}.< (
      function = ${stage.schema}.before, leftarg = pg_catalog.timestamptz,
      rightarg = pg_catalog.timestamptz
    );
    create operator ${stage.schema}.<= (
      function = ${stage.schema}.before, leftarg = pg_catalog.timestamptz,
      rightarg = pg_catalog.timestamptz
    );
    create operator ${stage.schema}.>= (
      function = ${stage.schema}.before, leftarg = pg_catalog.timestamptz,
      rightarg = pg_catalog.timestamptz
    )`);
  await sql.unsafe(`set search_path = ${stage.schema}, pg_catalog`);
  assert.equal(await send(sql`select now() < now()`), "P0001", "the trap is set");
  assert.equal(await tick(session), "done");

  const rows = await stage.watcher.sql`
    select search_path from ${stage.watcher.sql(stage.schema)}.calls`;
  assert.deepEqual([...rows], [{ search_path: '""' }]);
});

Deno.test("pg_cron calls the tick and the watchdog each minute", async () => {
  await using watcher = await Session.open();
  const jobs = await watcher.sql`
    select jobname, schedule, command, active
    from cron.job
    where jobname in ('ops-tick', 'ops-watchdog')
    order by jobname`;
  assert.deepEqual([...jobs], [
    { jobname: "ops-tick", schedule: "* * * * *", command: "call ops.tick()", active: true },
    {
      jobname: "ops-watchdog",
      schedule: "* * * * *",
      command: "select ops.recover_leases()",
      active: true,
    },
  ]);
  // the next full minute, and what starting takes
  await until("both have run", async () => {
    const runs = await watcher.sql<{ jobname: string; status: string }[]>`
      select distinct jobname, status
      from cron.job_run_details
      join cron.job using (jobid)
      where jobname in ('ops-tick', 'ops-watchdog') and end_time is not null`;
    assert.ok(runs.every(({ status }) => status === "succeeded"), JSON.stringify(runs));
    return runs.length === 2;
  }, 75_000);
});
