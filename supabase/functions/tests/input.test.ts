import assert from "node:assert/strict";
import { z } from "zod";
import { RequestError } from "../_shared/errors.ts";
import { readInput } from "../_shared/input.ts";

const Schema = z.strictObject({ name: z.string(), size: z.number().optional() });

const get = (query: string) => new Request(`http://functions.local/any?${query}`);
const post = (body: BodyInit) =>
  new Request("http://functions.local/any", { method: "POST", body });
const read = (request: Request) => readInput(request, Schema, ["size"]);

/** The error with which reading fails. */
async function refusal(request: Request): Promise<RequestError> {
  const error = await read(request).then(
    () => assert.fail("the request was accepted"),
    (error) => error,
  );
  assert.ok(error instanceof RequestError, String(error));
  return error;
}

const problems = (error: RequestError) => error.details?.problems;

Deno.test("a query string and a body that mean the same are read as the same", async () => {
  const expected = { name: "1e3", size: -2.5 };
  assert.deepEqual(await read(get("name=1e3&size=-2.5")), expected);
  assert.deepEqual(await read(post('{"name":"1e3","size":-2.5}')), expected);
});

for (const size of ["", "abc", "NaN", "Infinity", "0x10", "1,5", "1 2"]) {
  Deno.test(`a query string with the number "${size}" is refused`, async () => {
    const error = await refusal(get(new URLSearchParams({ name: "a", size }).toString()));
    assert.equal(error.code, "INVALID_INPUT");
    assert.deepEqual(problems(error), [
      { field: "size", problem: "Invalid input: expected number, received string" },
    ]);
  });
}

Deno.test("a parameter that is given twice is refused", async () => {
  assert.deepEqual(problems(await refusal(get("name=a&name=b"))), [
    { field: "name", problem: "Invalid input: expected string, received array" },
  ]);
});

Deno.test("each unknown field is named", async () => {
  assert.deepEqual(problems(await refusal(post('{"name":"a","x":1,"__proto__":2}'))), [
    { field: "x", problem: "There is no such field." },
    { field: "__proto__", problem: "There is no such field." },
  ]);
});

for (const body of ["", "{", "undefined", '{"name":"a"}}']) {
  Deno.test(`the body ${JSON.stringify(body)} is no JSON`, async () => {
    const error = await refusal(post(body));
    assert.equal(error.status, 400);
    assert.equal(error.code, "INVALID_JSON");
  });
}

for (const body of ["null", "[]", '"text"', "5"]) {
  Deno.test(`the body ${body} is JSON of the wrong shape`, async () => {
    const error = await refusal(post(body));
    assert.equal(error.status, 400);
    assert.equal(error.code, "INVALID_INPUT");
  });
}

Deno.test("a body without end is not read to its end", async () => {
  let sent = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 10_000;
      controller.enqueue(new Uint8Array(10_000).fill(32));
    },
  });
  const error = await refusal(post(endless));
  assert.equal(error.status, 413);
  assert.equal(error.code, "BODY_TOO_LARGE");
  assert.ok(sent < 200_000, `${sent} bytes were read`);
});
