import assert from "node:assert/strict";
import { choose, type Step } from "./step.ts";

const step = (name: string, files?: string[]): Step => ({
  name,
  needsDatabase: false,
  withDocker: false,
  files: files && (() => Promise.resolve(files)),
  run: () => Promise.resolve({ passed: 1, failed: 0, output: "" }),
});
const STEPS = [step("pgTAP", ["tests/reviews.sql", "tests/places.sql"]), step("deno lint")];
const chosen = async (pattern?: string) =>
  (await choose(STEPS, pattern)).map(({ files, step }) => [step.name, files]);

Deno.test("without a pattern everything runs", async () => {
  assert.deepEqual(await chosen(), [
    ["pgTAP", ["tests/reviews.sql", "tests/places.sql"]],
    ["deno lint", []],
  ]);
});

Deno.test("a pattern in a step's name runs all of that step", async () => {
  assert.deepEqual(await chosen("pgTAP"), [["pgTAP", ["tests/reviews.sql", "tests/places.sql"]]]);
});

Deno.test("a pattern in a file's path runs that file only", async () => {
  assert.deepEqual(await chosen("places"), [["pgTAP", ["tests/places.sql"]]]);
});

Deno.test("a pattern that matches nothing chooses nothing", async () => {
  assert.deepEqual(await chosen("nothing"), []);
});
