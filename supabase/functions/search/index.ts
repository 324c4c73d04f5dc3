/**
 * Searches the business directory: the RPC directory.search_businesses for callers without a
 * Supabase client. Parameters, limits and errors are those of the RPC; docs/schema describes them.
 * Beyond the rate of directory.search_per_minute an address is told to wait (429 PT429).
 *
 * ```sh
 * curl "$URL/functions/v1/search?search_query=coffe&longitude=-73.98&latitude=40.75" -H "apikey: $KEY"
 * ```
 *
 * ```ts
 * await client.functions.invoke("search", { body: { search_query: "coffe", result_limit: 5 } });
 * ```
 */

import { z } from "zod";
import type { Database } from "../_shared/database.types.ts";
import { endpoint } from "../_shared/endpoint.ts";
import { fromApi } from "../_shared/errors.ts";
import { readInput } from "../_shared/input.ts";
import { limitRate } from "../_shared/rate_limit.ts";
import { DEFAULT_POLICY, retryIdempotent } from "../_shared/retry.ts";

/** Longest time for one search, repetitions included, in milliseconds. */
const PATIENCE = 10_000;

type Found = Database["directory"]["Functions"]["search_businesses"]["Returns"][number];

/** The same names and types as the parameters of the RPC; which values are allowed, SQL decides. */
const SearchRequest = z.strictObject({
  /** What a person typed. */
  search_query: z.string(),
  /** Id of a category; all below it are included. */
  category_filter: z.guid().optional(),
  /** Degrees east, together with latitude. */
  longitude: z.number().optional(),
  /** Degrees north, together with longitude. */
  latitude: z.number().optional(),
  /** Metres around the place. */
  radius_meters: z.int32().optional(),
  /** Rows of the answer. */
  result_limit: z.int32().optional(),
  /** Least mean stars. */
  minimum_rating: z.number().optional(),
});

export type SearchRequest = z.output<typeof SearchRequest>;

const NUMBERS = [
  "longitude",
  "latitude",
  "radius_meters",
  "result_limit",
  "minimum_rating",
] as const satisfies readonly (keyof SearchRequest)[];

const Corrections = z.array(z.object({ from: z.string(), to: z.string().nullable() }));

/** What the function answers. */
export interface SearchResponse {
  /** Best first. */
  results: Omit<Found, "corrections">[];
  /** Words that were taken for others; `to` is null for a word that is nowhere. */
  corrections: z.output<typeof Corrections>;
}

export default endpoint(["GET", "POST"], async ({ request, client }): Promise<SearchResponse> => {
  await limitRate(request, "directory.search");
  const parameters = await readInput(request, SearchRequest, NUMBERS);
  const signal = AbortSignal.timeout(PATIENCE);
  const { data, error, status } = await retryIdempotent(
    () => client.schema("directory").rpc("search_businesses", parameters).abortSignal(signal),
    { ...DEFAULT_POLICY, signal },
  );
  if (error) throw fromApi(error, status);
  return {
    results: data.map(({ corrections: _, ...business }) => business),
    corrections: Corrections.parse(data[0]?.corrections ?? []),
  };
});
