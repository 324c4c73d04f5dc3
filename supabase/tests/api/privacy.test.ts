/** What the public may not read cannot be reached, by any spelling. */

import assert from "node:assert/strict";
import { createClient } from "@supabase/supabase-js";
import {
  API_URL,
  assertDone,
  assertRefused,
  PUBLISHABLE_KEY,
  server,
  Stage,
  visitor,
} from "./support.ts";

/** A client that may ask for any schema; the types know the exposed ones only. */
const untyped = () =>
  createClient(API_URL, PUBLISHABLE_KEY, {
    auth: { autoRefreshToken: false, detectSessionInUrl: false, persistSession: false },
  });

const HIDDEN_SCHEMAS = [
  "private",
  "audit",
  "partitions",
  "directory_internal",
  "auth",
  "extensions",
  "cron",
  "pg_catalog",
  "information_schema",
  "supabase_migrations",
  "public",
];

for (const schema of HIDDEN_SCHEMAS) {
  Deno.test(`schema ${schema} is not served`, async () => {
    assertRefused(await untyped().schema(schema).from("anything").select(), {
      status: 406,
      code: "PGRST106",
    });
    assertRefused(await untyped().schema(schema).rpc("anything"), {
      status: 406,
      code: "PGRST106",
    });
  });
}

Deno.test("schema ops is for the service role only", async () => {
  await using stage = new Stage();
  const user = await stage.signUp();
  const moderator = await stage.signUp("admin");
  const settings = (client: ReturnType<typeof visitor>) =>
    client.schema("ops").from("settings").select("key").limit(1);
  assertRefused(await settings(visitor()), { status: 401, code: "42501" });
  assertRefused(await settings(user.client), { status: 403, code: "42501" });
  assertRefused(await settings(moderator.client), { status: 403, code: "42501" });
  assertRefused(
    await user.client.schema("ops").rpc("set_setting", {
      key: "directory.radius_maximum",
      value: 1_000,
    }),
    { status: 403, code: "42501" },
  );
  assert.equal(assertDone(await settings(server())).length, 1);
});

const PRIVATE_COLUMNS = [
  "legal_name",
  "annual_revenue",
  "verification_documents",
  "subscription_valid_until",
  "premium_features",
  "boost_credits",
  "suspension_reason",
  "notes",
  "claim_token",
];

Deno.test("private columns of a business are not columns of its public table", async () => {
  await using stage = new Stage();
  const { client } = await stage.signUp();
  for (const column of PRIVATE_COLUMNS) {
    assertRefused(await client.from("businesses").select(column as "name").limit(1), {
      status: 400,
      code: "42703",
    });
  }
  for (const table of ["businesses", "listings", "business_reviews", "business_stats"] as const) {
    const [row] = assertDone(await client.from(table).select("*").limit(1)) as object[];
    assert.deepEqual(Object.keys(row).filter((key) => PRIVATE_COLUMNS.includes(key)), [], table);
  }
});

Deno.test("tables and functions of internal schemas have no door in the exposed one", async () => {
  for (
    const name of ["business_private", "business_claims", "documents", "vocabulary", "user_roles"]
  ) {
    assertRefused(await visitor().from(name as "listings").select(), {
      status: 404,
      code: "PGRST205",
    });
  }
  for (const name of ["refresh_listings", "grant_role", "managed_business_ids", "setting"]) {
    assertRefused(await visitor().rpc(name as "search_businesses", {} as never), {
      status: 404,
      code: "PGRST202",
    });
  }
});

Deno.test("a visitor reads no draft, no suspended and no deleted business", async () => {
  const rows = assertDone(
    await visitor().from("businesses").select("status").neq("status", "active"),
  );
  assert.deepEqual(rows, []);
  const reviews = assertDone(
    await visitor().from("business_reviews").select("status").neq("status", "published"),
  );
  assert.deepEqual(reviews, []);
});

Deno.test("a visitor writes nothing", async () => {
  await using stage = new Stage();
  const business = await stage.business();
  const review = { business_id: business, rating: 1, content: "From nobody." };
  for (
    const answer of [
      await visitor().from("business_reviews").insert(review),
      await visitor().from("businesses").update({ name: "Mine" }).eq("id", business),
      await visitor().from("businesses").delete().eq("id", business),
      await visitor().from("categories").update({ name: "Mine" }).neq("slug", ""),
      await visitor().from("listings").update({ name: "Mine" }).eq("business_id", business),
      await visitor().from("business_stats").update({ review_count: 9 })
        .eq("business_id", business),
    ]
  ) {
    assertRefused(answer, { status: 401, code: "42501" });
  }
});

Deno.test("a signed-in user writes no figure, no listing and no tree", async () => {
  await using stage = new Stage();
  const { client } = await stage.signUp();
  const business = await stage.business();
  for (
    const answer of [
      await client.from("listings").update({ quality_score: 5 }).eq("business_id", business),
      await client.from("listings").delete().eq("business_id", business),
      await client.from("business_stats").update({ review_count: 9 }).eq("business_id", business),
      await client.from("businesses").delete().eq("id", business),
      await client.from("categories").insert({ slug: "mine", name: "Mine" }),
    ]
  ) {
    assertRefused(answer, { status: 403, code: "42501" });
  }
  const renamed = await client.from("businesses").update({ name: "Mine" }).eq("id", business)
    .select("id");
  assert.deepEqual(assertDone(renamed), []);
});

Deno.test("nobody learns who the other users are", async () => {
  await using stage = new Stage();
  const { client } = await stage.signUp();
  assertRefused(await client.schema("auth" as "directory").from("users" as "listings").select(), {
    status: 406,
    code: "PGRST106",
  });
  assert.deepEqual(assertDone(await client.from("business_managers").select("user_id")), []);
});
