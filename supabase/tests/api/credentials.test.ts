/** Keys and tokens: what a forged, expired or missing one gets. */

import assert from "node:assert/strict";
import {
  API_URL,
  assertDone,
  assertRefused,
  bearer,
  mint,
  PUBLISHABLE_KEY,
  server,
  Stage,
} from "./support.ts";

/** A request by hand, because supabase-js always sends a key. */
const read = (headers: Record<string, string>) =>
  fetch(`${API_URL}/rest/v1/categories?select=slug&limit=1`, {
    headers: { "Accept-Profile": "directory", ...headers },
  });

async function statusOf(headers: Record<string, string>): Promise<number> {
  const response = await read(headers);
  await response.body?.cancel();
  return response.status;
}

const listing = (token: string) => bearer(token).from("listings").select("slug").limit(1);

Deno.test("without a key nothing is served", async () => {
  assert.equal(await statusOf({}), 401);
});

Deno.test("a wrong key is refused", async () => {
  assert.equal(await statusOf({ apikey: "sb_publishable_AAAAAAAAAAAAAAAAAAAAAA_AAAAAAAA" }), 401);
  assert.equal(await statusOf({ apikey: PUBLISHABLE_KEY.slice(0, -1) }), 401);
});

Deno.test("the publishable key opens what visitors may read, the secret key more", async () => {
  assert.equal(await statusOf({ apikey: PUBLISHABLE_KEY }), 200);
  const drafts = await server().from("businesses").select("id").eq("status", "draft").limit(1);
  assert.equal(assertDone(drafts).length, 1);
});

Deno.test("a token whose claims were changed is refused", async () => {
  await using stage = new Stage();
  const { token } = await stage.signUp();
  const [header, payload, signature] = token.split(".");
  const claims = JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/")));
  const changed = btoa(JSON.stringify({ ...claims, role: "service_role" }))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  assert.equal((await listing(token)).status, 200);
  assert.equal((await listing(`${header}.${changed}.${signature}`)).status, 401);
});

Deno.test("a token that is signed by someone else is refused", async () => {
  const token = await mint({ role: "authenticated" }, {
    secret: "another secret, as long as it is",
  });
  assert.equal((await listing(token)).status, 401);
});

Deno.test("a token that is not signed at all gives no right", async () => {
  const part = (value: unknown) => btoa(JSON.stringify(value)).replaceAll("=", "");
  const claims = { role: "service_role", exp: Math.floor(Date.now() / 1_000) + 3_600 };
  const unsigned = bearer(`${part({ alg: "none", typ: "JWT" })}.${part(claims)}.`);
  assertRefused(await unsigned.schema("ops").from("settings").select("key"), {
    status: 401,
    // PostgREST refuses the token (PGRST301), the local API takes the bearer for a visitor
    code: /^(PGRST301|42501)$/,
  });
});

Deno.test("an expired token is refused", async () => {
  const token = await mint({ role: "authenticated" }, { expires: "-1h" });
  assert.equal((await listing(token)).status, 401);
});

Deno.test("a token cannot name a role outside the API, even when it is signed", async () => {
  for (const role of ["postgres", "supabase_admin", "supabase_auth_admin", "authenticator"]) {
    const { status, error } = await listing(await mint({ role }));
    assert.ok([401, 403].includes(status), `${role}: ${status} ${error?.message}`);
  }
});

Deno.test("claims of a token give no right: roles are rows", async () => {
  await using stage = new Stage();
  const { id } = await stage.signUp();
  const claims = {
    sub: id,
    role: "authenticated",
    user_roles: ["admin", "super_admin"],
    app_metadata: { role: "admin" },
    is_admin: true,
  };
  assertRefused(
    await bearer(await mint(claims)).rpc("moderate_review", {
      review_id: crypto.randomUUID(),
      decision: "publish",
    }),
    { status: 403, code: "42501" },
  );
});

Deno.test("a role ends with its expiry, not with the token", async () => {
  await using stage = new Stage();
  const moderator = await stage.signUp("moderator");
  const decide = () =>
    moderator.client.rpc("moderate_review", {
      review_id: crypto.randomUUID(),
      decision: "publish",
    });
  assertRefused(await decide(), { status: 404, code: "PT404" });
  await stage.sql`
    update private.user_roles
    set expires_at = now() - interval '1 second'
    where user_id = ${moderator.id}`;
  assertRefused(await decide(), { status: 403, code: "42501" });
});

Deno.test("signing out and in again works, with the right password only", async () => {
  await using stage = new Stage();
  const { client, id } = await stage.signUp();
  const email = (await client.auth.getUser()).data.user?.email ?? "";
  await stage.sql`select 1`;
  await client.auth.signOut();
  const wrong = await client.auth.signInWithPassword({ email, password: "not the password" });
  assert.equal(wrong.error?.status, 400);
  assert.equal(wrong.data.user, null);
  const [{ known }] = await stage.sql`
    select exists (select 1 from auth.users where id = ${id}) as known`;
  assert.equal(known, true);
});
