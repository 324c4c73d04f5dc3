/**
 * Signs a user in by password, as Auth does, and records how it ended with the address that the
 * trusted proxy saw: that is what the rules about one address and about many rest on. It answers the
 * session, or one and the same error for a wrong password and for an account that does not exist.
 *
 * ```ts
 * const { data } = await client.functions.invoke("sign-in", { body: { email, password } });
 * await client.auth.setSession(data);
 * ```
 */

import { createAdminClient } from "@supabase/server/core";
import type { AuthError, Session } from "@supabase/supabase-js";
import { z } from "zod";
import { callerAddress } from "../_shared/address.ts";
import { clientOf } from "../_shared/caller.ts";
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
  await limitRate(request, "audit.sign_in");
  const { email, password, captcha_token: captchaToken } = await readInput(request, SignInRequest);
  // the key has been checked; a session that the caller may already have plays no part
  const client = clientOf({ apikey: request.headers.get("apikey") ?? "", authorization: null });
  const { data, error } = await client.auth.signInWithPassword({
    email,
    password,
    options: { captchaToken },
  });
  if (error && !isRefusal(error)) throw outage(error);
  if (error?.code === "captcha_failed") throw captchaFailed();
  // a user who is banned or has not confirmed his address has not guessed a password
  if (!error || isWrongPassword(error)) await record(request, email, data.session !== null);
  if (data.session === null) throw refusal();
  return data.session;
});

/** Older versions of Auth give no code. */
const isWrongPassword = ({ code, status }: AuthError) =>
  code === "invalid_credentials" || (code === undefined && status === 400);

const captchaFailed = () =>
  new RequestError(400, "CAPTCHA_FAILED", "Auth did not take the captcha.", {
    hint: "Send captcha_token, as the captcha of the page gave it, and use each once.",
  });

/** Whether Auth has looked at the attempt and said no; else it was busy or away. */
const isRefusal = ({ status = 0 }: AuthError) => status >= 400 && status < 500 && status !== 429;

function outage(error: AuthError): RequestError {
  if (error.status === 429) {
    return new RequestError(429, "PT429", "Auth takes no more attempts for now.", {
      hint: "Try again in some minutes.",
    });
  }
  return new RequestError(503, "UNAVAILABLE", "Auth did not answer.", {
    hint: "Send the request again in a moment.",
  });
}

/** The same whatever Auth's reason was, a lock or an address that is not confirmed included. */
const refusal = () =>
  new RequestError(401, "INVALID_CREDENTIALS", "E-mail address or password is not right.", {
    hint: "Check both. A new account must be confirmed by the link in its e-mail first.",
  });

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
