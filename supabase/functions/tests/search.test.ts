/** The function search, called without a server of its own, on the real API and database. */

import assert from "node:assert/strict";
import { SignJWT } from "jose";
import search from "../search/index.ts";
import {
  API_URL,
  call,
  JWT_SECRET,
  PUBLISHABLE_KEY,
  type Reply,
  SECRET_KEY,
  useApi,
} from "./environment.ts";

useApi();

const KEY = { apikey: PUBLISHABLE_KEY };
const query = (parameters: Record<string, string>) => `/search?${new URLSearchParams(parameters)}`;

const post = (body: unknown, headers: Record<string, string> = KEY): Promise<Reply> =>
  call(search, "/search", {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

const get = (parameters: Record<string, string>, headers: Record<string, string> = KEY) =>
  call(search, query(parameters), { headers });

/** Asserts that an answer is an error in the one shape. */
function assertError(reply: Reply, status: number, code: string, hint?: RegExp): void {
  const body = reply.body as { code: string; message: string; details?: { hint?: string } };
  assert.equal(reply.status, status, JSON.stringify(body));
  assert.equal(body.code, code);
  assert.ok(body.message.length > 0);
  assert.ok(Object.keys(body).every((key) => ["code", "message", "details"].includes(key)));
  if (hint) assert.match(body.details?.hint ?? "", hint);
  assert.equal(reply.headers.get("access-control-allow-origin"), "*", "errors carry CORS headers");
}

const token = (claims: Record<string, unknown>, expires = "1h", secret = JWT_SECRET) =>
  new SignJWT({ sub: crypto.randomUUID(), ...claims })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setIssuedAt()
    .setExpirationTime(expires)
    .sign(new TextEncoder().encode(secret));

interface Found {
  results: { id: string; name: string; distance_meters: number | null }[];
  corrections: { from: string; to: string | null }[];
}

Deno.test("GET and POST give the same answer", async () => {
  const asPost = await post({ search_query: "pizza", result_limit: 3 });
  const asGet = await get({ search_query: "pizza", result_limit: "3" });
  assert.equal(asPost.status, 200);
  assert.deepEqual(asGet.body, asPost.body);
  const { results, corrections } = asPost.body as Found;
  assert.equal(results.length, 3);
  assert.deepEqual(corrections, []);
});

Deno.test("a result is a row of the RPC without its corrections, which stand beside", async () => {
  const { results, corrections } = (await post({ search_query: "piza" })).body as Found;
  assert.deepEqual(corrections, [{ from: "piza", to: "pizza" }]);
  assert.deepEqual(Object.keys(results[0]).sort(), [
    "avg_rating",
    "category_id",
    "category_name",
    "city",
    "description",
    "distance_meters",
    "id",
    "latitude_degrees",
    "logo_url",
    "longitude_degrees",
    "name",
    "quality_score",
    "rank",
    "review_count",
    "slug",
    "state",
    "subscription_tier",
  ]);
});

Deno.test("every parameter reaches the RPC", async () => {
  const place = { longitude: -73.98, latitude: 40.75, radius_meters: 20_000 };
  const near = (await post({ search_query: "pizza", ...place })).body as Found;
  assert.ok(near.results.length > 0);
  assert.ok(near.results.every(({ distance_meters }) => Number(distance_meters) <= 20_000));
  assertError(await post({ search_query: "a", minimum_rating: 9 }), 400, "PL104");
  const nowhere = "00000000-0000-0000-0000-000000000000";
  assertError(await post({ search_query: "a", category_filter: nowhere }), 400, "PL123");
});

Deno.test("a refusal of SQL keeps its code and its hint", async () => {
  assertError(await post({ search_query: " " }), 400, "PL121", /at least one letter/);
  const long = await post({ search_query: "a".repeat(10_000) });
  assertError(long, 400, "PL122", /words that matter/);
  assertError(await get({ search_query: "a", radius_meters: "0" }), 400, "PL104", /inside/);
});

Deno.test("input of the wrong shape never reaches SQL", async () => {
  const wrong: [name: string, body: unknown][] = [
    ["no query", {}],
    ["a number for a text", { search_query: 5 }],
    ["a text for a number", { search_query: "a", radius_meters: "5" }],
    ["a fraction for a whole number", { search_query: "a", result_limit: 1.5 }],
    ["a number past integer", { search_query: "a", radius_meters: 3_000_000_000 }],
    ["a malformed id", { search_query: "a", category_filter: "coffee" }],
    ["null", { search_query: null }],
    ["an unknown field", { search_query: "a", limit: 5 }],
    ["a list", [{ search_query: "a" }]],
  ];
  for (const [name, body] of wrong) {
    const reply = await post(body);
    assert.equal((reply.body as { code: string }).code, "INVALID_INPUT", name);
    assertError(reply, 400, "INVALID_INPUT", /names the field/);
  }
  assertError(await post('{"search_query":'), 400, "INVALID_JSON", /object/);
});

Deno.test("a text that PostgreSQL cannot hold is refused and not a defect", async () => {
  const reply = await post('{"search_query":"a\\u0000b"}');
  assert.equal(reply.status, 400);
});

Deno.test("only GET and POST are possible", async () => {
  for (const method of ["PUT", "PATCH", "DELETE"]) {
    const reply = await call(search, "/search", { method, headers: KEY });
    assertError(reply, 405, "METHOD_NOT_ALLOWED", /GET or POST/);
    assert.equal(reply.headers.get("allow"), "GET, POST");
  }
});

Deno.test("a preflight request needs no key", async () => {
  const reply = await call(search, "/search", { method: "OPTIONS" });
  assert.equal(reply.status, 204);
  assert.equal(reply.headers.get("access-control-allow-origin"), "*");
  const allowed = reply.headers.get("access-control-allow-headers")?.split(", ") ?? [];
  for (const header of ["apikey", "authorization", "content-type", "x-client-info"]) {
    assert.ok(allowed.includes(header), header);
  }
});

Deno.test("a caller needs a key of the project", async () => {
  const body = { search_query: "pizza" };
  assertError(await post(body, {}), 401, "MISSING_CREDENTIALS", /in the header apikey/);
  assertError(await post(body, { apikey: "sb_publishable_wrong" }), 401, "INVALID_API_KEY");
  const inBearer = { Authorization: `Bearer ${PUBLISHABLE_KEY}` };
  assertError(await post(body, inBearer), 401, "UNUSABLE_CREDENTIAL", /in the header apikey/);
  assert.equal((await post(body, { apikey: SECRET_KEY })).status, 200);
});

Deno.test("the key in both headers, as supabase-js may send it, names no user", async () => {
  const headers = { ...KEY, Authorization: `Bearer ${PUBLISHABLE_KEY}` };
  assert.equal((await post({ search_query: "pizza" }, headers)).status, 200);
});

Deno.test("the token of a user is passed on and checked", async () => {
  const send = (authorization: string) =>
    post({ search_query: "pizza" }, { ...KEY, Authorization: authorization });

  assert.equal((await send(`Bearer ${await token({ role: "authenticated" })}`)).status, 200);

  const forged = await token({ role: "authenticated" }, "1h", "x".repeat(40));
  const expired = await token({ role: "authenticated" }, "-1h");
  for (const authorization of [`Bearer ${forged}`, `Bearer ${expired}`, "Bearer abc.def.ghi"]) {
    assertError(await send(authorization), 401, "INVALID_TOKEN", /Sign in again/);
  }
  for (const authorization of ["Basic YTpi", "Bearer", "Bearer sb_publishable_x", "nonsense"]) {
    assertError(await send(authorization), 401, "INVALID_TOKEN", /Sign in again/);
  }
  assertError(await send(`Bearer ${await token({ role: "postgres" })}`), 403, "42501");
});

Deno.test("an API that is gone is 503 after some tries", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  try {
    useApi(`http://127.0.0.1:${port}`);
    assertError(await post({ search_query: "pizza" }), 503, "UNAVAILABLE", /again in a moment/);
  } finally {
    useApi();
  }
});

Deno.test("two lost connections are not felt by the caller", async () => {
  const relay = unreliableRelay(2);
  try {
    useApi(relay.url);
    const reply = await post({ search_query: "pizza" });
    assert.equal(reply.status, 200);
    assert.equal(relay.connections(), 3);
  } finally {
    useApi();
    await relay.close();
  }
});

/** Passes connections on to the real API, except for the first few, which it drops. */
function unreliableRelay(drops: number) {
  const api = new URL(API_URL);
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const open = new Set<Deno.Conn>();
  let connections = 0;

  const closeQuietly = (connection: Deno.Conn) => {
    open.delete(connection);
    try {
      connection.close();
    } catch {
      // it had closed by itself
    }
  };
  const relay = async (near: Deno.Conn) => {
    connections++;
    if (connections <= drops) return near.close();
    const far = await Deno.connect({ hostname: api.hostname, port: Number(api.port) });
    open.add(near).add(far);
    await Promise.allSettled([
      near.readable.pipeTo(far.writable),
      far.readable.pipeTo(near.writable),
    ]);
    closeQuietly(near);
    closeQuietly(far);
  };
  const serving = (async () => {
    const relays: Promise<void>[] = [];
    for await (const connection of listener) relays.push(relay(connection));
    await Promise.all(relays);
  })();

  return {
    url: `http://127.0.0.1:${port}`,
    connections: () => connections,
    async close() {
      listener.close();
      for (const connection of open) closeQuietly(connection);
      await serving;
    },
  };
}
