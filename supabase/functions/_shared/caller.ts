/** Who calls, and a client that asks the API in that caller's name. */

import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { verifyAuth } from "@supabase/server/core";
import type { Database } from "./database.types.ts";
import { internal, invalidToken, RequestError } from "./errors.ts";

/** A caller whose key has been checked. */
export interface Caller {
  /** The publishable or secret key of the project that the request carried. */
  apikey: string;
  /** The Authorization header of a signed-in user; null without one. The API checks it. */
  authorization: string | null;
}

/** Why a key was refused, by the code of @supabase/server. */
const REFUSALS: Record<string, string> = {
  MISSING_CREDENTIALS: "The request carries no key.",
  INVALID_API_KEY: "The key is not one of this project.",
};

/**
 * Checks the key in the header `apikey`: any publishable or secret key of the project will do, so
 * that keys can be renewed one after the other.
 *
 * A user's token is not checked here but by the API, which has the keys for it. What does not even
 * look like a token is refused, so that nobody who means to sign in is served as a stranger.
 *
 * @throws RequestError 401 with MISSING_CREDENTIALS, INVALID_API_KEY, UNUSABLE_CREDENTIAL or
 *   INVALID_TOKEN
 */
export async function identify(request: Request): Promise<Caller> {
  const { error } = await verifyAuth(request, { auth: ["publishable:*", "secret:*"] });
  if (error) {
    if (error.status !== 401) throw internal(error);
    throw new RequestError(401, error.code, REFUSALS[error.code] ?? "The key can not be used.", {
      hint: "Send a publishable or secret key of this project in the header apikey.",
    });
  }
  const apikey = request.headers.get("apikey") ?? "";
  const authorization = request.headers.get("authorization");
  // supabase-js without a session may send the key in both headers; that names no user
  if (authorization === null || authorization === `Bearer ${apikey}`) {
    return { apikey, authorization: null };
  }
  if (!/^Bearer [^. ]+\.[^. ]+\.[^. ]+$/i.test(authorization)) {
    throw invalidToken("The header Authorization holds no token.");
  }
  return { apikey, authorization };
}

/** A client with exactly the rights of the caller. It keeps no session and starts no timer. */
export function clientOf({ apikey, authorization }: Caller): SupabaseClient<Database> {
  const url = Deno.env.get("SUPABASE_URL");
  if (!url) throw new Error("environment variable SUPABASE_URL is not set");
  return createClient<Database>(url, apikey, {
    auth: { autoRefreshToken: false, detectSessionInUrl: false, persistSession: false },
    global: { headers: authorization ? { Authorization: authorization } : {} },
  });
}
