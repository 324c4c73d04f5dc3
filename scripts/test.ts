/**
 * `npm test`: tests everything, on databases of its own. `npm test -- PATTERN` runs the steps and
 * files whose name contains PATTERN; `npm test -- --docker` runs on the stack of `supabase start`.
 */

import { removeAbandonedCheckouts } from "./stack/checkout_fixture.ts";
import { requireDocker } from "./stack/docker.ts";
import { Failure, main } from "./stack/failure.ts";
import { ensurePackages, ensureTestTools } from "./stack/packages.ts";
import { terminalProgress } from "./stack/progress.ts";
import { endRunningTools } from "./stack/run_tool.ts";
import { removeAbandoned, removeAll } from "./stack/throwaway.ts";
import { advisorsStep } from "./test/advisors_step.ts";
import { databaseLintStep, triggerLintStep } from "./test/database_lint_steps.ts";
import {
  contractStep,
  denoCheckStep,
  denoFormatStep,
  denoLintStep,
  denoTestStep,
  stackTestStep,
} from "./test/deno_steps.ts";
import { docsFreshStep, seedFreshStep, typesFreshStep } from "./test/generated_steps.ts";
import { pgtapStep } from "./test/pgtap_step.ts";
import { showFinished, showSummary } from "./test/report.ts";
import { runSteps } from "./test/schedule.ts";
import { squawkStep } from "./test/squawk_step.ts";
import { choose } from "./test/step.ts";
import { dockerTarget, throwAwayTarget } from "./test/target.ts";

/** The slow ones first, so that no core waits for one of them at the end. */
const STEPS = [
  stackTestStep,
  contractStep,
  pgtapStep,
  denoTestStep,
  databaseLintStep,
  triggerLintStep,
  advisorsStep,
  typesFreshStep,
  docsFreshStep,
  seedFreshStep,
  denoCheckStep,
  denoLintStep,
  denoFormatStep,
  squawkStep,
];

await main(async () => {
  const began = performance.now();
  const docker = Deno.args.includes("--docker");
  const patterns = Deno.args.filter((arg) => arg !== "--docker");
  const unknown = patterns.find((pattern) => pattern.startsWith("-"));
  if (unknown) throw new Failure(`Unknown option ${unknown}; this command knows --docker.`);
  if (patterns.length > 1) throw new Failure("npm test takes one pattern.");
  const steps = await choose(STEPS.filter((step) => !docker || step.withDocker), patterns[0]);
  if (steps.length === 0) {
    throw new Failure(`No step and no test file has a name with ${patterns[0]} in it.`);
  }

  if (docker) {
    await requireDocker();
    await ensureTestTools(terminalProgress());
  } else {
    await ensurePackages(terminalProgress(), { tests: true });
  }
  let interrupted = false;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    Deno.addSignalListener(signal, () => {
      interrupted = true;
      cleanUp().finally(() => Deno.exit(130));
    });
  }
  try {
    await removeWhatKilledRunsLeft();
    const target = docker ? dockerTarget() : throwAwayTarget();
    const cores = Math.max(2, navigator.hardwareConcurrency);
    const finished = await runSteps(steps, target, cores, (step) => {
      if (!interrupted) showFinished(step);
    });
    if (interrupted) await new Promise(() => {}); // the signal's listener ends the process
    showSummary(finished, performance.now() - began);
    return finished.some(({ failed }) => failed > 0) ? 1 : 0;
  } finally {
    await cleanUp();
  }
});

/** Ends what this run started, and what the tests that it started have started. */
async function cleanUp(): Promise<void> {
  await endRunningTools();
  await removeAll();
  await removeWhatKilledRunsLeft();
}

async function removeWhatKilledRunsLeft(): Promise<void> {
  await removeAbandoned();
  await removeAbandonedCheckouts();
}
