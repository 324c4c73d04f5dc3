/** One origin for the API, the functions and the examples. */

import assert from "node:assert/strict";
import { gateway } from "./gateway.ts";

const url = "http://127.0.0.1:1";
const bindings = { peerAddress: "127.0.0.1" };

/** A gateway before an API that only says what it was asked, and no functions server. */
const routes = gateway({
  api: (request) =>
    Promise.resolve(new Response(`${request.method} ${new URL(request.url).pathname}`)),
  functionsOrigin: "http://127.0.0.1:9",
  url,
  publishableKey: "sb_publishable_x",
});

const ask = async (path: string, init?: RequestInit) =>
  await routes.fetch(new Request(`${url}${path}`, init), bindings);

Deno.test("REST and auth go to the API and may be read by a page of any origin", async () => {
  for (const path of ["/rest/v1/notes", "/auth/v1/token"]) {
    const response = await ask(path, { method: "POST" });
    assert.equal(await response.text(), `POST ${path}`);
    assert.equal(response.headers.get("access-control-allow-origin"), "*");
    assert.match(response.headers.get("access-control-expose-headers") ?? "", /Content-Range/);
  }
});

Deno.test("the address of the caller is appended to what it claims", async () => {
  const seen: (string | null)[] = [];
  const note = gateway({
    api: (request) => {
      seen.push(request.headers.get("x-forwarded-for"));
      return Promise.resolve(new Response());
    },
    functionsOrigin: "http://127.0.0.1:9",
    url,
    publishableKey: "sb_publishable_x",
  });
  const bindings = { peerAddress: "203.0.113.7" };
  await note.fetch(new Request(`${url}/rest/v1/notes`), bindings);
  const headers = { "x-forwarded-for": "10.0.0.1" };
  await note.fetch(new Request(`${url}/rest/v1/notes`, { headers }), bindings);
  assert.deepEqual(seen, ["203.0.113.7", "10.0.0.1, 203.0.113.7"]);
});

Deno.test("a preflight request is answered with what the page asked for", async () => {
  const response = await ask("/rest/v1/rpc/search", {
    method: "OPTIONS",
    headers: {
      Origin: "https://example.com",
      "Access-Control-Request-Method": "POST",
      "Access-Control-Request-Headers": "apikey,content-profile,x-client-info",
    },
  });
  assert.equal(response.status, 204);
  assert.match(response.headers.get("access-control-allow-methods") ?? "", /POST/);
  assert.equal(
    response.headers.get("access-control-allow-headers"),
    "apikey,content-profile,x-client-info",
  );
});

Deno.test("a functions server that is away is said plainly", async () => {
  const response = await ask("/functions/v1/search", { method: "POST", body: "{}" });
  assert.equal(response.status, 503);
  assert.equal((await response.json()).code, "FUNCTIONS_UNAVAILABLE");
});

Deno.test("the example page gets this stack's address and key, never a stale one", async () => {
  const response = await ask("/examples/config.js");
  assert.equal(
    await response.text(),
    `window.PLINTH = {"url":"${url}","key":"sb_publishable_x"};\n`,
  );
  assert.equal(response.headers.get("cache-control"), "no-store");
});

Deno.test("supabase-js is served from node_modules", async () => {
  const response = await ask("/examples/supabase.js");
  assert.equal(response.status, 200);
  assert.match(await response.text(), /createClient/);
  const head = await ask("/examples/supabase.js", { method: "HEAD" });
  assert.equal(head.status, 200);
});

Deno.test("a browser asks again for each file of an example", async () => {
  for (const path of ["/examples/directory/", "/examples/directory/app.js"]) {
    const response = await ask(path);
    assert.equal(response.status, 200, path);
    assert.equal(response.headers.get("cache-control"), "no-cache", path);
    await response.body?.cancel();
  }
});

Deno.test("an example's address without a slash leads to the one with it", async () => {
  const response = await ask("/examples/directory");
  assert.equal(response.status, 301);
  assert.equal(response.headers.get("location"), "/examples/directory/");
  const unknown = await ask("/examples/nothing");
  assert.equal(unknown.status, 404);
  await unknown.body?.cancel();
});

Deno.test("nothing outside of examples/ is served", async () => {
  for (
    const path of [
      "/",
      "/.local/state.json",
      "/examples/../deno.json",
      "/examples/%2e%2e/deno.json",
    ]
  ) {
    const response = await ask(path);
    assert.equal(response.status, 404, path);
    await response.body?.cancel();
  }
});
