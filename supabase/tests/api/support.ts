/** Clients as a frontend has them, users to sign in, and what an answer must look like. */

import assert from "node:assert/strict";
import { createClient, type PostgrestError, type SupabaseClient } from "@supabase/supabase-js";
import { SignJWT } from "jose";
import postgres from "postgres";
import type { Database } from "../../functions/_shared/database.types.ts";

export type Client = SupabaseClient<Database, "directory">;

function given(name: string): string {
  const value = Deno.env.get(name);
  if (value === undefined) throw new Error(`${name} is not set: run these tests by \`npm test\``);
  return value;
}

export const API_URL = given("PLINTH_API_URL");
export const FUNCTIONS_URL = given("PLINTH_FUNCTIONS_URL");
export const PUBLISHABLE_KEY = given("PLINTH_PUBLISHABLE_KEY");
const SECRET_KEY = given("PLINTH_SECRET_KEY");
const DATABASE_URL = given("PLINTH_DB_URL");
const JWT_SECRET = given("PLINTH_JWT_SECRET");

/** A client of its own session; with a token it speaks as the bearer of that token. */
function clientWith(key: string, token?: string): Client {
  return createClient<Database, "directory">(API_URL, key, {
    db: { schema: "directory" },
    auth: { autoRefreshToken: false, detectSessionInUrl: false, persistSession: false },
    global: { headers: token === undefined ? {} : { Authorization: `Bearer ${token}` } },
  });
}

/** Someone who is not signed in. */
export const visitor = () => clientWith(PUBLISHABLE_KEY);

/** A server with the secret key. */
export const server = () => clientWith(SECRET_KEY);

/** Someone who shows this token, whatever it is worth. */
export const bearer = (token: string) => clientWith(PUBLISHABLE_KEY, token);

/** A token with any claims; signed with the project's secret unless another is given. */
export const mint = (
  claims: Record<string, unknown>,
  { expires = "1h", secret = JWT_SECRET }: { expires?: string; secret?: string } = {},
) =>
  new SignJWT({ sub: crypto.randomUUID(), aud: "authenticated", ...claims })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setIssuedAt()
    .setExpirationTime(expires)
    .sign(new TextEncoder().encode(secret));

/** A signed-in user. */
export interface User {
  id: string;
  client: Client;
  token: string;
}

/** The users and the direct connection of one test; both go when it ends. */
export class Stage implements AsyncDisposable {
  /** A connection as the operator, who prepares what no client may. */
  readonly sql = postgres(DATABASE_URL, { max: 1, onnotice: () => {} });
  readonly #userIds: string[] = [];

  /** Signs a new user up, as a frontend does, and gives it a role where one is named. */
  async signUp(role?: "moderator" | "admin"): Promise<User> {
    const client = visitor();
    const { data, error } = await client.auth.signUp({
      email: `${crypto.randomUUID()}@contract.example.com`,
      password: crypto.randomUUID(),
    });
    assert.equal(error, null);
    assert.ok(data.user && data.session, "signing up signs in");
    this.#userIds.push(data.user.id);
    if (role) await this.sql`select private.grant_role(${data.user.id}, ${role})`;
    return { id: data.user.id, client, token: data.session.access_token };
  }

  /** An active business without reviews that no user owns. */
  async business(): Promise<string> {
    const [{ id }] = await this.sql<{ id: string }[]>`
      select id
      from directory.businesses
      where status = 'active'
        and owner_id is null
        and suspended_at is null
        and not exists (
          select 1
          from directory.business_reviews
          where business_reviews.business_id = businesses.id
        )
      order by id
      limit 1`;
    return id;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.sql`
      delete from directory.businesses where owner_id = any (${this.#userIds})`;
    await this.sql`delete from auth.users where id = any (${this.#userIds})`;
    await this.sql.end();
  }
}

/** What supabase-js gives back. */
interface Answer {
  error: PostgrestError | null;
  status: number;
  data: unknown;
}

/**
 * Asserts that the API refused, in exactly this way. `hint` is null where PostgreSQL has none; `code`
 * is a pattern where PostgREST and the local API have different ones.
 */
export function assertRefused(
  { error, status, data }: Answer,
  expected: { status: number; code: string | RegExp; hint?: string | null },
): void {
  assert.ok(error, `it was not refused: ${JSON.stringify(data)}`);
  const { code } = expected;
  const asExpected = typeof code === "string" ? error.code === code : code.test(error.code);
  assert.ok(
    status === expected.status && asExpected,
    `${status} ${error.code} "${error.message}" is not ${expected.status} ${code}`,
  );
  assert.ok(error.message.length > 0);
  if (expected.hint !== undefined) assert.equal(error.hint, expected.hint);
}

/** Asserts that the API did as it was asked, and returns what it gave. */
export function assertDone<T>({ error, data }: { error: unknown; data: T }): NonNullable<T> {
  assert.equal(error, null);
  assert.notEqual(data, null);
  return data as NonNullable<T>;
}
