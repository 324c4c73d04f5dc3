/** Saves and the map: counts that many move at once while they are folded and recounted. */

import assert from "node:assert/strict";
import { assertNoDrift, type Ending, Fixture, send, Session, waitsOrEnded } from "./support.ts";

const SAVERS = 4;
const CALLS = 60;

Deno.test("no save and no place on the map is lost or counted twice", async () => {
  await using watcher = await Session.open();
  await using fixture = new Fixture(watcher);
  const category = await fixture.category();
  const businesses: string[] = [];
  for (let i = 0; i < 4; i++) businesses.push(await fixture.business(category));
  const users = await fixture.users(SAVERS);
  let saving = true;
  const endings: Ending[] = [];

  const save = async (user: string) => {
    await using session = await Session.open();
    for (let i = 0; i < CALLS; i++) {
      const business = businesses[Math.floor(Math.random() * businesses.length)];
      const rpc = Math.random() < 0.6 ? "save_business" : "unsave_business";
      await session.beginAs(user);
      endings.push(
        await send(session.sql`select ${session.sql(`directory.${rpc}`)}(${business})`),
      );
      await session.commit();
    }
  };
  const move = async () => {
    await using session = await Session.open();
    while (saving) {
      endings.push(
        await send(session.sql`
          update directory.businesses
          set longitude = 360 * random() - 180, latitude = 160 * random() - 80
          where id = any (${businesses})`),
      );
    }
  };
  const repeat = async (name: string) => {
    await using session = await Session.open();
    await session.sql`set statement_timeout = '20s'`;
    while (saving) {
      endings.push(await send(session.sql`select ${session.sql(`directory_internal.${name}`)}()`));
    }
  };

  const others = [
    move(),
    move(),
    ...["fold_save_counts", "fold_save_counts", "fold_map_counts", "recount_map"].map(repeat),
  ];
  try {
    await Promise.all(users.map(save));
  } finally {
    saving = false;
    await Promise.all(others);
  }

  assert.deepEqual(endings.filter((ending) => ending !== "done"), []);
  await assertNoDrift(watcher, fixture);
  while ((await watcher.sql`select directory_internal.fold_save_counts() as more`)[0].more);
  while ((await watcher.sql`select directory_internal.fold_map_counts() as more`)[0].more);
  await assertNoDrift(watcher, fixture);
  const [{ counted, kept }] = await watcher.sql`
    select
      (
        select sum(save_count)::int
        from directory.business_stats where business_id = any (${businesses})
      ) as counted,
      (
        select count(*)::int
        from directory.business_saves where business_id = any (${businesses})
      ) as kept`;
  assert.equal(counted, kept);
});

Deno.test("a user who saves twice at once has saved once, and the cap holds for both", async () => {
  await using watcher = await Session.open();
  await using first = await Session.open();
  await using second = await Session.open();
  await using fixture = new Fixture(watcher);
  const business = await fixture.business(await fixture.category());
  const user = await fixture.user();

  await first.beginAs(user);
  await second.beginAs(user);
  await first.sql`select directory.save_business(${business})`;
  const again = second.sql`select directory.save_business(${business}) as saved`.execute();
  assert.equal(await waitsOrEnded(watcher, second, again.then(() => "done")), "waits");
  await first.commit();
  assert.equal((await again)[0].saved, false);
  await second.commit();
  assert.equal(
    (await watcher.sql`select from directory.business_saves where user_id = ${user}`).length,
    1,
  );
});
