/** HTTP status of a PostgreSQL error, as PostgREST maps it (its reference, "Errors"). */

/** Whole SQLSTATEs, which go before their class. */
const BY_CODE: Record<string, number> = {
  "23503": 409, // foreign key violation
  "23505": 409, // unique violation
  "25006": 405, // write in a read-only transaction
  "42883": 404, // undefined function
  "42P01": 404, // undefined table
  "42P17": 500, // infinite recursion, in a policy for example
  "53400": 500, // configuration limit exceeded
  "57P01": 503, // the server is shutting down
  P0001: 400, // raise exception without a code
};

/** Classes: the first two characters of the SQLSTATE. */
const BY_CLASS: Record<string, number> = {
  "08": 503, // connection lost
  "09": 500, // triggered action
  "0L": 403, // invalid grantor
  "0P": 403, // invalid role
  "25": 500, // transaction state
  "28": 403, // authorization
  "2D": 500, // transaction termination
  "38": 500, // external routine
  "39": 500, // external routine invocation
  "3B": 500, // savepoint
  "40": 500, // transaction rollback
  "53": 503, // insufficient resources
  "54": 500, // program limit exceeded
  "55": 500, // object not in the needed state
  "57": 500, // operator intervention: a statement timeout, for example
  "58": 500, // system error
  F0: 500, // configuration file
  HV: 500, // foreign data wrapper
  P0: 500, // PL/pgSQL
  XX: 500, // internal
};

/**
 * The status for an SQLSTATE. `anonymous` says whether the request carried no user's token: a
 * missing privilege is then 401 (log in) and not 403.
 */
export function httpStatus(sqlstate: string, message: string, anonymous: boolean): number {
  if (sqlstate === "42501") return anonymous ? 401 : 403;
  if (sqlstate === "21000") return message.endsWith("requires a WHERE clause") ? 400 : 500;
  if (sqlstate === "22023" && /^role .* does not exist$/.test(message)) return 401;
  // PTxyz asks for status xyz.
  if (sqlstate.startsWith("PT")) return Number(/^PT([2-5]\d\d)$/.exec(sqlstate)?.[1] ?? 500);
  return BY_CODE[sqlstate] ?? BY_CLASS[sqlstate.slice(0, 2)] ?? 400;
}
