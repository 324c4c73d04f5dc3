/**
 * Reports views, clicks or shares of businesses: the RPCs directory.track_view, track_click and
 * track_share for pages that send them while they are left. It adds what the RPCs can't know: robots
 * are not counted, a visitor without a name of its own is known again for a day, and beyond the rate
 * of directory.track_per_minute an address is told to wait (429 PT429).
 *
 * ```ts
 * fetch(`${url}/functions/v1/track`, {
 *   method: "POST",
 *   keepalive: true,
 *   headers: { apikey },
 *   body: JSON.stringify({ kind: "view", events: [{ business_id, time_on_page: 12 }] }),
 * });
 * ```
 */

import { z } from "zod";
import { callerAddress } from "../_shared/address.ts";
import { endpoint } from "../_shared/endpoint.ts";
import { fromApi } from "../_shared/errors.ts";
import { readInput } from "../_shared/input.ts";
import { limitRate, networkOf } from "../_shared/rate_limit.ts";

/** Longest time for the events to be stored, in milliseconds. */
const PATIENCE = 5_000;

/** What programs that fetch pages by themselves call themselves; browsers are never without a name. */
const ROBOT =
  /bot\b|crawl|spider|slurp|preview|headless|lighthouse|monitor|^(curl|wget|python)|^$/i;

/** The same names and types as the RPCs take; which of them an event of a kind has, SQL decides. */
const TrackRequest = z.strictObject({
  kind: z.enum(["view", "click", "share"]),
  events: z.array(z.strictObject({
    business_id: z.guid(),
    /** Address of the page that led here. */
    referrer: z.string().nullish(),
    /** Drawn by the client for a visit. */
    session_id: z.guid().nullish(),
    /** Seconds. */
    time_on_page: z.number().nullish(),
    /** Whether the visitor left from this page. */
    bounced: z.boolean().nullish(),
  })),
  /** What the client keeps to know its visitor again; only a keyed hash of it is stored. */
  visitor: z.string().min(1).max(200).optional(),
});

export type TrackRequest = z.output<typeof TrackRequest>;

/** What the function answers. */
export interface TrackResponse {
  /** Events that will be counted. */
  taken: number;
}

export default endpoint(["POST"], async ({ request, client }): Promise<TrackResponse> => {
  await limitRate(request, "directory.track");
  const { kind, events, visitor } = await readInput(request, TrackRequest);
  if (ROBOT.test(request.headers.get("user-agent") ?? "")) return { taken: 0 };
  const directory = client.schema("directory");
  // never repeated: what was stored before a connection broke would count twice
  const call = kind === "view"
    ? directory.rpc("track_view", { events, visitor: visitor ?? await visitorOf(request) })
    : directory.rpc(kind === "click" ? "track_click" : "track_share", { events });
  const { data, error, status } = await call.abortSignal(AbortSignal.timeout(PATIENCE));
  if (error) throw fromApi(error, status);
  return { taken: data };
});

/**
 * Who a visitor is for a day (UTC): whoever comes from the same network with the same browser. The
 * address leaves this function as a hash only, which the database hashes again with its key.
 */
async function visitorOf(request: Request): Promise<string | undefined> {
  const { address } = callerAddress(request);
  if (address === null) return undefined;
  const day = new Date().toISOString().slice(0, 10);
  const text = [day, networkOf(address), request.headers.get("user-agent")].join("\n");
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(hash).toHex();
}
