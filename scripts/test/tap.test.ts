import assert from "node:assert/strict";
import { countTap } from "./tap.ts";

const counts = (output: string, exitCode: number) => {
  const { passed, failed } = countTap(output, exitCode);
  return { passed, failed };
};

Deno.test("passed and failed assertions are counted one by one", () => {
  assert.deepEqual(counts("1..3\nok 1 - a\nnot ok 2 - b\nok 3 - c\n", 1), { passed: 2, failed: 1 });
});

Deno.test("a subtest counts once, by its summary line", () => {
  const output = "# Subtest: x\n    ok 1 - a\n    ok 2 - b\n    1..2\nok 1 - x\n1..1\n";
  assert.deepEqual(counts(output, 0), { passed: 1, failed: 0 });
});

Deno.test("a file that stops with an error fails although each of its lines passed", () => {
  assert.deepEqual(counts("1..2\nok 1 - a\n", 1), { passed: 1, failed: 1 });
});

Deno.test("a file without a test fails", () => {
  assert.deepEqual(counts("Result: NOTESTS\n", 0), { passed: 0, failed: 1 });
});

Deno.test("a skipped assertion counts for nothing", () => {
  const output = "1..2\nok 1 - a # SKIP no PostgreSQL 17\nok 2 - b\n";
  assert.deepEqual(counts(output, 0), { passed: 1, failed: 0 });
});
