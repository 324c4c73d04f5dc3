/**
 * `npm test`: tests everything, on databases of its own. `npm test -- PATTERN` runs the steps and
 * files whose name contains PATTERN; `npm test -- --docker` runs on the stack of `supabase start`.
 */

import { requireDocker } from "./stack/docker.ts";
import { Failure, main } from "./stack/failure.ts";
import { endAbandoned, endGuards, startGuard } from "./stack/guard.ts";
import { ensurePackages, ensureTestTools } from "./stack/packages.ts";
import { terminalProgress } from "./stack/progress.ts";
import { advisorsStep } from "./test/advisors_step.ts";
import { databaseLintStep, triggerLintStep } from "./test/database_lint_steps.ts";
import {
  concurrencyStep,
  contractStep,
  denoCheckStep,
  denoFormatStep,
  denoLintStep,
  denoTestStep,
  stackTestStep,
} from "./test/deno_steps.ts";
import { exposedSchemasStep } from "./test/exposed_schemas_step.ts";
import {
  docsFreshStep,
  errorsFreshStep,
  seedFreshStep,
  typesFreshStep,
} from "./test/generated_steps.ts";
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
  concurrencyStep,
  denoTestStep,
  databaseLintStep,
  triggerLintStep,
  advisorsStep,
  typesFreshStep,
  docsFreshStep,
  errorsFreshStep,
  seedFreshStep,
  exposedSchemasStep,
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
  await endAbandoned();
  // Everything that this run starts, and whatever that starts, carries the guard's variable.
  const { directory, environment } = await startGuard();
  for (const [name, value] of Object.entries(environment)) Deno.env.set(name, value);
  let interrupted = false;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    Deno.addSignalListener(signal, () => {
      interrupted = true;
      endGuards().finally(() => Deno.exit(130));
    });
  }
  try {
    const target = docker ? dockerTarget() : throwAwayTarget();
    const cores = Math.max(2, navigator.hardwareConcurrency);
    const finished = await runSteps(steps, { target, directory }, cores, (step) => {
      if (!interrupted) showFinished(step);
    });
    if (interrupted) await new Promise(() => {}); // the signal's listener ends the process
    showSummary(finished, performance.now() - began);
    return finished.some(({ failed }) => failed > 0) ? 1 : 0;
  } finally {
    await endGuards();
  }
});
