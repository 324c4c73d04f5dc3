/** The way of an owner, as a frontend goes it: enter, publish, invite, be verified, hand over. */

import assert from "node:assert/strict";
import { assertDone, assertRefused, type Client, server, Stage, visitor } from "./support.ts";

const call = (client: Client, name: string, parameters: Record<string, unknown>) =>
  client.rpc(name as "search_businesses", parameters as never);
const value = async (client: Client, name: string, parameters: Record<string, unknown>) =>
  assertDone(await call(client, name, parameters)) as unknown as string;
const done = async (client: Client, name: string, parameters: Record<string, unknown>) =>
  assert.equal((await call(client, name, parameters)).error, null);

Deno.test("an owner enters, publishes, invites, is verified and hands over", async (test) => {
  await using stage = new Stage();
  const owner = await stage.signUp();
  const helper = await stage.signUp();
  const buyer = await stage.signUp();
  const moderator = await stage.signUp("moderator");
  const [{ id: category }] = await stage.sql`select id from directory.categories limit 1`;
  const mark = crypto.randomUUID().slice(0, 8);
  const entered = await owner.client.from("businesses").insert({
    name: `Owning ${mark}`,
    city: "Austin",
    state: "TX",
    primary_category_id: category,
    time_zone: "America/Chicago",
    business_hours: { mon: [["09:00", "17:00"]] },
  }).select("id, slug").single();
  const { id: business_id, slug } = assertDone(entered);

  await test.step("hours that are none are refused as such", async () => {
    assertRefused(
      await owner.client.from("businesses").update({ business_hours: { mon: "nine to five" } })
        .eq("id", business_id),
      { status: 400, code: "23514" },
    );
  });

  await test.step("published by its owner, it is there for everybody", async () => {
    assertRefused(await call(visitor(), "is_open", { business_id }), {
      status: 404,
      code: "PT404",
    });
    await done(owner.client, "set_business_status", { business_id, new_status: "active" });
    const at = "2026-11-23T16:00:00Z";
    assert.equal((await call(visitor(), "is_open", { business_id, at })).data, true);
  });

  await test.step("an old address leads on", async () => {
    assertDone(
      await owner.client.from("businesses").update({ name: `Renamed ${mark}` })
        .eq("id", business_id).select("id").single(),
    );
    const current_slug = await value(owner.client, "renew_business_slug", { business_id });
    assert.equal(current_slug, `renamed-${mark}-austin`);
    assert.deepEqual((await call(visitor(), "resolve_business_slug", { slug })).data, [
      { business_id, current_slug, is_redirect: true },
    ]);
  });

  await test.step("who is invited looks after it once they accept", async () => {
    const edit = () =>
      helper.client.from("businesses").update({ description: "Helped." }).eq("id", business_id)
        .select("id");
    assert.deepEqual(assertDone(await edit()), []);
    const invited = assertDone(
      await call(owner.client, "invite_business_manager", { business_id }),
    ) as unknown as { token: string }[];
    assertRefused(
      await call(visitor(), "accept_business_invitation", { token: invited[0].token }),
      { status: 401, code: "42501" },
    );
    await value(helper.client, "accept_business_invitation", { token: invited[0].token });
    assert.equal(assertDone(await edit()).length, 1);
    assertRefused(
      await call(buyer.client, "accept_business_invitation", { token: invited[0].token }),
      {
        status: 400,
        code: "PL145",
        hint: "It may be used, withdrawn, out of date or for another account: ask for a new one.",
      },
    );
  });

  await test.step("a moderator verifies it by its papers, which nobody else reads", async () => {
    const verification_id = await value(owner.client, "submit_verification", {
      business_id,
      documents: [{ kind: "license", path: `${mark}/license.pdf` }],
    });
    assertRefused(
      await call(helper.client, "waiting_verifications", {}),
      { status: 403, code: "42501" },
    );
    await done(moderator.client, "review_verification", { verification_id, decision: "verify" });
    const { data } = await visitor().from("listings").select("is_verified")
      .eq("business_id", business_id).single();
    assert.deepEqual(data, { is_verified: true });
  });

  await test.step("handed over, it belongs to the buyer alone, without the badge", async () => {
    const token = await value(owner.client, "offer_business_transfer", { business_id });
    await value(buyer.client, "accept_business_transfer", { token });
    assertRefused(
      await call(owner.client, "set_business_status", { business_id, new_status: "draft" }),
      { status: 403, code: "42501" },
    );
    const { data } = await buyer.client.from("businesses").select("owner_id, verification_status")
      .eq("id", business_id).single();
    assert.deepEqual(data, { owner_id: buyer.id, verification_status: "unverified" });
  });
});

Deno.test("a claim is proven by a token that only the server gets", async () => {
  await using stage = new Stage();
  const user = await stage.signUp();
  const business_id = await stage.business();
  try {
    const claim_id = await value(user.client, "request_business_claim", { business_id });
    assertRefused(
      await call(user.client, "issue_claim_token", { claim_id }),
      { status: 403, code: "42501" },
    );
    const token = await value(server(), "issue_claim_token", { claim_id });
    assert.equal(await value(user.client, "claim_business", { token }), business_id);
    const { data } = await user.client.from("businesses").select("owner_id")
      .eq("id", business_id).single();
    assert.deepEqual(data, { owner_id: user.id });
  } finally {
    // it is one of the seed, which stays
    await stage.sql`
      update directory.businesses set owner_id = null, claimed_at = null where id = ${business_id}`;
  }
});
