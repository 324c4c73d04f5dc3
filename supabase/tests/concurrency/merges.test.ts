/** A merge of two businesses among those who write to them. */

import assert from "node:assert/strict";
import { assertNoDrift, Fixture, send, Session, waitsOrEnded } from "./support.ts";

const merge = ({ sql }: Session, duplicate: string, kept: string) =>
  send(sql`select directory.merge_businesses(${duplicate}, ${kept})`);

Deno.test("two merges of one pair in opposite directions: one wins, no deadlock, one is left", async () => {
  await using watcher = await Session.open();
  await using fixture = new Fixture(watcher);
  await using left = await Session.open();
  await using right = await Session.open();
  const category = await fixture.category();
  const one = await fixture.business(category);
  const other = await fixture.business(category);

  await left.begin();
  await right.begin();
  assert.equal(await merge(left, one, other), "done");
  const second = merge(right, other, one);
  assert.equal(await waitsOrEnded(watcher, right, second), "waits");
  await left.commit();
  assert.equal(await second, "PL153");
  await right.rollback();

  const rows = await watcher.sql`
    select id from directory.businesses
    where primary_category_id = ${category} and status = 'active'`;
  assert.deepEqual(rows.map((row) => row.id), [other]);
  await assertNoDrift(watcher, fixture);
});

Deno.test("reviews that come while a business is merged are counted where they stand", async () => {
  await using watcher = await Session.open();
  await using fixture = new Fixture(watcher);
  await using merging = await Session.open();
  const category = await fixture.category();
  const users = await fixture.users(6);
  const sessions = await Promise.all(users.map(() => Session.open()));
  try {
    for (let round = 0; round < 5; round++) {
      const duplicate = await fixture.business(category);
      const kept = await fixture.business(category);
      const endings = await Promise.all([
        ...users.map((user, index) =>
          send(sessions[index].sql`
            insert into directory.business_reviews
              (business_id, reviewer_id, rating, content, status)
            values (${index % 2 ? kept : duplicate}, ${user}, 4, 'Among a merge.', 'published')`)
        ),
        merge(merging, duplicate, kept),
      ]);
      assert.deepEqual(new Set(endings), new Set(["done"]));
      const [{ count }] = await watcher.sql`
        select count(*)::int as count
        from directory.business_reviews
        where business_id in (${duplicate}, ${kept}) and deleted_at is null`;
      assert.equal(count, users.length);
    }
    await assertNoDrift(watcher, fixture);
  } finally {
    await Promise.all(sessions.map((session) => session[Symbol.asyncDispose]()));
  }
});

Deno.test("views that are folded while their business is merged are not lost", async () => {
  await using watcher = await Session.open();
  await using fixture = new Fixture(watcher);
  await using merging = await Session.open();
  await using folding = await Session.open();
  const category = await fixture.category();
  const duplicate = await fixture.business(category);
  const kept = await fixture.business(category);
  await watcher.sql`
    insert into directory_internal.business_events (kind, business_id, visitor_id)
    select 'view', id, gen_random_uuid()
    from unnest(${[duplicate, kept]}::uuid[]) as id, generate_series(1, 50)`;

  await merging.begin();
  assert.equal(await merge(merging, duplicate, kept), "done");
  // the fold leaves its work to the next minute
  assert.equal(
    await send(folding.sql`select directory_internal.fold_business_events()`),
    "done",
  );
  await merging.commit();
  for (let more = true; more;) {
    [{ more }] = await folding.sql<{ more: boolean }[]>`
      select directory_internal.fold_business_events() as more`;
  }
  const rows = await watcher.sql`
    select business_id, view_count
    from directory.business_stats
    where business_id in (${duplicate}, ${kept}) and view_count > 0`;
  assert.deepEqual(rows.map((row) => [row.business_id, row.view_count]), [[kept, 100]]);
  await assertNoDrift(watcher, fixture);
});
