/** Runs the steps, as many at a time as the machine has cores. */

import { Failure } from "../stack/failure.ts";
import { failure, type Outcome } from "./outcome.ts";
import type { Finished } from "./report.ts";
import type { ChosenStep } from "./step.ts";
import type { Target } from "./target.ts";

/**
 * Runs all steps and returns how they went, in the order given. The push comes first; steps without
 * a database fill the other cores meanwhile, and when the push fails, steps with one do not run.
 */
export async function runSteps(
  steps: ChosenStep[],
  { directory, target }: { directory: string; target: Target },
  cores: number,
  finished: (step: Finished) => void,
): Promise<Finished[]> {
  const done = new Map<string, Finished>();
  const timed = async (name: string, work: () => Promise<Outcome>) => {
    const began = performance.now();
    const outcome = await work().catch(asOutcome);
    const result = { ...outcome, name, milliseconds: performance.now() - began };
    done.set(name, result);
    finished(result);
    return result;
  };
  const start = ({ files, step }: ChosenStep) =>
    timed(step.name, () => step.run({ target, files, directory }));

  const slots = limit(cores);
  const onDatabase = steps.filter(({ step }) => step.needsDatabase);
  const onFiles = steps.filter(({ step }) => !step.needsDatabase);
  const pushed = onDatabase.length === 0 ? undefined : slots(() =>
    timed("push", async () => {
      await target.push();
      return { passed: 1, failed: 0, output: "" };
    })
  );
  const beside = onFiles.map((step) => slots(() => start(step)));
  if ((await pushed)?.failed === 0) {
    await Promise.all(onDatabase.map((step) => slots(() => start(step))));
  }
  await Promise.all(beside);
  return ["push", ...steps.map(({ step }) => step.name)]
    .map((name) => done.get(name)).filter((step) => step !== undefined);
}

function asOutcome(error: unknown): Outcome {
  if (error instanceof Failure) return failure(`${error.details}\n${error.message}`.trim());
  return failure(error instanceof Error ? error.stack ?? error.message : String(error));
}

/** A function that runs at most `size` pieces of work at a time, first come, first served. */
function limit(size: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = size;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}
