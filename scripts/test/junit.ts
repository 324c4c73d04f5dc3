/** Counts the tests in the JUnit report that `deno test --junit-path` writes. */

import type { Outcome } from "./outcome.ts";

interface Case {
  name: string;
  skipped: boolean;
  failure: string | undefined;
}

/**
 * Counts the tests of one run. A test that is divided into steps counts by its steps, and once more
 * when it failed outside of them. A skipped test counts for nothing. A run that ends badly without a
 * failed test (a file that does not load), or that holds no test, has failed once more.
 */
export function countJunit(report: string, exitCode: number, output: string): Outcome {
  const cases = readCases(report);
  const divided = new Set(
    cases.map(({ name }) => name.split(" &gt; ")).flatMap((path) =>
      path.slice(1).map((_, depth) => path.slice(0, depth + 1).join(" &gt; "))
    ),
  );
  let passed = 0;
  let failed = 0;
  for (const { name, skipped, failure } of cases) {
    if (skipped) continue;
    if (divided.has(name)) failed += failure && !/^\d+ test steps? failed$/.test(failure) ? 1 : 0;
    else if (failure === undefined) passed++;
    else failed++;
  }
  const broken = exitCode !== 0 && failed === 0 || passed + failed === 0;
  return { passed, failed: failed + (broken ? 1 : 0), output };
}

function readCases(report: string): Case[] {
  return [...report.matchAll(/<testcase name="([^"]*)"[^>]*>([\s\S]*?)<\/testcase>/g)].map(
    ([, name, content]) => ({
      name,
      skipped: content.includes("<skipped"),
      failure: content.match(/<failure message="([^"]*)"/)?.[1],
    }),
  );
}
