/** Tells the log of the database, ops.system_logs, what went wrong here. */

import { createAdminClient } from "@supabase/server/core";
import type { RequestError } from "./errors.ts";

/** What hosted Supabase offers to work that outlives its answer; a lasting process needs none. */
declare const EdgeRuntime: { waitUntil(work: Promise<void>): void } | undefined;

/** Longest time for an entry to be stored, in milliseconds. */
const PATIENCE = 5_000;

/**
 * Stores why a request failed: once, after the answer, and never at its cost. When it can't be
 * stored, as without a database, the log of the function itself says so.
 *
 * Of the request only method and path are kept: its parameters and headers may hold what is private
 * or secret.
 */
export function logFailure(request: Request, failure: RequestError): void {
  const work = store(request, failure).catch((error) =>
    console.error("ops.log did not take an entry:", error)
  );
  if (typeof EdgeRuntime !== "undefined") EdgeRuntime.waitUntil(work);
}

async function store({ method, url }: Request, failure: RequestError): Promise<void> {
  const { pathname } = new URL(url);
  const { error } = await createAdminClient()
    .schema("ops")
    .rpc("log", {
      level: "error",
      source: `functions/${pathname.split("/")[1]}`,
      message: textOf(failure.cause) ?? failure.message,
      details: {
        code: failure.code,
        status: failure.status,
        method,
        path: pathname,
        ...failure.details?.reference !== undefined && { reference: failure.details.reference },
        ...failure.cause instanceof Error && { stack: failure.cause.stack },
      },
    })
    .abortSignal(AbortSignal.timeout(PATIENCE));
  if (error) throw error;
}

/** What an error says, also one that is only shaped like one, as those of supabase-js are. */
function textOf(cause: unknown): string | undefined {
  if (cause === undefined) return undefined;
  if (typeof cause !== "object" || cause === null) return String(cause);
  const { code, message } = cause as { code?: unknown; message?: unknown };
  return [code, message ?? JSON.stringify(cause)].filter(Boolean).join(": ");
}
