/** The life of a review with supabase-js: votes, reports, moderation, answer, and its end. */

import assert from "node:assert/strict";
import { assertDone, assertRefused, Stage, visitor } from "./support.ts";

Deno.test("a review is voted on, reported, claimed, decided on and taken back", async (test) => {
  await using stage = new Stage();
  const author = await stage.signUp();
  const reader = await stage.signUp();
  const moderator = await stage.signUp("moderator");
  const other = await stage.signUp("moderator");
  const business = await stage.business();
  const { id: review } = assertDone(
    await author.client.from("business_reviews")
      .insert({ business_id: business, rating: 4, content: "Good.", reviewer_id: author.id })
      .select("id").single(),
  );
  await stage.sql`
    update directory_internal.review_queue set waiting_since = 'epoch' where review_id = ${review}`;

  await test.step("a moderator claims it and publishes it", async () => {
    const [claimed] = assertDone(await moderator.client.rpc("claim_reviews", { result_limit: 1 }));
    assert.deepEqual([claimed.review_id, claimed.content, claimed.flags], [review, "Good.", []]);
    assertRefused(
      await other.client.rpc("moderate_review", { review_id: review, decision: "reject" }),
      { status: 400, code: "PL172" },
    );
    const { error } = await moderator.client.rpc("moderate_review", {
      review_id: review,
      decision: "publish",
      claim: claimed.claim,
    });
    assert.equal(error, null);
    assertRefused(
      await moderator.client.rpc("moderate_review", {
        review_id: review,
        decision: "hide",
        claim: claimed.claim,
      }),
      { status: 400, code: "PL171" },
    );
  });

  await test.step("readers vote, and the counts come with the review", async () => {
    assert.deepEqual(
      assertDone(
        await reader.client.rpc("vote_on_review", { review_id: review, helpful: true }),
      ),
      [{ helpful_count: 1, not_helpful_count: 0 }],
    );
    assertRefused(
      await author.client.rpc("vote_on_review", { review_id: review, helpful: true }),
      { status: 400, code: "PL170" },
    );
    assertRefused(
      await visitor().rpc("vote_on_review", { review_id: review, helpful: true }),
      { status: 401, code: "42501" },
    );
    const seen = assertDone(
      await visitor().from("business_reviews")
        .select("id, review_vote_counts(helpful_count, not_helpful_count)")
        .eq("id", review).single(),
    );
    assert.deepEqual(seen.review_vote_counts, { helpful_count: 1, not_helpful_count: 0 });
  });

  await test.step("the figures of the business follow", async () => {
    const { recent_reviews, rating_counts } = assertDone(
      await visitor().from("review_figures").select("recent_reviews, rating_counts")
        .eq("business_id", business).single(),
    );
    assert.deepEqual([recent_reviews, rating_counts], [1, [0, 0, 0, 1, 0]]);
  });

  await test.step("a reader reports it once, and a moderator sees why", async () => {
    const report = () =>
      reader.client.from("review_flags").insert({ review_id: review, reason: "fake" });
    assert.equal((await report()).error, null);
    assertRefused(await report(), { status: 409, code: "23505" });
    await stage.sql`
      update directory_internal.review_queue
      set waiting_since = 'epoch' where review_id = ${review}`;
    const [claimed] = assertDone(await other.client.rpc("claim_reviews", {}));
    assert.equal(claimed.review_id, review);
    assert.equal((claimed.flags as { reason: string }[])[0].reason, "fake");
    assert.equal(
      assertDone(await other.client.rpc("release_review", { claim: claimed.claim })),
      true,
    );
  });

  await test.step("its author takes it back", async () => {
    assertRefused(
      await reader.client.rpc("delete_review", { review_id: review }),
      { status: 404, code: "PT404" },
    );
    assert.equal((await author.client.rpc("delete_review", { review_id: review })).error, null);
    const seen = await reader.client.from("business_reviews").select("id").eq("id", review);
    assert.deepEqual(assertDone(seen), []);
  });

  await test.step("nobody without the service key reconciles the figures", async () => {
    assertRefused(await moderator.client.rpc("refresh_business_stats"), {
      status: 403,
      code: "42501",
    });
  });
});
