/**
 * The one shape in which errors leave a function of the edge, `{ code, message, details? }`, and the
 * one place that gives an SQLSTATE its HTTP status.
 */

import { ERROR_CODES } from "./error_codes.ts";

/** The body of every answer that is not a success. */
export interface ErrorBody {
  /** Stable, for programs: an SQLSTATE of docs/errors.md, or a name in capitals. */
  code: string;
  /** One sentence, for people. */
  message: string;
  /** What helps to repair the request, above all `hint`. */
  details?: Record<string, unknown>;
}

/** A reason to answer with an error. Throw it from anywhere in a handler. */
export class RequestError extends Error {
  override name = "RequestError";

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details?: Record<string, unknown>,
    readonly headers?: Record<string, string>,
    /** What lies behind it; for the log, never for the caller. */
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  toResponse(): Response {
    const body: ErrorBody = { code: this.code, message: this.message };
    if (this.details) body.details = this.details;
    return Response.json(body, { status: this.status, headers: this.headers });
  }
}

/** An error as the API reports it; `PostgrestError` of supabase-js fits. */
export interface ApiError {
  code: string;
  message: string;
  details: string | null;
  hint: string | null;
}

/**
 * Turns a refusal of the API into the shape of this project.
 *
 * @param error what the API said
 * @param status the HTTP status with which it said so; 0 when it could not be reached
 */
export function fromApi(error: ApiError, status: number): RequestError {
  if (status === 0) {
    return new RequestError(
      503,
      "UNAVAILABLE",
      "The database did not answer.",
      { hint: "Send the request again in a moment." },
      undefined,
      { cause: error },
    );
  }
  const known = statusOf(error.code, status);
  if (known !== undefined) {
    return new RequestError(known, error.code, error.message, detailsOf(error));
  }
  return status === 401 ? invalidToken(error.message) : internal(error);
}

/** A user's token that is forged, expired or no token; the API has no one code for all of these. */
export function invalidToken(reason: string): RequestError {
  return new RequestError(401, "INVALID_TOKEN", "The token of the user is not valid.", {
    hint: "Sign in again, or send no Authorization header.",
    reason,
  }, { "WWW-Authenticate": "Bearer" });
}

/**
 * The HTTP status of an SQLSTATE; undefined for one that no caller should ever meet.
 *
 * The registry decides. The two that it can't decide: without a session, a missing right means "sign
 * in" (401), which only the API knows; and a value that PostgreSQL itself can't read (class 22) is
 * the caller's, whichever of its many codes it has.
 */
export function statusOf(code: string, apiStatus: number): number | undefined {
  if (code === "42501" && apiStatus === 401) return 401;
  return ERROR_CODES[code]?.status ?? (/^22...$/.test(code) ? 400 : undefined);
}

/** A defect on this side: told to the log, with a reference that the caller can name. */
export function internal(cause: unknown): RequestError {
  const reference = crypto.randomUUID();
  console.error(`error ${reference}:`, cause);
  return new RequestError(
    500,
    "INTERNAL",
    "The request failed through no fault of yours.",
    { hint: "Tell us the reference if it happens again.", reference },
    undefined,
    { cause },
  );
}

/** Hint and details of the API; PostgreSQL's own errors have no hint, the registry has. */
function detailsOf({ code, details, hint }: ApiError): Record<string, unknown> | undefined {
  const entries = Object.entries({ hint: hint || ERROR_CODES[code]?.hint, details })
    .filter(([, value]) => value);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}
