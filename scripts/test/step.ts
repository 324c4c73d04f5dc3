/** A step of `npm test`, and how a pattern chooses among steps and files. */

import { walk } from "./files.ts";
import type { Outcome } from "./outcome.ts";
import type { Target } from "./target.ts";

export interface Step {
  name: string;
  /** True when the step needs the pushed database. */
  needsDatabase: boolean;
  /** True when the step says something about the stack of Docker too. */
  withDocker: boolean;
  /** The test files that the step runs; absent when it is not made of files. */
  files?: () => Promise<string[]>;
  run(context: StepContext): Promise<Outcome>;
}

export interface StepContext {
  target: Target;
  /** A directory for temporary files, which goes with the run. */
  directory: string;
  /** The chosen files, when the step is made of files. */
  files: string[];
}

export interface ChosenStep {
  step: Step;
  files: string[];
}

/**
 * The steps and files whose name contains the pattern; all of them without one. A step whose own
 * name matches runs all of its files.
 */
export async function choose(steps: Step[], pattern: string | undefined): Promise<ChosenStep[]> {
  const chosen: ChosenStep[] = [];
  for (const step of steps) {
    const files = await step.files?.() ?? [];
    if (pattern === undefined || step.name.includes(pattern)) {
      chosen.push({ step, files });
      continue;
    }
    const matching = files.filter((file) => file.includes(pattern));
    if (matching.length > 0) chosen.push({ step, files: matching });
  }
  return chosen;
}

/** Files below the given folders of the repository whose name ends so, in order of their paths. */
export const filesOf = (folders: string[], ending: string) => async () =>
  (await Promise.all(folders.map((folder) => walk(folder, ending)))).flat().sort();
