/** Formatting, linting, types and tests of all TypeScript: of the scripts, functions, API, races. */

import { CI_ENVIRONMENT } from "./ci.ts";
import { countJunit } from "./junit.ts";
import { failure, type Outcome, single } from "./outcome.ts";
import { DENO, ROOT } from "../stack/paths.ts";
import { run, said } from "../stack/run_tool.ts";
import { filesOf, type Step, type StepContext } from "./step.ts";

const TYPESCRIPT = ["scripts", "supabase/functions", "supabase/tests", "examples"];

async function deno(...args: string[]): Promise<Outcome> {
  const result = await run([DENO, ...args], { cwd: ROOT, env: CI_ENVIRONMENT });
  return single(result.code === 0, said(result));
}

export const denoFormatStep: Step = {
  name: "deno fmt",
  needsDatabase: false,
  withDocker: false,
  run: () => deno("fmt", "--check", ...TYPESCRIPT, "deno.json"),
};

export const denoLintStep: Step = {
  name: "deno lint",
  needsDatabase: false,
  withDocker: false,
  run: () => deno("lint", ...TYPESCRIPT),
};

export const denoCheckStep: Step = {
  name: "deno check",
  needsDatabase: false,
  withDocker: false,
  // Frozen: a dependency that is not in deno.lock must not slip in.
  run: () => deno("check", "--frozen", ...TYPESCRIPT),
};

/** Tests that start stacks of their own and ask nothing of the pushed database. */
const STACK_TESTS = ["scripts/stack", "scripts/test/runner"];

export const stackTestStep: Step = {
  name: "stack tests",
  needsDatabase: false,
  withDocker: false,
  files: filesOf(STACK_TESTS, ".test.ts"),
  run: (context) => denoTest(context, {}, ["--parallel"]),
};

/** Tests of the other scripts and of the functions. Some ask the database or the API. */
export const denoTestStep: Step = {
  name: "deno test",
  needsDatabase: true,
  withDocker: false,
  files: async () =>
    (await filesOf(["scripts", "supabase/functions"], ".test.ts")())
      .filter((file) => !STACK_TESTS.some((folder) => file.startsWith(`${folder}/`))),
  run: async (context) =>
    await denoTest(context, (await context.target.stack()).environment, ["--parallel"]),
};

/** The API and the functions, seen through the unmodified supabase-js. */
export const contractStep: Step = {
  name: "contract tests",
  needsDatabase: true,
  withDocker: true,
  files: filesOf(["supabase/tests/api"], ".test.ts"),
  run: async (context) => await denoTest(context, (await context.target.stack()).environment, []),
};

/** Real sessions that meet each other; their database is their own, so that nobody else meets them. */
export const concurrencyStep: Step = {
  name: "concurrency tests",
  needsDatabase: true,
  withDocker: true,
  files: filesOf(["supabase/tests/concurrency"], ".test.ts"),
  run: async (context) => {
    const { url } = await context.target.ownDatabase();
    return await denoTest(context, { PLINTH_DB_URL: url }, []);
  },
};

async function denoTest(
  { directory, files }: StepContext,
  environment: Record<string, string>,
  options: string[],
): Promise<Outcome> {
  if (files.length === 0) return failure("There is no test file.");
  const report = await Deno.makeTempFile({ dir: directory, suffix: ".xml" });
  const result = await run(
    [
      DENO,
      "test",
      "-A",
      "--frozen",
      "--no-check",
      `--junit-path=${report}`,
      ...options,
      ...files,
    ],
    { cwd: ROOT, env: { ...CI_ENVIRONMENT, ...environment } },
  );
  return countJunit(await Deno.readTextFile(report), result.code, said(result));
}
