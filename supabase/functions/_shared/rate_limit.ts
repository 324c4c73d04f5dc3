/** Keeps one caller from taking what is there for all. */

import { createAdminClient } from "@supabase/server/core";
import { callerAddress } from "./address.ts";
import { ERROR_CODES } from "./error_codes.ts";
import { internal, RequestError } from "./errors.ts";
import { logFailure } from "./log.ts";

/** Longest time for a token to be taken, in milliseconds; a healthy database needs a few. */
const PATIENCE = 2_000;

/**
 * Requests of one caller that may wait for their token at once. Whoever sends more has them refused
 * here: a flood must not make the count late, and so its own limit void.
 */
const MOST_WAITING = 16;

/** How many requests of each caller wait now. */
const waiting = new Map<string, number>();

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
 * Callers whose address is not known share one bucket. When the database does not count, the log says
 * why, and the request goes on, or is refused where passwords could be tried.
 *
 * @param limit its settings are `<limit>_burst` and `<limit>_per_minute`
 * @param uncounted what becomes of a request that could not be counted
 * @throws RequestError 429 PT429, with the seconds to wait in Retry-After and in details; 503
 * UNAVAILABLE for one that could not be counted and is refused
 */
export async function limitRate(
  request: Request,
  limit: string,
  uncounted: "serve" | "refuse" = "serve",
): Promise<void> {
  const { address } = callerAddress(request);
  const caller = address === null ? "unknown" : networkOf(address);
  const queue = `${limit} ${caller}`;
  const before = waiting.get(queue) ?? 0;
  if (before >= MOST_WAITING) throw tooManyRequests(1);
  waiting.set(queue, before + 1);
  try {
    const { data, error } = await createAdminClient()
      .schema("ops")
      .rpc("take_token", { limit_name: limit, caller })
      .abortSignal(AbortSignal.timeout(PATIENCE))
      .single<Token>();
    if (error) {
      if (uncounted === "refuse") throw notCounted(error);
      logFailure(request, internal(error));
      return;
    }
    if (!data.allowed) throw tooManyRequests(data.retry_after);
  } finally {
    const after = (waiting.get(queue) ?? 1) - 1;
    if (after > 0) waiting.set(queue, after);
    else waiting.delete(queue);
  }
}

/** Goes to the log of the database, as every answer of this kind. */
const notCounted = (cause: unknown) =>
  new RequestError(
    503,
    "UNAVAILABLE",
    "The request could not be counted against its limit.",
    { hint: "Send it again in a moment.", retry_after: 1 },
    { "Retry-After": "1" },
    { cause },
  );

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
