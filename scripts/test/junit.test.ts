import assert from "node:assert/strict";
import { countJunit } from "./junit.ts";

const testCase = (name: string, content = "") => `<testcase name="${name}">${content}</testcase>`;
const failed = (message: string) => `<failure message="${message}">…</failure>`;
const counts = (report: string, exitCode: number) => {
  const { passed, failed } = countJunit(report, exitCode, "");
  return { passed, failed };
};

Deno.test("a test with steps counts by its steps", () => {
  const report = testCase("a", failed("1 test step failed")) + testCase("b") +
    testCase("a &gt; one") + testCase("a &gt; two", failed("Uncaught Error: x"));
  assert.deepEqual(counts(report, 1), { passed: 2, failed: 1 });
});

Deno.test("steps of steps count by the innermost", () => {
  const report = testCase("a") + testCase("a &gt; b") + testCase("a &gt; b &gt; c") +
    testCase("a &gt; b &gt; d");
  assert.deepEqual(counts(report, 0), { passed: 2, failed: 0 });
});

Deno.test("a test that fails outside of its steps fails although each step passed", () => {
  const report = testCase("a", failed("Uncaught Error: leak")) + testCase("a &gt; one");
  assert.deepEqual(counts(report, 1), { passed: 1, failed: 1 });
});

Deno.test("a file that does not load is a failure", () => {
  assert.deepEqual(counts("", 1), { passed: 0, failed: 1 });
  assert.deepEqual(counts(testCase("a"), 1), { passed: 1, failed: 1 });
});

Deno.test("no test at all is a failure", () => {
  assert.deepEqual(counts("", 0), { passed: 0, failed: 1 });
});

Deno.test("an ignored test counts for nothing", () => {
  assert.deepEqual(counts(testCase("a", "<skipped/>") + testCase("b"), 0), {
    passed: 1,
    failed: 0,
  });
});
