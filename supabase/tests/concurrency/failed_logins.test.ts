/** Fifty failed logins at the same moment: each counts, and each event is raised once. */

import assert from "node:assert/strict";
import { type Ending, send, Session, waitsOrEnded } from "./support.ts";

const COUNT = 50;

/** An address of the documentation's network 2001:db8::/32 in a /64 that no other test has. */
function unusedAddress(): string {
  const [high, low] = crypto.getRandomValues(new Uint16Array(2));
  return `2001:db8:${high.toString(16)}:${low.toString(16)}::1`;
}

const fail = ({ sql }: Session, email: string, address: string | null): Promise<Ending> =>
  send(sql`select ops.log_failed_login(${email}, ${address})`);

/** Opens that many sessions, and closes them when the test ends. */
async function openSessions(count: number, scope: AsyncDisposableStack): Promise<Session[]> {
  const sessions = await Promise.all(Array.from({ length: count }, () => Session.open()));
  for (const session of sessions) scope.use(session);
  return sessions;
}

/** What was raised about an account or from an address, as type and how often. */
async function raised(
  { sql }: Session,
  about: { email?: string; address?: string },
): Promise<Record<string, number>> {
  const rows = await sql<{ event_type: string; count: number }[]>`
    select event_type, count(*)::int as count
    from audit.security_events
    where event_type <> 'failed_login'
      and subject in (
        audit.account_hash(${about.email ?? "nobody"}),
        audit.caller_network(${about.address ?? null}::inet)::text
      )
    group by event_type
    order by event_type`;
  return Object.fromEntries(rows.map(({ event_type, count }) => [event_type, count]));
}

Deno.test("fifty failures at once on one account from one address raise each event once", async () => {
  await using scope = new AsyncDisposableStack();
  const sessions = await openSessions(COUNT, scope);
  const email = `${crypto.randomUUID()}@race.example.com`;
  const address = unusedAddress();

  const endings = await Promise.all(sessions.map((session) => fail(session, email, address)));
  assert.deepEqual(endings, Array(COUNT).fill("done"));

  const [{ attempts }] = await sessions[0].sql`
    select count(*)::int as attempts
    from audit.login_attempts
    where account_hash = audit.account_hash(${email})`;
  assert.equal(attempts, COUNT);
  assert.deepEqual(await raised(sessions[0], { email, address }), {
    account_brute_force_detected: 1,
    brute_force_detected: 1,
  });
});

Deno.test("fifty accounts at once from one address are one spraying", async () => {
  await using scope = new AsyncDisposableStack();
  const sessions = await openSessions(COUNT, scope);
  const address = unusedAddress();

  const endings = await Promise.all(
    sessions.map((session) => fail(session, `${crypto.randomUUID()}@race.example.com`, address)),
  );
  assert.deepEqual(endings, Array(COUNT).fill("done"));
  assert.deepEqual(await raised(sessions[0], { address }), {
    brute_force_detected: 1,
    password_spraying_detected: 1,
  });
});

Deno.test("fifty addresses at once on one account are one distributed attack", async () => {
  await using scope = new AsyncDisposableStack();
  const sessions = await openSessions(COUNT, scope);
  const email = `${crypto.randomUUID()}@race.example.com`;

  const endings = await Promise.all(
    sessions.map((session) => fail(session, email, unusedAddress())),
  );
  assert.deepEqual(endings, Array(COUNT).fill("done"));
  assert.deepEqual(await raised(sessions[0], { email }), {
    account_brute_force_detected: 1,
    distributed_attack_detected: 1,
  });
});

Deno.test("as many failures as break a rule, none of which has committed, still break it", async () => {
  await using scope = new AsyncDisposableStack();
  const [watcher, first, second] = await openSessions(3, scope);
  const email = `${crypto.randomUUID()}@race.example.com`;
  const address = unusedAddress();
  for (let i = 0; i < 4; i++) assert.equal(await fail(watcher, email, address), "done");

  await first.begin();
  assert.equal(await fail(first, email, address), "done");
  const sixth = fail(second, email, address);
  assert.equal(await waitsOrEnded(watcher, second, sixth), "waits");
  await first.commit();
  assert.equal(await sixth, "done");
  assert.deepEqual(await raised(watcher, { address }), { brute_force_detected: 1 });
});

