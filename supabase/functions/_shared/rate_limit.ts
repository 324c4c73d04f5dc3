/** Keeps one caller from taking what is there for all. */

import { createAdminClient } from "@supabase/server/core";
import { callerAddress } from "./address.ts";
import { ERROR_CODES } from "./error_codes.ts";
import { internal, RequestError } from "./errors.ts";
import { logFailure } from "./log.ts";

/** Longest time for a token to be taken, in milliseconds; a healthy database needs a few. */
const PATIENCE = 2_000;

interface Token {
  allowed: boolean;
  /** Seconds until there is another one. */
  retry_after: number;
}

/**
 * Counts a request against a limit of its caller. The bucket belongs to the address that the trusted
 * proxy saw: a token of a user is not verified yet at this point, so whoever forges one could take
 * from the bucket of somebody else, or find a new one for each request.
 *
 * Callers whose address is not known share one bucket. A limit that can't be kept is no reason not to
 * serve: when the database does not count, the request goes on and the log says why.
 *
 * @param limit its settings are `<limit>_burst` and `<limit>_per_minute`
 * @throws RequestError 429 PT429, with the seconds to wait in Retry-After and in details
 */
export async function limitRate(request: Request, limit: string): Promise<void> {
  const { address } = callerAddress(request);
  const { data, error } = await createAdminClient()
    .schema("ops")
    .rpc("take_token", {
      limit_name: limit,
      caller: address === null ? "unknown" : networkOf(address),
    })
    .abortSignal(AbortSignal.timeout(PATIENCE))
    .single<Token>();
  if (error) {
    logFailure(request, internal(error));
    return;
  }
  if (!data.allowed) throw tooManyRequests(data.retry_after);
}

/**
 * Who shares a bucket: an IPv4 address, or the first half of an IPv6 address, since whoever has one
 * of its addresses has all 2^64 of them.
 *
 * @param address in its one spelling, as callerAddress() gives it
 */
export function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  const [head, tail] = address.split("::").map((part) => part.split(":").filter(Boolean));
  const groups = tail === undefined
    ? head
    : [...head, ...Array(8 - head.length - tail.length).fill("0"), ...tail];
  return `${groups.slice(0, 4).join(":")}::/64`;
}

function tooManyRequests(seconds: number): RequestError {
  const { status, message, hint } = ERROR_CODES.PT429!;
  return new RequestError(
    status,
    "PT429",
    message.replace("%s", String(seconds)),
    // a page of another origin can read the body, but not this header
    { hint, retry_after: seconds },
    { "Retry-After": String(seconds) },
  );
}
