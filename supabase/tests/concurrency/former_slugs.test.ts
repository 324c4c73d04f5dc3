/** Two businesses that want one address at the same moment, one of which is just leaving it. */

import assert from "node:assert/strict";
import { assertNoDrift, Fixture, send, Session, waitsOrEnded } from "./support.ts";

Deno.test("who enters the name that another business gives up just now gets another address", async () => {
  await using watcher = await Session.open();
  await using fixture = new Fixture(watcher);
  await using left = await Session.open();
  await using right = await Session.open();
  const [owner, rival] = await fixture.users(2);
  const category = await fixture.category();
  const name = `Leaving ${fixture.mark}`;
  const slug = `leaving-${fixture.mark}-racing`;
  const [{ id }] = await watcher.sql`
    insert into directory.businesses (name, city, state, primary_category_id, owner_id)
    values (${name}, 'Racing', 'Ohio', ${category}, ${owner})
    returning id`;
  await watcher.sql`
    update directory.businesses set name = ${`Left ${fixture.mark}`} where id = ${id}`;

  await left.beginAs(owner);
  await right.beginAs(rival);
  assert.equal(await send(left.sql`select directory.renew_business_slug(${id})`), "done");
  assert.equal(
    await send(right.sql`
      insert into directory.businesses (name, city, state, primary_category_id, owner_id)
      values (${name}, 'Racing', 'Ohio', ${category}, ${rival})`),
    "done",
  );
  await left.commit();
  await right.commit();

  const found = await watcher.sql`select * from directory.resolve_business_slug(${slug})`;
  assert.deepEqual(found.map((row) => [row.business_id, row.is_redirect]), [[id, true]]);
  await assertNoDrift(watcher, fixture);
});

Deno.test("an import that waits for an address to be given up does not get it", async () => {
  await using watcher = await Session.open();
  await using fixture = new Fixture(watcher);
  await using left = await Session.open();
  await using right = await Session.open();
  const owner = await fixture.user();
  const category = await fixture.category();
  const slug = `given-up-${fixture.mark}`;
  const [{ id }] = await watcher.sql`
    insert into directory.businesses (slug, name, city, state, primary_category_id, owner_id)
    values (${slug}, ${`New ${fixture.mark}`}, 'Racing', 'Ohio', ${category}, ${owner})
    returning id`;

  await left.beginAs(owner);
  assert.equal(await send(left.sql`select directory.renew_business_slug(${id})`), "done");
  const taking = send(right.sql`
    insert into directory.businesses (slug, name, city, state, primary_category_id)
    values (${slug}, 'Rival', 'Racing', 'Ohio', ${category})`);
  // the unique index makes it wait for who held the address
  assert.equal(await waitsOrEnded(watcher, right, taking), "waits");
  await left.commit();
  assert.equal(await taking, "PL157");
  await assertNoDrift(watcher, fixture);
});

Deno.test("a business that renews its address twice at once has one, and both old ones lead to it", async () => {
  await using watcher = await Session.open();
  await using fixture = new Fixture(watcher);
  await using left = await Session.open();
  await using right = await Session.open();
  const owner = await fixture.user();
  const category = await fixture.category();
  const [{ id, slug }] = await watcher.sql`
    insert into directory.businesses (name, city, state, primary_category_id, owner_id)
    values (${`First ${fixture.mark}`}, 'Racing', 'Ohio', ${category}, ${owner})
    returning id, slug`;
  await watcher.sql`
    update directory.businesses set name = ${`Second ${fixture.mark}`} where id = ${id}`;

  await left.beginAs(owner);
  await right.beginAs(owner);
  const renew = ({ sql }: Session) => send(sql`select directory.renew_business_slug(${id})`);
  assert.equal(await renew(left), "done");
  const second = renew(right);
  assert.equal(await waitsOrEnded(watcher, right, second), "waits");
  await left.commit();
  assert.equal(await second, "done");
  await right.commit();

  const history = await watcher.sql`
    select slug from directory.business_slug_history where business_id = ${id}`;
  assert.deepEqual(history.map((row) => row.slug), [slug]);
  await assertNoDrift(watcher, fixture);
});
