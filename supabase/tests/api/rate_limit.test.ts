/** The rate limit of functions behind the gateway: who is counted, and what a client is told. */

import assert from "node:assert/strict";
import { FunctionsHttpError } from "@supabase/supabase-js";
import { FUNCTIONS_URL, PUBLISHABLE_KEY, Stage, visitor } from "./support.ts";

/** Buckets of the function search; there is one, because this test is the one caller. */
const buckets = async ({ sql }: Stage) =>
  await sql<{ key: string }[]>`
    select key from private.rate_limits where key like 'directory.search %'`;

const forget = async ({ sql }: Stage) =>
  await sql`delete from private.rate_limits where key like 'directory.search %'`;

Deno.test("a client is counted by the address that the gateway saw, whatever it claims", async () => {
  await using stage = new Stage();
  await forget(stage);
  for (const claimed of [undefined, "203.0.113.7", "203.0.113.8, 2001:db8::1"]) {
    const response = await fetch(`${FUNCTIONS_URL}/search?search_query=pizza`, {
      headers: { apikey: PUBLISHABLE_KEY, ...claimed && { "x-forwarded-for": claimed } },
    });
    await response.body?.cancel();
    assert.equal(response.status, 200);
  }
  const found = await buckets(stage);
  assert.equal(found.length, 1, JSON.stringify(found));
  assert.doesNotMatch(found[0].key, /203\.0\.113|2001:db8/);
});

Deno.test("a client that sends too much is told to wait, and served again after it", async () => {
  await using stage = new Stage();
  const search = () =>
    visitor().functions.invoke("search", { body: { search_query: "pizza", result_limit: 1 } });
  assert.equal((await search()).error, null);
  await stage.sql`
    update private.rate_limits
    set full_at = now() + interval '1 hour'
    where key like 'directory.search %'`;
  try {
    const { error } = await search();
    assert.ok(error instanceof FunctionsHttpError);
    const response: Response = error.context;
    assert.equal(response.status, 429);
    const body = await response.json();
    assert.equal(body.code, "PT429");
    assert.equal(response.headers.get("retry-after"), String(body.details.retry_after));
  } finally {
    await forget(stage);
  }
  assert.equal((await search()).error, null);
});
