/** The product's main job from end to end, with nothing but supabase-js: the story of the README. */

import assert from "node:assert/strict";
import { assertDone, assertRefused, Stage, visitor } from "./support.ts";

/** The middle of Portland, Oregon, where the seed has cafés. */
const PORTLAND = { longitude: -122.6765, latitude: 45.5231, radius_meters: 15_000 };

Deno.test("a user finds a business by a misspelt word, reviews it, and cannot cheat", async (test) => {
  await using stage = new Stage();
  const reviewer = await stage.signUp();
  const stranger = await stage.signUp();
  const moderator = await stage.signUp("moderator");
  let business = "";
  let review = "";

  const figures = async () =>
    assertDone(
      await visitor().from("listings").select("review_count, avg_rating, quality_score")
        .eq("business_id", business).single(),
    );
  const statusOf = async () =>
    assertDone(
      await reviewer.client.from("business_reviews").select("status, rating").eq("id", review)
        .single(),
    );

  await test.step("the misspelt word is corrected, and the nearest cafés come back", async () => {
    const found = assertDone(
      await reviewer.client.rpc("search_businesses", { search_query: "cofee", ...PORTLAND }),
    );
    assert.ok(found.length > 0);
    assert.deepEqual(found[0].corrections, [{ from: "cofee", to: "coffee" }]);
    assert.ok(found.every(({ distance_meters }) => distance_meters <= PORTLAND.radius_meters));
    assert.match(found[0].name, /coffee/i);
    business = found[0].id;
  });

  await test.step("a review is taken, waits for moderation, and only its author sees it", async () => {
    const written = assertDone(
      await reviewer.client.from("business_reviews")
        .insert({
          business_id: business,
          reviewer_id: reviewer.id,
          rating: 5,
          title: "Worth the walk",
          content: "Quiet in the morning, and the flat white is right.",
        })
        .select("id, status")
        .single(),
    );
    assert.equal(written.status, "pending");
    review = written.id;
    const seen = await visitor().from("business_reviews").select("id").eq("id", review);
    assert.deepEqual(assertDone(seen), []);
  });

  await test.step("a second review of the same business is refused", async () => {
    assertRefused(
      await reviewer.client.from("business_reviews").insert({
        business_id: business,
        reviewer_id: reviewer.id,
        rating: 5,
        content: "Again.",
      }),
      { status: 409, code: "23505" },
    );
  });

  await test.step("a review in another's name is refused", async () => {
    assertRefused(
      await stranger.client.from("business_reviews").insert({
        business_id: business,
        reviewer_id: reviewer.id,
        rating: 1,
        content: "Forged.",
      }),
      { status: 403, code: "42501" },
    );
  });

  await test.step("a review that publishes itself is refused", async () => {
    assertRefused(
      await stranger.client.from("business_reviews").insert({
        business_id: business,
        reviewer_id: stranger.id,
        rating: 1,
        content: "Published by myself.",
        status: "published",
      }),
      { status: 403, code: "42501" },
    );
    assertRefused(
      await reviewer.client.from("business_reviews").update({ status: "published" })
        .eq("id", review),
      { status: 403, code: "42501" },
    );
    assert.equal((await statusOf()).status, "pending");
  });

  await test.step("another user cannot change the review", async () => {
    const changed = await stranger.client.from("business_reviews").update({ rating: 1 })
      .eq("id", review).select("id");
    assert.deepEqual(assertDone(changed), []);
    assert.equal((await statusOf()).rating, 5);
  });

  await test.step("only a moderator publishes", async () => {
    const decide = { review_id: review, decision: "publish" };
    assertRefused(await reviewer.client.rpc("moderate_review", decide), {
      status: 403,
      code: "42501",
    });
    assertRefused(await visitor().rpc("moderate_review", decide), { status: 401, code: "42501" });
    const before = await figures();
    assert.equal((await moderator.client.rpc("moderate_review", decide)).error, null);
    const after = await figures();
    assert.equal(after.review_count, before.review_count + 1);
    const stars = (before.avg_rating ?? 0) * before.review_count + 5;
    assert.ok(Math.abs(Number(after.avg_rating) - stars / after.review_count) < 0.02);
  });

  await test.step("everyone now sees the review, and searches see its stars", async () => {
    const seen = assertDone(
      await visitor().from("business_reviews").select("rating, content").eq("id", review).single(),
    );
    assert.equal(seen.rating, 5);
    const found = assertDone(
      await visitor().rpc("search_businesses", { search_query: "coffee", ...PORTLAND }),
    );
    const row = found.find(({ id }) => id === business);
    assert.equal(row?.review_count, (await figures()).review_count);
  });

  await test.step("a published review that its author rewrites waits for moderation again", async () => {
    const before = await figures();
    assertDone(
      await reviewer.client.from("business_reviews").update({ content: "Rewritten." })
        .eq("id", review).select("id").single(),
    );
    assert.equal((await statusOf()).status, "pending");
    assert.equal((await figures()).review_count, before.review_count - 1);
  });
});

