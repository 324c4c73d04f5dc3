/**
 * Signs a user in by password, as Auth does, and records how it ended with the address that the
 * trusted proxy saw: that is what the rules about one address and about many rest on. It answers the
 * session, one and the same error for a wrong password and for an account that does not exist, or
 * whatever else Auth refuses, with Auth's status and code.
 *
 * ```ts
 * const { data } = await client.functions.invoke("sign-in", { body: { email, password } });
 * await client.auth.setSession(data);
 * ```
 */

import { createAdminClient } from "@supabase/server/core";
import type { AuthError, Session, SupabaseClient } from "@supabase/supabase-js";
import { z } from "zod";
import { callerAddress } from "../_shared/address.ts";
import { clientOf } from "../_shared/caller.ts";
import type { Database } from "../_shared/database.types.ts";
import { endpoint } from "../_shared/endpoint.ts";
import { internal, RequestError } from "../_shared/errors.ts";
import { readInput } from "../_shared/input.ts";
import { logFailure } from "../_shared/log.ts";
import { limitRate } from "../_shared/rate_limit.ts";

/** Longest time for an attempt to be recorded, in milliseconds. */
const PATIENCE = 5_000;

/** Longest user agent that is kept, in characters. */
const LONGEST_USER_AGENT = 300;

const SignInRequest = z.strictObject({
  /** Its form is checked no further than Auth needs: whether there is such an account, nobody says. */
  email: z.string().max(320).regex(/^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+$/u, "This is no e-mail address."),
  password: z.string().min(1).max(1_000),
  /** What the page's captcha gave, where the project asks for one. */
  captcha_token: z.string().max(10_000).optional(),
});

export default endpoint(["POST"], async ({ request }): Promise<Session> => {
  await limitRate(request, "audit.sign_in", "refuse");
  const { email, password, captcha_token: captchaToken } = await readInput(request, SignInRequest);
  const { data, error } = await authClient(request).auth.signInWithPassword({
    email,
    password,
    options: { captchaToken },
  });
  if (data.session !== null) {
    await record(request, email, true);
    return data.session;
  }
  // any other refusal says nothing of the password
  if (isWrongPassword(error)) await record(request, email, false);
  throw refusal(error);
});

/**
 * The client that asks Auth. Auth limits by the address that it sees, which is the function's, unless
 * it is told the caller's: it believes that of a secret key only, and asks no captcha of one. So
 * PLINTH_FORWARD_ADDRESS=true is for projects that have IP address forwarding on, and no captcha.
 *
 * @throws Error when the variable is neither true nor false
 */
function authClient(request: Request): SupabaseClient<Database> {
  const forwards = Deno.env.get("PLINTH_FORWARD_ADDRESS") || "false";
  if (forwards !== "true" && forwards !== "false") {
    throw new Error("environment variable PLINTH_FORWARD_ADDRESS is neither true nor false");
  }
  const { address } = callerAddress(request);
  if (forwards === "true" && address !== null) {
    const headers = { "Sb-Forwarded-For": address };
    return createAdminClient<Database>({ supabaseOptions: { global: { headers } } });
  }
  // the key has been checked; a session that the caller may already have plays no part
  return clientOf({ apikey: request.headers.get("apikey") ?? "", authorization: null });
}

/** Older versions of Auth give no code. */
const isWrongPassword = (error: AuthError | null) =>
  error?.code === "invalid_credentials" || (error?.code === undefined && error?.status === 400);

/** What to do about a refusal of Auth, by its code. */
const HINTS: Record<string, string> = {
  captcha_failed: "Send captcha_token, as the captcha of the page gave it, and use each once.",
  email_not_confirmed: "Open the link in the e-mail that the new account was sent.",
};

/**
 * Auth's refusal with its status and code. It says itself, and only to the right password, that an
 * address is not confirmed; that a user is banned it says to any, so that is told like a wrong one.
 */
function refusal(error: AuthError | null): RequestError {
  const { code, message, status = 0 } = error ?? {};
  if (isWrongPassword(error) || code === "user_banned") {
    return new RequestError(
      401,
      "INVALID_CREDENTIALS",
      "E-mail address or password is not right.",
      {
        hint: "Check both. A new account must be confirmed by the link in its e-mail first.",
      },
    );
  }
  if (status === 429) {
    return new RequestError(429, "PT429", "Auth takes no more attempts for now.", {
      hint: "Try again in some minutes.",
    });
  }
  if (status >= 400 && status < 500) {
    return new RequestError(
      status,
      code?.toUpperCase() ?? "AUTH_REFUSED",
      message ?? "Auth refused the attempt.",
      code !== undefined && code in HINTS ? { hint: HINTS[code] } : undefined,
    );
  }
  return new RequestError(
    503,
    "UNAVAILABLE",
    "Auth did not answer.",
    {
      hint: "Send the request again in a moment.",
    },
    undefined,
    { cause: error },
  );
}

/**
 * Tells the database. A record that can't be kept shuts nobody out; the log says that it is missing,
 * without the e-mail address.
 */
async function record(request: Request, email: string, success: boolean): Promise<void> {
  const { address, claimed } = callerAddress(request);
  const { error } = await createAdminClient()
    .schema("ops")
    .rpc(success ? "log_login" : "log_failed_login", {
      email_param: email,
      ip_param: address,
      claimed: {
        user_agent: request.headers.get("user-agent")?.slice(0, LONGEST_USER_AGENT),
        forwarded_for: claimed ?? undefined,
      },
    })
    .abortSignal(AbortSignal.timeout(PATIENCE));
  if (error) logFailure(request, internal(error));
}
