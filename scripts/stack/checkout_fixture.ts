/** A second checkout in a temporary directory, for tests of the commands themselves. */

import { ROOT } from "./paths.ts";
import { identify, isSameProcess } from "./processes.ts";
import { mustRun, run, said } from "./run_tool.ts";

export interface Checkout extends AsyncDisposable {
  directory: string;
  /** Writes a file; its folders are made. */
  write(path: string, text: string): Promise<void>;
  /** Runs `bash scripts/run …` and returns the exit code and all that was said. */
  task(...args: string[]): Promise<{ code: number; output: string; stdout: string }>;
  /** Starts `bash scripts/run …` without waiting for its end. */
  spawn(args: string[], env: Record<string, string>): Deno.ChildProcess;
}

const PREFIX = "plinth-checkout-";
const TEMPORARY = Deno.env.get("TMPDIR") ?? "/tmp";

/** Stops and removes each checkout whose test was killed: its stack outlives the test by design. */
export async function removeAbandonedCheckouts(): Promise<void> {
  for await (const entry of Deno.readDir(TEMPORARY)) {
    if (!entry.name.startsWith(PREFIX)) continue;
    const directory = `${TEMPORARY}/${entry.name}`;
    const text = await Deno.readTextFile(`${directory}/owner.json`).catch(() => undefined);
    if (text === undefined || await isSameProcess(JSON.parse(text))) continue;
    await run(["bash", "scripts/run", "stop"], { cwd: directory });
    await Deno.remove(directory, { recursive: true });
  }
}

/** The stack and the test runner of this repository, and of the project only the given files. */
export async function makeCheckout(files: Record<string, string>): Promise<Checkout> {
  const directory = await Deno.makeTempDir({ dir: TEMPORARY, prefix: PREFIX });
  await Deno.writeTextFile(`${directory}/owner.json`, JSON.stringify(await identify(Deno.pid)));
  await Deno.chmod(directory, 0o755); // the account that runs PostgreSQL passes through it
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
    directory,
    async write(path, text) {
      await Deno.mkdir(`${directory}/${path}`.replace(/\/[^/]*$/, ""), { recursive: true });
      await Deno.writeTextFile(`${directory}/${path}`, text);
    },
    async task(...args) {
      const result = await run(["bash", "scripts/run", ...args], {
        cwd: directory,
        env: { NO_COLOR: "1" },
      });
      return { code: result.code, output: said(result), stdout: result.stdout };
    },
    spawn: (args, env) =>
      new Deno.Command("bash", {
        args: ["scripts/run", ...args],
        cwd: directory,
        env,
        stdout: "null",
        stderr: "null",
      }).spawn(),
    async [Symbol.asyncDispose]() {
      await checkout.task("stop");
      await Deno.remove(directory, { recursive: true });
    },
  };
  for (const [path, text] of Object.entries(files)) await checkout.write(path, text);
  return checkout;
}

/** The least that the API and the CLI want of a project: its two exposed schemas. */
export const SCHEMAS_MIGRATION = `create schema directory;
create schema ops;
grant usage on schema directory to anon;
`;
