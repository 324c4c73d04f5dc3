import assert from "node:assert/strict";
import { ERROR_CODES } from "../_shared/error_codes.ts";
import { fromApi, internal, RequestError, statusOf } from "../_shared/errors.ts";

const api = (code: string, more: { details?: string; hint?: string } = {}) => ({
  code,
  message: "what the API said",
  details: more.details ?? null,
  hint: more.hint ?? null,
});

/** Runs without the log that `internal` writes. */
function silently<T>(run: () => T): { result: T; logged: unknown[][] } {
  const logged: unknown[][] = [];
  const original = console.error;
  console.error = (...parts) => logged.push(parts);
  try {
    return { result: run(), logged };
  } finally {
    console.error = original;
  }
}

Deno.test("every registered code has the status of the registry, whatever the API sent", () => {
  for (const [code, definition] of Object.entries(ERROR_CODES)) {
    assert.equal(statusOf(code, 500), definition?.status, code);
  }
});

Deno.test("a missing right is 401 for a stranger and 403 for a user", () => {
  assert.equal(statusOf("42501", 401), 401);
  assert.equal(statusOf("42501", 403), 403);
});

Deno.test("a value that PostgreSQL cannot read is the caller's, under any of its codes", () => {
  for (const code of ["22003", "22021", "22P05"]) assert.equal(statusOf(code, 500), 400, code);
});

Deno.test("an error of SQL keeps its code, message and hint", async () => {
  const response = fromApi(api("PL104", { hint: "what to do" }), 400).toResponse();
  assert.equal(response.status, 400);
  assert.deepEqual(await response.json(), {
    code: "PL104",
    message: "what the API said",
    details: { hint: "what to do" },
  });
});

Deno.test("an error of PostgreSQL itself gets the hint of the registry", async () => {
  const response = fromApi(api("57014"), 500).toResponse();
  assert.deepEqual((await response.json()).details, { hint: ERROR_CODES["57014"]?.hint });
});

Deno.test("a token that the API refuses is INVALID_TOKEN, whatever the API calls it", () => {
  for (const code of ["PGRST301", "PGRST303", ""]) {
    const error = fromApi(api(code), 401);
    assert.equal(error.status, 401);
    assert.equal(error.code, "INVALID_TOKEN");
    assert.equal(error.toResponse().headers.get("www-authenticate"), "Bearer");
  }
});

Deno.test("a code that no caller should meet is told to the log and not to the caller", async () => {
  const { result, logged } = silently(() => fromApi(api("XX000"), 500));
  const body = await result.toResponse().json();
  assert.equal(result.status, 500);
  assert.equal(body.code, "INTERNAL");
  assert.ok(!JSON.stringify(body).includes("what the API said"));
  assert.ok(JSON.stringify(logged).includes("what the API said"));
  assert.ok(JSON.stringify(logged).includes(body.details.reference));
});

Deno.test("an API that does not answer is 503", () => {
  const error = fromApi(api(""), 0);
  assert.equal(error.status, 503);
  assert.equal(error.code, "UNAVAILABLE");
});

Deno.test("a defect has a reference of its own each time", () => {
  const { result } = silently(() => [internal("a"), internal("a")]);
  assert.ok(result.every((error) => error instanceof RequestError));
  assert.notEqual(result[0].details?.reference, result[1].details?.reference);
});
