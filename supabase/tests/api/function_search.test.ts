/** The function search behind the gateway, called as a browser calls it. */

import assert from "node:assert/strict";
import { FunctionsHttpError } from "@supabase/supabase-js";
import { FUNCTIONS_URL, mint, PUBLISHABLE_KEY, Stage, visitor } from "./support.ts";

const SEARCH = `${FUNCTIONS_URL}/search`;
const QUERY = { search_query: "cofee", longitude: -122.6765, latitude: 45.5231 };

interface Found {
  results: { id: string; distance_meters: number }[];
  corrections: { from: string; to: string | null }[];
}

Deno.test("functions.invoke works unchanged, for a visitor and for a user", async () => {
  await using stage = new Stage();
  const user = await stage.signUp();
  for (const client of [visitor(), user.client]) {
    const { data, error } = await client.functions.invoke<Found>("search", { body: QUERY });
    assert.equal(error, null);
    assert.ok(data && data.results.length > 0);
    assert.deepEqual(data.corrections, [{ from: "cofee", to: "coffee" }]);
  }
});

Deno.test("the function finds what the RPC finds", async () => {
  const client = visitor();
  const direct = await client.rpc("search_businesses", QUERY);
  const { data } = await client.functions.invoke<Found>("search", { body: QUERY });
  assert.deepEqual(data?.results.map(({ id }) => id), direct.data?.map(({ id }) => id));
});

Deno.test("a link can hold a search", async () => {
  const response = await fetch(`${SEARCH}?${new URLSearchParams({ search_query: "pizza" })}`, {
    headers: { apikey: PUBLISHABLE_KEY },
  });
  assert.equal(response.status, 200);
  assert.ok((await response.json()).results.length > 0);
});

Deno.test("a page of any origin may call it: preflight, answer and error carry CORS headers", async () => {
  const preflight = await fetch(SEARCH, {
    method: "OPTIONS",
    headers: {
      Origin: "https://example.com",
      "Access-Control-Request-Method": "POST",
      "Access-Control-Request-Headers": "apikey,authorization,content-type,x-client-info",
    },
  });
  await preflight.body?.cancel();
  assert.ok(preflight.ok);
  const allowed = preflight.headers.get("access-control-allow-headers")?.toLowerCase() ?? "";
  for (const header of ["apikey", "authorization", "content-type", "x-client-info"]) {
    assert.ok(allowed.includes(header), header);
  }
  for (const headers of [{ apikey: PUBLISHABLE_KEY }, { apikey: "wrong" }]) {
    const response = await fetch(`${SEARCH}?search_query=pizza`, {
      headers: { Origin: "https://example.com", ...headers },
    });
    await response.body?.cancel();
    assert.equal(response.headers.get("access-control-allow-origin"), "*");
  }
});

Deno.test("an error reaches the client in its one shape", async () => {
  const { error, data } = await visitor().functions.invoke("search", {
    body: { ...QUERY, radius_meters: 0 },
  });
  assert.equal(data, null);
  assert.ok(error instanceof FunctionsHttpError);
  assert.equal(error.context.status, 400);
  assert.deepEqual(await error.context.json(), {
    code: "PL104",
    message: "radius_meters 0 is out of range: it goes from 1 to 200000.",
    details: { hint: "Choose a value inside the range." },
  });
});

/** Status and code of a refusal. */
async function refusal(init: RequestInit): Promise<[status: number, code: string]> {
  const response = await fetch(SEARCH, { method: "POST", ...init });
  const body = await response.json();
  return [response.status, body.code];
}

Deno.test("what is wrong with a request is said by status and code", async () => {
  const key = { apikey: PUBLISHABLE_KEY };
  const body = JSON.stringify(QUERY);
  const token = async (...parameters: Parameters<typeof mint>) => ({
    ...key,
    Authorization: `Bearer ${await mint(...parameters)}`,
  });
  const user = { role: "authenticated" };

  assert.deepEqual(await refusal({ body }), [401, "MISSING_CREDENTIALS"]);
  assert.deepEqual(await refusal({ body, headers: { apikey: "x" } }), [401, "INVALID_API_KEY"]);
  for (
    const headers of [
      await token(user, { expires: "-1h" }),
      await token(user, { secret: "another secret, as long as it is" }),
      { ...key, Authorization: "Bearer nonsense" },
    ]
  ) {
    assert.deepEqual(await refusal({ body, headers }), [401, "INVALID_TOKEN"]);
  }
  assert.deepEqual(await refusal({ body: "{", headers: key }), [400, "INVALID_JSON"]);
  assert.deepEqual(await refusal({ body: '{"q":"a"}', headers: key }), [400, "INVALID_INPUT"]);
  assert.deepEqual(await refusal({ method: "PUT", body, headers: key }), [
    405,
    "METHOD_NOT_ALLOWED",
  ]);
});
