import assert from "node:assert/strict";
import { Failure } from "./failure.ts";
import { rejectUnknown } from "./options.ts";

Deno.test("known flags are read", () => {
  assert.deepEqual(rejectUnknown(["--json"], "docker", "json"), { docker: false, json: true });
});

Deno.test("an unknown flag is refused", () => {
  assert.throws(() => rejectUnknown(["--jsno"], "json"), Failure);
});
