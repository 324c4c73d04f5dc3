/** Changes of the category tree that meet each other, or meet businesses, at the same moment. */

import assert from "node:assert/strict";
import { assertNoDrift, Fixture, send, Session, waitsOrEnded } from "./support.ts";

const move = ({ sql }: Session, category: string, parent: string) =>
  send(sql`update directory.categories set parent_id = ${parent} where id = ${category}`);

const counts = async ({ sql }: Session, ids: string[]) => {
  const rows = await sql<{ id: string; count: number }[]>`
    select id, business_count as count from directory.category_tree where id = any (${ids})`;
  return ids.map((id) => rows.find((row) => row.id === id)?.count);
};

const enter = ({ sql }: Session, category: string, mark: string) =>
  send(sql`
    insert into directory.businesses (name, primary_category_id, city, state, status)
    values (${`Late ${mark}`}, ${category}, 'Racing', 'Ohio', 'active')`);

Deno.test("two moves at once that would make a ring: the second is refused", async () => {
  await using watcher = await Session.open();
  await using fixture = new Fixture(watcher);
  await using left = await Session.open();
  await using right = await Session.open();
  const [a, b] = [await fixture.category(), await fixture.category()];

  await left.begin();
  await right.begin();
  assert.equal(await move(left, a, b), "done");
  const second = move(right, b, a);
  await waitsOrEnded(watcher, right, second);
  await left.commit();
  assert.equal(await second, "PL111");
  await right.rollback();

  const rows = await watcher.sql<{ id: string; path: string[] }[]>`
    select id, path from directory.categories where id = any (${[a, b]}) order by level`;
  assert.deepEqual(rows.map((row) => row.path), [[b], [b, a]]);
  await assertNoDrift(watcher, fixture);
});

Deno.test("two moves at once of full categories leave right paths and counters", async () => {
  await using watcher = await Session.open();
  await using fixture = new Fixture(watcher);
  await using left = await Session.open();
  await using right = await Session.open();
  const [north, south] = [await fixture.category(), await fixture.category()];
  const middle = await fixture.category(north);
  const leaf = await fixture.category(middle);
  await fixture.business(middle);
  await fixture.business(leaf);
  await fixture.business(leaf);

  // the middle goes south while the leaf leaves it for the north
  await left.begin();
  await right.begin();
  assert.equal(await move(left, middle, south), "done");
  const second = move(right, leaf, north);
  await waitsOrEnded(watcher, right, second);
  await left.commit();
  assert.equal(await second, "done");
  await right.commit();

  assert.deepEqual(await counts(watcher, [north, south, middle, leaf]), [2, 1, 1, 2]);
  await assertNoDrift(watcher, fixture);
});

Deno.test("a business that comes while its category moves is counted in the new place", async () => {
  for (const first of ["move", "business"]) {
    await using watcher = await Session.open();
    await using fixture = new Fixture(watcher);
    await using gardener = await Session.open();
    await using owner = await Session.open();
    const [north, south] = [await fixture.category(), await fixture.category()];
    const leaf = await fixture.category(north);
    await fixture.business(leaf);

    const [leader, follower] = first === "move" ? [gardener, owner] : [owner, gardener];
    const act = (session: Session) =>
      session === gardener ? move(gardener, leaf, south) : enter(owner, leaf, fixture.mark);
    await leader.begin();
    await follower.begin();
    assert.equal(await act(leader), "done", first);
    const second = act(follower);
    await waitsOrEnded(watcher, follower, second);
    await leader.commit();
    assert.equal(await second, "done", first);
    await follower.commit();

    assert.deepEqual(await counts(watcher, [north, south, leaf]), [0, 2, 2], first);
    const [{ found }] = await watcher.sql`
      select count(*)::int as found
      from directory_internal.documents
      where document @@ ${`'k#${south}'`}::tsquery`;
    assert.equal(found, 2, `${first} first: both are found under the new place`);
    await assertNoDrift(watcher, fixture);
  }
});

Deno.test("a fold that meets a move counts nothing twice and loses nothing", async () => {
  await using watcher = await Session.open();
  await using fixture = new Fixture(watcher);
  await using folder = await Session.open();
  await using gardener = await Session.open();
  const [north, south] = [await fixture.category(), await fixture.category()];
  const leaf = await fixture.category(north);

  for (let round = 0; round < 40; round++) {
    await fixture.business(leaf);
    const endings = await Promise.all([
      send(folder.sql`select directory_internal.fold_category_counts()`),
      move(gardener, leaf, round % 2 === 0 ? south : north),
    ]);
    assert.deepEqual(endings, ["done", "done"]);
  }
  assert.deepEqual(await counts(watcher, [north, south, leaf]), [40, 0, 40]);
  await assertNoDrift(watcher, fixture);
});

Deno.test("a category that is deleted takes no pending count with it", async () => {
  await using watcher = await Session.open();
  await using fixture = new Fixture(watcher);
  const [top, elsewhere] = [await fixture.category(), await fixture.category()];
  const leaf = await fixture.category(top);
  const business = await fixture.business(leaf);
  await watcher.sql`select directory_internal.fold_category_counts()`;
  await watcher.sql`
    update directory.businesses set primary_category_id = ${elsewhere} where id = ${business}`;
  await watcher.sql`delete from directory.categories where id = ${leaf}`;

  assert.deepEqual(await counts(watcher, [top, elsewhere]), [0, 1]);
  await watcher.sql`select directory_internal.fold_category_counts()`;
  assert.deepEqual(await counts(watcher, [top, elsewhere]), [0, 1]);
  await assertNoDrift(watcher, fixture);
});