Deno.test("a known brute force hides no spraying whose last two accounts come at once", async () => {
  await using scope = new AsyncDisposableStack();
  const [watcher, first, second] = await openSessions(3, scope);
  const address = unusedAddress();
  const account = () => `${crypto.randomUUID()}@race.example.com`;
  const known = account();
  for (let i = 0; i < 6; i++) assert.equal(await fail(watcher, known, address), "done");
  for (let i = 0; i < 8; i++) assert.equal(await fail(watcher, account(), address), "done");
  assert.deepEqual(await raised(watcher, { address }), { brute_force_detected: 1 });

  await first.begin();
  assert.equal(await fail(first, account(), address), "done");
  assert.equal(await fail(watcher, known, address), "done", "a known account waits for nobody");
  const eleventh = fail(second, account(), address);
  assert.equal(await waitsOrEnded(watcher, second, eleventh), "waits");
  await first.commit();
  assert.equal(await eleventh, "done");
  assert.deepEqual(await raised(watcher, { address }), {
    brute_force_detected: 1,
    password_spraying_detected: 1,
  });
});

Deno.test("ten accounts at once after a known brute force are one spraying, each time", async () => {
  await using scope = new AsyncDisposableStack();
  const sessions = await openSessions(10, scope);
  const known = `${crypto.randomUUID()}@race.example.com`;
  for (let round = 0; round < 8; round++) {
    const address = unusedAddress();
    for (let i = 0; i < 6; i++) await fail(sessions[0], known, address);
    await Promise.all(
      sessions.map((session) => fail(session, `${crypto.randomUUID()}@race.example.com`, address)),
    );
    assert.deepEqual(await raised(sessions[0], { address }), {
      brute_force_detected: 1,
      password_spraying_detected: 1,
    }, `round ${round}`);
  }
});

Deno.test("a known brute force hides no distributed attack whose last two addresses come at once", async () => {
  await using scope = new AsyncDisposableStack();
  const [watcher, first, second] = await openSessions(3, scope);
  const email = `${crypto.randomUUID()}@race.example.com`;
  const known = unusedAddress();
  for (let i = 0; i < 11; i++) assert.equal(await fail(watcher, email, known), "done");
  for (let i = 0; i < 3; i++) assert.equal(await fail(watcher, email, unusedAddress()), "done");
  assert.deepEqual(await raised(watcher, { email }), { account_brute_force_detected: 1 });

  await first.begin();
  assert.equal(await fail(first, email, unusedAddress()), "done");
  const sixth = fail(second, email, unusedAddress());
  assert.equal(await waitsOrEnded(watcher, second, sixth), "waits");
  await first.commit();
  assert.equal(await sixth, "done");
  assert.deepEqual(await raised(watcher, { email }), {
    account_brute_force_detected: 1,
    distributed_attack_detected: 1,
  });
});

Deno.test("twenty who raise one event at once, as grave or graver, leave one row of it", async () => {
  await using scope = new AsyncDisposableStack();
  const sessions = await openSessions(20, scope);
  const subject = crypto.randomUUID();
  const severities = ["info", "warning", "critical"];
  const results = await Promise.all(sessions.map(({ sql }, i) =>
    sql<{ is_new: boolean }[]>`
      select audit.raise_security_event(
        'planted', ${severities[i % 3]}, ${subject}, interval '1 hour'
      ) as is_new`
  ));
  assert.equal(results.filter(([{ is_new }]) => is_new).length, 1);
  const rows = await sessions[0].sql`
    select from audit.security_events where event_type = 'planted' and subject = ${subject}`;
  assert.equal(rows.length, 1);
});

Deno.test("twenty failures at once, each told by the hook as well, raise each event once", async () => {
  await using scope = new AsyncDisposableStack();
  const sessions = await openSessions(20, scope);
  const email = `${crypto.randomUUID()}@race.example.com`;
  const address = unusedAddress();
  const endings = await Promise.all(sessions.map(({ sql }, i) =>
    send(
      i % 2 === 0
        ? sql`select audit.record_login(${email}, ${address}, false)`
        : sql`select audit.record_login(${email}, null, false, source => 'hook')`,
    )
  ));
  assert.deepEqual(endings, Array(20).fill("done"));
  const events = await sessions[0].sql`
    select event_type, count(*)::int as count
    from audit.security_events
    where subject in (audit.account_hash(${email}), audit.caller_network(${address})::text)
    group by event_type
    order by event_type`;
  assert.deepEqual([...events], [
    { event_type: "brute_force_detected", count: 1 },
    { event_type: "failed_login", count: 1 },
  ]);
});
