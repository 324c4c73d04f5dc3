/** Shows how each step went, and all of them in one table. */

import { seconds } from "../stack/progress.ts";
import type { Outcome } from "./outcome.ts";

export interface Finished extends Outcome {
  name: string;
  milliseconds: number;
}

/** One line when a step ends, and everything it said when it failed. */
export function showFinished({ failed, milliseconds, name, output, passed }: Finished): void {
  const mark = failed > 0 ? "✗" : "✓";
  console.log(`${mark} ${name}: ${passed} passed, ${failed} failed, ${seconds(milliseconds)}`);
  if (failed > 0 && output) console.log(`\n${output.trimEnd()}\n`);
}

/** The table of all steps, and as the very last line the sum. */
export function showSummary(steps: Finished[], milliseconds: number): void {
  const width = Math.max(...steps.map(({ name }) => name.length), "step".length);
  const row = (name: string, passed: string, failed: string, time: string) =>
    `${name.padEnd(width)}  ${passed.padStart(6)}  ${failed.padStart(6)}  ${time.padStart(8)}`;
  console.log(`\n${row("step", "passed", "failed", "time")}`);
  for (const { failed, milliseconds, name, passed } of steps) {
    console.log(row(name, String(passed), String(failed), seconds(milliseconds)));
  }
  const passed = steps.reduce((total, step) => total + step.passed, 0);
  const failed = steps.reduce((total, step) => total + step.failed, 0);
  console.log(row("together", String(passed), String(failed), seconds(milliseconds)));
  console.log(`\n${passed} passed, ${failed} failed`);
}