Deno.test("an owner enters a business, and it is public when a moderator says so", async (test) => {
  await using stage = new Stage();
  const owner = await stage.signUp();
  const moderator = await stage.signUp("moderator");
  const word = `zq${crypto.randomUUID().replaceAll(/[^a-f]/g, "").slice(0, 10)}`;
  let business = "";

  const category = assertDone(
    await visitor().from("categories").select("id").eq("slug", "coffee-shops").single(),
  ).id;
  const search = async () =>
    assertDone(await visitor().rpc("search_businesses", { search_query: word }))
      .map(({ id }) => id);

  await test.step("the entry is a draft that nobody else sees", async () => {
    const entered = assertDone(
      await owner.client.from("businesses")
        .insert({
          name: `Café ${word}`,
          primary_category_id: category,
          city: "Portland",
          state: "OR",
          longitude: -122.66,
          latitude: 45.52,
          owner_id: owner.id,
        })
        .select("id, slug, status, subscription_tier, verification_status")
        .single(),
    );
    business = entered.id;
    assert.deepEqual([entered.status, entered.subscription_tier, entered.verification_status], [
      "draft",
      "free",
      "pending",
    ]);
    assert.equal(entered.slug, `cafe-${word}-portland`);
    assert.deepEqual(
      assertDone(await visitor().from("businesses").select("id").eq("id", business)),
      [],
    );
    assert.deepEqual(await search(), []);
  });

  await test.step("an owner cannot set what only others may", async () => {
    for (
      const forbidden of [
        { status: "active" },
        { subscription_tier: "elite" },
        { verification_status: "verified" },
        { owner_id: moderator.id },
        { featured_until: "2999-01-01" },
      ]
    ) {
      assertRefused(
        await owner.client.from("businesses").update(forbidden).eq("id", business),
        { status: 403, code: "42501" },
      );
    }
    assertRefused(
      await owner.client.rpc("set_business_status", {
        business_id: business,
        new_status: "suspended",
      }),
      { status: 403, code: "42501" },
    );
  });

  await test.step("published, it is found by its own word", async () => {
    const done = await moderator.client.rpc("set_business_status", {
      business_id: business,
      new_status: "active",
    });
    assert.equal(done.error, null);
    assert.deepEqual(await search(), [business]);
  });

  await test.step("an owner cannot review the own business", async () => {
    assertRefused(
      await owner.client.from("business_reviews").insert({
        business_id: business,
        reviewer_id: owner.id,
        rating: 5,
        content: "The best.",
      }),
      { status: 403, code: "42501" },
    );
  });

  await test.step("suspended, it is gone from every list at once", async () => {
    const done = await moderator.client.rpc("set_business_status", {
      business_id: business,
      new_status: "suspended",
      reason: "A test.",
    });
    assert.equal(done.error, null);
    assert.deepEqual(await search(), []);
    assert.deepEqual(
      assertDone(await visitor().from("listings").select("slug").eq("business_id", business)),
      [],
    );
    const own = await owner.client.from("businesses").select("status").eq("id", business).single();
    assert.equal(assertDone(own).status, "suspended");
  });
});
