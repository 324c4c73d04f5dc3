import assert from "node:assert/strict";
import { httpStatus } from "./sqlstate.ts";

const expected: [sqlstate: string, status: number][] = [
  ["08006", 503],
  ["0L000", 403],
  ["22P02", 400],
  ["23502", 400],
  ["23503", 409],
  ["23505", 409],
  ["23514", 400],
  ["25006", 405],
  ["28000", 403],
  ["40001", 500],
  ["42883", 404],
  ["42P01", 404],
  ["42P17", 500],
  ["53300", 503],
  ["53400", 500],
  ["55P03", 500],
  ["57014", 500],
  ["57P01", 503],
  ["P0001", 400],
  ["P0002", 500],
  ["XX000", 500],
  ["PT404", 404],
  ["PT429", 429],
  ["PTxyz", 500],
  ["PL001", 400],
];

Deno.test("each class of SQLSTATE has PostgREST's status", () => {
  const got = expected.map(([sqlstate]) => [sqlstate, httpStatus(sqlstate, "", false)]);
  assert.deepEqual(got, expected);
});

Deno.test("a missing privilege is 401 for a caller without a token and 403 for a user", () => {
  assert.equal(httpStatus("42501", "", true), 401);
  assert.equal(httpStatus("42501", "", false), 403);
});

Deno.test("a token that names an unknown role is 401, any other wrong parameter 400", () => {
  assert.equal(httpStatus("22023", 'role "boss" does not exist', false), 401);
  assert.equal(httpStatus("22023", "invalid value", false), 400);
});

Deno.test("an update that safeupdate stops is the client's error", () => {
  assert.equal(httpStatus("21000", "UPDATE requires a WHERE clause", false), 400);
  assert.equal(httpStatus("21000", "more than one row returned by a subquery", false), 500);
});
