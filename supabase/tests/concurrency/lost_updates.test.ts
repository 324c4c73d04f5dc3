/** A review and an edit of the same business at the same moment: neither may undo the other. */

import assert from "node:assert/strict";
import { assertNoDrift, Fixture, send, Session, waitsOrEnded } from "./support.ts";

const LONG_TEXT = "A text of more than eighty characters, which makes the entry more complete. ";

/** What must show both writes. */
async function publicRow({ sql }: Session, business: string) {
  const [row] = await sql`
    select
      listings.short_description, listings.review_count, listings.avg_rating,
      listings.quality_score = business_stats.quality_score as same_score
    from directory.listings
    join directory.business_stats using (business_id)
    where business_id = ${business}`;
  return { ...row };
}

for (const first of ["review", "edit"]) {
  Deno.test(`a review and an edit at once are both kept when the ${first} commits first`, async () => {
    await using watcher = await Session.open();
    await using fixture = new Fixture(watcher);
    await using reviewer = await Session.open();
    await using editor = await Session.open();
    const business = await fixture.business(await fixture.category());
    const user = await fixture.user();

    const write = {
      review: () =>
        send(reviewer.sql`
          insert into directory.business_reviews (business_id, reviewer_id, rating, content, status)
          values (${business}, ${user}, 2, 'Meets the edit.', 'published')`),
      edit: () =>
        send(editor.sql`
          update directory.businesses
          set short_description = 'edited', description = ${LONG_TEXT}
          where id = ${business}`),
    };
    const [leader, follower] = first === "review" ? [reviewer, editor] : [editor, reviewer];
    await leader.begin();
    await follower.begin();
    assert.equal(await write[first === "review" ? "review" : "edit"](), "done");
    const second = write[first === "review" ? "edit" : "review"]();
    await waitsOrEnded(watcher, follower, second);
    await leader.commit();
    assert.equal(await second, "done");
    await follower.commit();

    assert.deepEqual(await publicRow(watcher, business), {
      short_description: "edited",
      review_count: 1,
      avg_rating: "2.00",
      same_score: true,
    });
    await assertNoDrift(watcher, fixture);
  });
}

Deno.test("in 200 random rounds no review and no edit is lost", async () => {
  await using watcher = await Session.open();
  await using fixture = new Fixture(watcher);
  await using reviewer = await Session.open();
  await using editor = await Session.open();
  const categories = [await fixture.category(), await fixture.category()];
  const business = await fixture.business(categories[0]);
  const users = await fixture.users(10);

  const pick = <T>(choices: readonly T[]) => choices[Math.floor(Math.random() * choices.length)];
  const review = () => {
    const { sql } = reviewer;
    const user = pick(users);
    const rating = pick([1, 2, 3, 4, 5]);
    return pick([
      () =>
        sql`
        insert into directory.business_reviews (business_id, reviewer_id, rating, content, status)
        values (${business}, ${user}, ${rating}, 'Round.', 'published')
        on conflict (business_id, reviewer_id) where deleted_at is null
        do update set rating = excluded.rating`,
      () =>
        sql`
        update directory.business_reviews
        set status = 'published', rating = ${rating}
        where business_id = ${business} and status = 'pending'`,
      () =>
        sql`
        update directory.business_reviews
        set deleted_at = now()
        where business_id = ${business} and reviewer_id = ${user} and deleted_at is null`,
      () =>
        sql`
        delete from directory.business_reviews
        where business_id = ${business} and reviewer_id = ${user}`,
    ])();
  };

  for (let round = 1; round <= 200; round++) {
    const text = `round ${round}`;
    const endings = await Promise.all([
      send(review()),
      send(editor.sql`
        update directory.businesses
        set
          short_description = ${text},
          description = ${pick([null, LONG_TEXT])},
          primary_category_id = ${pick(categories)}
        where id = ${business}`),
    ]);
    assert.deepEqual(endings, ["done", "done"], text);
    const [row] = await watcher.sql`
      select
        listings.short_description as text, listings.category_id as category,
        listings.review_count as count, listings.quality_score as score,
        businesses.primary_category_id as true_category,
        facts.count as true_count,
        directory_internal.quality_score(
          businesses, facts.count, facts.total, weights.completeness, weights.verification,
          weights.rating, weights.volume, weights.prior_rating, weights.prior_reviews,
          weights.full_volume
        ) as true_score
      from directory.listings
      join directory.businesses on businesses.id = listings.business_id
      cross join directory_internal.quality_weights() as weights
      cross join lateral (
        select count(*)::int as count, coalesce(sum(rating), 0)::int as total
        from directory.business_reviews
        where business_id = businesses.id and status = 'published' and deleted_at is null
      ) as facts
      where listings.business_id = ${business}`;
    assert.deepEqual(
      [row.text, row.category, row.count, row.score],
      [text, row.true_category, row.true_count, row.true_score],
    );
  }
  await assertNoDrift(watcher, fixture);
});
