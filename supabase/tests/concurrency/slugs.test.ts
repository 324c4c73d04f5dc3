/** Two users enter a business of the same name in the same city at the same moment. */

import assert from "node:assert/strict";
import { Fixture, send, Session } from "./support.ts";

async function enterTwice(endOfFirst: "commit" | "rollback") {
  await using watcher = await Session.open();
  await using fixture = new Fixture(watcher);
  await using left = await Session.open();
  await using right = await Session.open();
  const category = await fixture.category();
  const [leftUser, rightUser] = await fixture.users(2);
  const enter = ({ sql }: Session, owner: string) =>
    send(sql`
      insert into directory.businesses (name, city, state, primary_category_id, owner_id)
      values (${`Twin ${fixture.mark}`}, 'Racing', 'Ohio', ${category}, ${owner})`);

  await left.beginAs(leftUser);
  await right.beginAs(rightUser);
  assert.equal(await enter(left, leftUser), "done");
  // the first transaction is still open: the second waits for nothing
  assert.equal(await enter(right, rightUser), "done");
  await left[endOfFirst]();
  await right.commit();

  const rows = await watcher.sql<{ slug: string; owner_id: string }[]>`
    select slug, owner_id
    from directory.businesses
    where primary_category_id = ${category}
    order by char_length(slug)`;
  return { slug: `twin-${fixture.mark}-racing`, leftUser, rightUser, rows };
}

Deno.test("both of two equal entries at once exist, each with a slug of its own", async () => {
  const { slug, leftUser, rightUser, rows } = await enterTwice("commit");
  assert.deepEqual(rows.map((row) => row.owner_id), [leftUser, rightUser]);
  assert.equal(rows[0].slug, slug);
  assert.ok(rows[1].slug.startsWith(`${slug}-`), rows[1].slug);
});

Deno.test("when the first of two equal entries is undone, the second keeps the slug it got", async () => {
  const { slug, rightUser, rows } = await enterTwice("rollback");
  assert.deepEqual(rows.map((row) => row.owner_id), [rightUser]);
  assert.ok(rows[0].slug.startsWith(`${slug}-`), rows[0].slug);
});

Deno.test("two imports that bring the same names in opposite orders both get through", async () => {
  await using watcher = await Session.open();
  await using fixture = new Fixture(watcher);
  await using left = await Session.open();
  await using right = await Session.open();
  const category = await fixture.category();
  const enter = ({ sql }: Session, names: string[]) =>
    send(sql`
      insert into directory.businesses (name, city, state, primary_category_id)
      select name, 'Racing', 'Ohio', ${category} from unnest(${names}::text[]) as name`);
  const names = Array.from({ length: 300 }, (_, i) => `Import ${fixture.mark} ${i}`);
  const ends = await Promise.all([enter(left, names), enter(right, names.toReversed())]);
  assert.deepEqual(ends, ["done", "done"]);

  const [{ entered, slugs }] = await watcher.sql<{ entered: number; slugs: number }[]>`
    select count(*)::int as entered, count(distinct slug)::int as slugs
    from directory.businesses
    where primary_category_id = ${category}`;
  assert.deepEqual([entered, slugs], [600, 600]);
});
