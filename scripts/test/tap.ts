/** Counts the tests in the output of `pg_prove --verbose`. */

import type { Outcome } from "./outcome.ts";

/**
 * Counts the top-level results of one file. Subtests are indented and belong to the line that sums
 * them up. A file that ends badly without a failed line (a wrong plan, an SQL error, no test at all)
 * has failed once more, so that a broken file never counts as passed.
 */
export function countTap(output: string, exitCode: number): Outcome {
  let passed = 0;
  let failed = 0;
  for (const line of output.split("\n")) {
    // A test that is marked as to be done is neither: it proves nothing.
    if (/^(not )?ok \d+.*# (skip|todo)\b/i.test(line)) continue;
    if (/^ok \d+/.test(line)) passed++;
    else if (/^not ok \d+/.test(line)) failed++;
  }
  const broken = exitCode !== 0 && failed === 0 || exitCode === 0 && passed + failed === 0;
  return { passed, failed: failed + (broken ? 1 : 0), output };
}
