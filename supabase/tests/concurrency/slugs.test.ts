/** Two users enter a business of the same name in the same city at the same moment. */

import assert from "node:assert/strict";
import { Fixture, send, Session, waitsOrEnded } from "./support.ts";

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
  const second = enter(right, rightUser);
  await waitsOrEnded(watcher, right, second);
  await left[endOfFirst]();
  assert.equal(await second, "done");
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

Deno.test("when the first of two equal entries is undone, the second has the plain slug", async () => {
  const { slug, rightUser, rows } = await enterTwice("rollback");
  assert.deepEqual(rows.map((row) => [row.slug, row.owner_id]), [[slug, rightUser]]);
});
