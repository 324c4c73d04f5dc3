import assert from "node:assert/strict";
import { differences } from "./fingerprint.ts";

Deno.test("new, changed and removed files are named", () => {
  const before = { "a.sql": "1", "b.sql": "1", "c.sql": "1" };
  const now = { "a.sql": "1", "b.sql": "2", "d.sql": "1" };
  assert.deepEqual(differences(before, now), ["changed b.sql", "removed c.sql", "new d.sql"]);
});

Deno.test("the same files differ in nothing", () => {
  assert.deepEqual(differences({ "a.sql": "1" }, { "a.sql": "1" }), []);
});
