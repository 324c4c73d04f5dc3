/** Writers who meet on one business, or on a business and the category tree, never wait in a ring. */

import assert from "node:assert/strict";
import { assertNoDrift, Fixture, send, Session, waitsOrEnded } from "./support.ts";

const write = ({ sql }: Session, business: string, user: string, status: string) =>
  send(sql`
    insert into directory.business_reviews (business_id, reviewer_id, rating, content, status)
    values (${business}, ${user}, 4, 'At the same time.', ${status})`);

const publish = ({ sql }: Session, business: string, user: string) =>
  send(sql`
    update directory.business_reviews
    set status = 'published'
    where business_id = ${business} and reviewer_id = ${user}`);

// Each review's foreign key holds the business; a trigger that then wants more than the other's
// foreign key allows would wait for it, and it for the trigger.
Deno.test("two reviewers of one business do not deadlock when both have written and then publish", async () => {
  await using watcher = await Session.open();
  await using fixture = new Fixture(watcher);
  await using left = await Session.open();
  await using right = await Session.open();
  const business = await fixture.business(await fixture.category());
  const [leftUser, rightUser] = await fixture.users(2);

  await left.begin();
  await right.begin();
  assert.equal(await write(left, business, leftUser, "pending"), "done");
  assert.equal(await write(right, business, rightUser, "pending"), "done");
  const leftPublishes = publish(left, business, leftUser);
  await waitsOrEnded(watcher, left, leftPublishes);
  const rightPublishes = publish(right, business, rightUser);
  await waitsOrEnded(watcher, right, rightPublishes);
  assert.equal(await leftPublishes, "done");
  await left.commit();
  assert.equal(await rightPublishes, "done");
  await right.commit();
  await assertNoDrift(watcher, fixture);
});

Deno.test("eight reviewers of one business at once all get through, 25 times", async () => {
  await using watcher = await Session.open();
  await using fixture = new Fixture(watcher);
  const category = await fixture.category();
  const users = await fixture.users(8);
  const sessions = await Promise.all(users.map(() => Session.open()));
  try {
    for (let round = 0; round < 25; round++) {
      const business = await fixture.business(category);
      const endings = await Promise.all(
        users.map((user, index) => write(sessions[index], business, user, "published")),
      );
      assert.deepEqual(new Set(endings), new Set(["done"]));
      const [{ review_count }] = await watcher.sql`
        select review_count from directory.listings where business_id = ${business}`;
      assert.equal(review_count, users.length);
    }
    await assertNoDrift(watcher, fixture);
  } finally {
    await Promise.all(sessions.map((session) => session[Symbol.asyncDispose]()));
  }
});

const edit = ({ sql }: Session, business: string, text: string) =>
  send(sql`
    update directory.businesses set short_description = ${text} where id = ${business}`);

const rename = ({ sql }: Session, category: string) =>
  send(sql`update directory.categories set name = name || ' renamed' where id = ${category}`);

Deno.test("an owner who waits for a change of the tree holds nothing that an import needs", async () => {
  await using watcher = await Session.open();
  await using fixture = new Fixture(watcher);
  await using importer = await Session.open();
  await using gardener = await Session.open();
  await using owner = await Session.open();
  const category = await fixture.category();
  const first = await fixture.business(category);
  const second = await fixture.business(category);

  await importer.begin();
  assert.equal(await edit(importer, first, "imported"), "done");
  // waits for the import, and whoever wants the tree now waits behind it
  const renamed = rename(gardener, category);
  assert.equal(await waitsOrEnded(watcher, gardener, renamed), "waits");
  const owned = edit(owner, second, "owned");
  assert.equal(await waitsOrEnded(watcher, owner, owned), "waits");

  // PostgreSQL would undo this knot after deadlock_timeout, and stop everybody until then
  const imported = edit(importer, second, "imported");
  assert.equal(await waitsOrEnded(watcher, importer, imported), "ended");
  await importer.commit();
  assert.deepEqual(await Promise.all([imported, renamed, owned]), ["done", "done", "done"]);
  await assertNoDrift(watcher, fixture);
});

Deno.test("a business can be deleted while its category is renamed", async () => {
  await using watcher = await Session.open();
  await using fixture = new Fixture(watcher);
  await using importer = await Session.open();
  await using gardener = await Session.open();
  await using operator = await Session.open();
  const category = await fixture.category();
  const other = await fixture.business(await fixture.category());
  const business = await fixture.business(category);
  assert.equal(await write(watcher, business, await fixture.user(), "published"), "done");

  // the import keeps the other two waiting for the tree until both are under way
  await importer.begin();
  assert.equal(await edit(importer, other, "imported"), "done");
  const renamed = rename(gardener, category);
  await waitsOrEnded(watcher, gardener, renamed);
  const deleted = send(operator.sql`delete from directory.businesses where id = ${business}`);
  await waitsOrEnded(watcher, operator, deleted);
  await importer.commit();
  assert.deepEqual(await Promise.all([renamed, deleted]), ["done", "done"]);
  await assertNoDrift(watcher, fixture);
});

Deno.test("the minute's fold does not deadlock with edits of several categories", async () => {
  await using watcher = await Session.open();
  await using fixture = new Fixture(watcher);
  await using admin = await Session.open();
  await using folder = await Session.open();
  const pair = [await fixture.category(), await fixture.category()];
  const feature = (category: string) =>
    send(admin.sql`update directory.categories set featured = true where id = ${category}`);

  // which row the fold takes first is the planner's choice, so the edits come in both orders
  for (const [first, second] of [pair, pair.toReversed()]) {
    await fixture.business(first);
    await fixture.business(second);
    await admin.begin();
    assert.equal(await feature(first), "done");
    const folded = send(folder.sql`select directory_internal.fold_category_counts()`);
    await waitsOrEnded(watcher, folder, folded);
    assert.equal(await feature(second), "done");
    await admin.commit();
    assert.equal(await folded, "done");
  }
  await assertNoDrift(watcher, fixture);
});
