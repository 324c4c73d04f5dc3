/** Nothing that a process starts for a while outlives it. */

import assert from "node:assert/strict";
import { type Guard, startGuard } from "./guard.ts";
import { DENO, ROOT } from "./paths.ts";
import { startedWith, stopProcess, waitUntil } from "./processes.ts";

/** Processes that carry the guard's variable, guards of others among them. */
function owned(guard: Guard) {
  const [[name, value]] = Object.entries(guard.environment);
  return startedWith(name, value);
}

async function names(directory: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(directory)) names.push(name);
  return names;
}

/** A process that starts a whole throw-away stack in `directory` and waits for its end. */
function startStack(guard: Guard, directory: string): Deno.ChildProcess {
  return new Deno.Command(DENO, {
    args: ["run", "-A", "--no-check", "-"],
    cwd: ROOT,
    env: { ...guard.environment, TMPDIR: directory, NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
}

async function send(child: Deno.ChildProcess, program: string): Promise<void> {
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(program));
  await writer.close();
}

/** A program in a module of its own, so that it finds the stack's. */
const PROGRAM = `
import { startThrowAwayStack } from "file://${ROOT}/scripts/stack/throwaway.ts";
await startThrowAwayStack({ migrate: false });
console.log("ready");
await new Promise((resolve) => setTimeout(resolve, 60_000));
`;

Deno.test("a guard ends what carries its variable, and its children, and removes its directory", async () => {
  const guard = await startGuard();
  await Deno.writeTextFile(`${guard.directory}/file`, "");
  // The child of a shell that ends at once; neither reacts to SIGTERM.
  await new Deno.Command("sh", {
    args: ["-c", "trap '' TERM; sleep 1000 & disown 2>/dev/null; exit 0"],
    env: guard.environment,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).output();
  const [child, ...others] = await owned(guard);
  assert.equal(others.length, 0);
  await guard.end();
  const left = await owned(guard);
  await stopProcess(child); // by this test itself, if the guard failed
  assert.deepEqual(left, []);
  await assert.rejects(Deno.stat(guard.directory), Deno.errors.NotFound);
});

Deno.test("a guard leaves processes of others alone", async () => {
  await using mine = await startGuard();
  const other = await startGuard();
  const child = new Deno.Command("sleep", { args: ["1000"], env: mine.environment }).spawn();
  await other.end();
  assert.equal((await owned(mine)).length, 1);
  child.kill();
  await child.status;
});

Deno.test("a guard that was killed itself is done without", async () => {
  const guard = await startGuard();
  const child = new Deno.Command("sleep", { args: ["1000"], env: guard.environment }).spawn();
  const guards = (await startedWith("PLINTH_GUARD", "1")).map(async (process) => {
    const command = await Deno.readTextFile(`/proc/${process.pid}/cmdline`);
    if (command.includes(guard.directory)) await stopProcess(process);
  });
  await Promise.all(guards);
  await guard.end();
  const left = await owned(guard);
  if (left.length > 0) child.kill("SIGKILL");
  await child.status;
  assert.deepEqual(left, []);
  await assert.rejects(Deno.stat(guard.directory), Deno.errors.NotFound);
});

Deno.test("a throw-away stack ends with its process", async (test) => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGKILL"] as const) {
    await test.step(`by ${signal}`, async () => {
      await using guard = await startGuard();
      const child = startStack(guard, guard.directory);
      await send(child, PROGRAM);
      const output = child.stdout.getReader();
      assert.match(new TextDecoder().decode((await output.read()).value), /ready/);
      // The process itself, its guard, PostgreSQL, Redis, the functions and the API.
      assert.ok((await owned(guard)).length >= 6);
      child.kill(signal);
      await child.status;
      await output.cancel();
      assert.ok(await waitUntil(async () => (await owned(guard)).length === 0, 45_000));
      assert.deepEqual(await names(guard.directory), ["owner.json"]);
    });
  }

  // A stack is most easily forgotten while it is being started.
  for (const milliseconds of [250, 500, 750, 1_000]) {
    await test.step(`by SIGKILL after ${milliseconds} ms of its start`, async () => {
      await using guard = await startGuard();
      const child = startStack(guard, guard.directory);
      await send(child, PROGRAM);
      const began = async () => (await names(guard.directory)).length > 1;
      assert.ok(await waitUntil(began, 45_000, 10));
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      child.kill("SIGKILL");
      await child.status;
      await child.stdout.cancel();
      assert.ok(await waitUntil(async () => (await owned(guard)).length === 0, 45_000));
      assert.deepEqual(await names(guard.directory), ["owner.json"]);
    });
  }
});
