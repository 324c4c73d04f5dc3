/** A second checkout in a temporary directory, for tests of the commands themselves. */

import { startGuard } from "./guard.ts";
import { ROOT } from "./paths.ts";
import { type ProcessIdentity, startedWith } from "./processes.ts";
import { mustRun, run, said } from "./run_tool.ts";

export interface Checkout extends AsyncDisposable {
  directory: string;
  /** Renames the directory. */
  move(): Promise<void>;
  /** Writes a file; its folders are made. */
  write(path: string, text: string): Promise<void>;
  /** Runs `bash scripts/run …` and returns the exit code and all that was said. */
  task(...args: string[]): Promise<{ code: number; output: string; stdout: string }>;
  /** Starts `bash scripts/run …` without waiting for its end. */
  spawn(args: string[]): Deno.ChildProcess;
  /** What was started from it and still runs. */
  processes(): Promise<ProcessIdentity[]>;
  /** Where its commands put their temporary directories. */
  temporary: string;
}

/** The stack and the test runner of this repository, and of the project only the given files. */
export async function makeCheckout(files: Record<string, string>): Promise<Checkout> {
  const guard = await startGuard();
  // A space, because a path may hold one.
  let directory = `${guard.directory}/a checkout`;
  const temporary = `${guard.directory}/temporary files`;
  await Deno.mkdir(directory);
  await Deno.mkdir(temporary);
  const environment = { NO_COLOR: "1", TMPDIR: temporary, ...guard.environment };
  const copy = (...paths: string[]) =>
    mustRun("Copying the repository", [
      "cp",
      "--archive",
      "--parents",
      ...paths,
      directory,
    ], { cwd: ROOT });
  await copy(
    ...["package.json", "package-lock.json", "deno.json", "deno.lock", ".squawk.toml"],
    ...["run", "start.ts", "stop.ts", "reset.ts", "status.ts", "test.ts", "stack", "test"]
      .map((name) => `scripts/${name}`),
    ...["supabase/config.toml", "supabase/functions/deno.json"],
  );
  await Deno.symlink(`${ROOT}/node_modules`, `${directory}/node_modules`);
  // The tests of the scripts would start this test again.
  await mustRun("Leaving the tests out", [
    "find",
    `${directory}/scripts`,
    "-name",
    "*.test.ts",
    "-delete",
  ]);
  const checkout: Checkout = {
    get directory() {
      return directory;
    },
    async move() {
      await Deno.rename(directory, `${directory}, moved`);
      directory += ", moved";
    },
    async write(path, text) {
      await Deno.mkdir(`${directory}/${path}`.replace(/\/[^/]*$/, ""), { recursive: true });
      await Deno.writeTextFile(`${directory}/${path}`, text);
    },
    async task(...args) {
      const result = await run(["bash", "scripts/run", ...args], {
        cwd: directory,
        env: environment,
      });
      return { code: result.code, output: said(result), stdout: result.stdout };
    },
    temporary,
    processes: () => startedWith(...Object.entries(guard.environment)[0]),
    spawn: (args) =>
      new Deno.Command("bash", {
        args: ["scripts/run", ...args],
        cwd: directory,
        env: environment,
        stdout: "null",
        stderr: "null",
      }).spawn(),
    [Symbol.asyncDispose]: guard.end,
  };
  for (const [path, text] of Object.entries(files)) await checkout.write(path, text);
  return checkout;
}

/** The least that the API and the CLI want of a project: its two exposed schemas. */
export const SCHEMAS_MIGRATION = `create schema directory;
create schema ops;
grant usage on schema directory to anon;
`;
