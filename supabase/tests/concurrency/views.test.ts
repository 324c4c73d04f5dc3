/** Views that are reported while others are folded and the same businesses are written. */

import assert from "node:assert/strict";
import { assertNoDrift, type Ending, Fixture, send, Session } from "./support.ts";

const REPORTERS = 5;
const CALLS = 60;

/** What the counters and the days of the fixture say. */
async function counted(session: Session, businesses: string[]) {
  const [row] = await session.sql<{ counters: number; days: number; logged: number }[]>`
    select
      (
        select sum(view_count + click_count)::int
        from directory.business_stats where business_id = any (${businesses})
      ) as counters,
      (
        select coalesce(sum(views), 0)::int
        from directory.business_view_daily where business_id = any (${businesses})
      ) as days,
      (
        select count(*)::int
        from directory.business_views where business_id = any (${businesses})
      ) as logged`;
  return { ...row };
}

/** Folds until nothing waits. A lock that is taken is no error: the executor repeats the step. */
async function foldAll(session: Session): Promise<void> {
  while ((await session.sql`select from directory_internal.business_events limit 1`).length > 0) {
    await session.sql`select directory_internal.fold_business_events()`;
  }
}

Deno.test("no event is lost or counted twice while two folds and writers run", async () => {
  await using watcher = await Session.open();
  await using fixture = new Fixture(watcher);
  const category = await fixture.category();
  const businesses: string[] = [];
  for (let i = 0; i < 4; i++) businesses.push(await fixture.business(category));
  const users = await fixture.users(REPORTERS);
  let reporting = true;
  const endings: Ending[] = [];

  const report = async (user: string) => {
    await using session = await Session.open();
    for (let i = 0; i < CALLS; i++) {
      // in an order of its own each time
      const events = businesses.map((business_id) => ({ business_id }))
        .sort(() => Math.random() - 0.5);
      await session.beginAs(user);
      const kind = i % 2 ? "track_view" : "track_click";
      endings.push(
        await send(
          session.sql`select ${session.sql(`directory.${kind}`)}(${session.sql.json(events)})`,
        ),
      );
      await session.commit();
    }
  };
  const fold = async () => {
    await using session = await Session.open();
    await session.sql`set statement_timeout = '20s'`;
    while (reporting) {
      endings.push(await send(session.sql`select directory_internal.fold_business_events()`));
    }
  };
  const write = async () => {
    await using session = await Session.open();
    while (reporting) {
      endings.push(
        await send(session.sql`
          update directory.businesses
          set short_description = ${crypto.randomUUID()}
          where id = any (${businesses})`),
      );
    }
  };

  const others = [fold(), fold(), write()];
  try {
    await Promise.all(users.map(report));
  } finally {
    reporting = false;
    await Promise.all(others);
  }
  await foldAll(watcher);

  assert.deepEqual(endings.filter((ending) => ending !== "done"), []);
  const views = REPORTERS * CALLS / 2 * businesses.length;
  assert.deepEqual(await counted(watcher, businesses), {
    counters: views * 2,
    days: views,
    logged: views,
  });
  await assertNoDrift(watcher, fixture);
  await watcher.sql`delete from directory.business_views where business_id = any (${businesses})`;
  await watcher.sql`
    delete from directory_internal.business_visitors where business_id = any (${businesses})`;
});

Deno.test("a business that goes while its views are folded stops nobody", async () => {
  await using watcher = await Session.open();
  await using deleter = await Session.open();
  await using folder = await Session.open();
  await using fixture = new Fixture(watcher);
  const category = await fixture.category();
  const business = await fixture.business(category);
  await foldAll(watcher);
  const event = watcher.sql.json([{ business_id: business }]);
  await watcher.sql`select directory.track_view(${event})`;

  await deleter.begin();
  await deleter.sql`delete from directory.businesses where id = ${business}`;
  const folded = send(folder.sql`select directory_internal.fold_business_events()`);
  await deleter.commit();
  assert.equal(await folded, "done");
  assert.deepEqual(
    [
      ...await watcher.sql`
      select business_id from directory_internal.business_events where business_id = ${business}
      union all
      select business_id from directory.business_views where business_id = ${business}`,
    ],
    [],
  );
});
