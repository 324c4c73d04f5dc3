/** What every function of the edge does alike: CORS, methods, keys, errors. */

import type { SupabaseClient } from "@supabase/supabase-js";
import { corsHeaders } from "@supabase/supabase-js/cors";
import { clientOf, identify } from "./caller.ts";
import type { Database } from "./database.types.ts";
import { internal, RequestError } from "./errors.ts";
import { logFailure } from "./log.ts";

export type Method = "GET" | "POST";

/** What a handler is given. */
export interface Call {
  request: Request;
  /** Asks the API in the name of the caller. */
  client: SupabaseClient<Database>;
}

/**
 * Makes a function of the edge from a handler: answers preflight requests, refuses other methods and
 * callers without a key of the project, sends what the handler returns as JSON and what it throws as
 * `{ code, message, details? }`, always with CORS headers. What failed on this side (5xx) goes to the
 * log of the database.
 *
 * ```ts
 * export default endpoint(["GET"], async ({ client }) => ({ ok: true }));
 * ```
 */
export function endpoint(
  methods: readonly Method[],
  handler: (call: Call) => Promise<unknown>,
): { fetch: (request: Request) => Promise<Response> } {
  return {
    async fetch(request) {
      const response = await answer(request, methods, handler).catch((error) => {
        const failure = error instanceof RequestError ? error : internal(error);
        if (failure.status >= 500) logFailure(request, failure);
        return failure.toResponse();
      });
      for (const [name, value] of Object.entries(corsHeaders)) response.headers.set(name, value);
      return response;
    },
  };
}

async function answer(
  request: Request,
  methods: readonly Method[],
  handler: (call: Call) => Promise<unknown>,
): Promise<Response> {
  if (request.method === "OPTIONS") return new Response(null, { status: 204 });
  if (!methods.some((method) => method === request.method)) {
    const allowed = methods.join(", ");
    throw new RequestError(
      405,
      "METHOD_NOT_ALLOWED",
      `${request.method} is not possible here.`,
      { hint: `Use ${methods.join(" or ")}.` },
      { Allow: allowed },
    );
  }
  const client = clientOf(await identify(request));
  return Response.json(await handler({ request, client }));
}
