/** A user who sends the same review twice at the same moment, as an impatient client does. */

import assert from "node:assert/strict";
import { assertNoDrift, type Ending, Fixture, send, Session, waitsOrEnded } from "./support.ts";

const review = ({ sql }: Session, business: string, user: string): Promise<Ending> =>
  send(sql`
    insert into directory.business_reviews (business_id, reviewer_id, rating, content)
    values (${business}, ${user}, 5, 'Twice.')`);

Deno.test("of two reviews by one user at once one is kept and the other gets 23505", async () => {
  await using watcher = await Session.open();
  await using fixture = new Fixture(watcher);
  await using left = await Session.open();
  await using right = await Session.open();
  const business = await fixture.business(await fixture.category());
  const user = await fixture.user();

  await left.beginAs(user);
  await right.beginAs(user);
  assert.equal(await review(left, business, user), "done");
  const second = review(right, business, user);
  await waitsOrEnded(watcher, right, second);
  await left.commit();
  assert.equal(await second, "23505");
  await right.rollback();

  const [{ count }] = await watcher.sql`
    select count(*)::int as count
    from directory.business_reviews
    where business_id = ${business}`;
  assert.equal(count, 1);
  await assertNoDrift(watcher, fixture);
});

Deno.test("when the first of two reviews is undone, the second is kept", async () => {
  await using watcher = await Session.open();
  await using fixture = new Fixture(watcher);
  await using left = await Session.open();
  await using right = await Session.open();
  const business = await fixture.business(await fixture.category());
  const user = await fixture.user();

  await left.beginAs(user);
  await right.beginAs(user);
  assert.equal(await review(left, business, user), "done");
  const second = review(right, business, user);
  await waitsOrEnded(watcher, right, second);
  await left.rollback();
  assert.equal(await second, "done");
  await right.commit();
});
