/** `npm start` and its companions, as a developer types them, in a checkout of their own. */

import assert from "node:assert/strict";
import postgres from "postgres";
import { makeCheckout, SCHEMAS_MIGRATION } from "./checkout_fixture.ts";
import type { StackStatus } from "./local_stack.ts";
import { isAlive, type ProcessIdentity, waitUntil } from "./processes.ts";
import { mustRun, run, said } from "./run_tool.ts";

const ANSWER = "supabase/migrations/20260102000000_answer.sql";

const answerMigration = (answer: number) => `
create table directory.rows (id int primary key);
create function directory.answer() returns int language sql stable as 'select ${answer}';
`;

const FUNCTION = `export default {
  fetch: (request: Request) =>
    Response.json({ path: new URL(request.url).pathname, url: Deno.env.get("SUPABASE_URL") }),
};
`;

Deno.test("the commands that start, watch and stop the stack", async (test) => {
  await using checkout = await makeCheckout({
    "supabase/migrations/20260101000000_schemas.sql": SCHEMAS_MIGRATION,
    [ANSWER]: answerMigration(41),
    "supabase/functions/search/index.ts": FUNCTION,
    "supabase/functions/guarded/index.ts": FUNCTION,
  });

  const status = async () => {
    const { code, stdout } = await checkout.task("status", "--json");
    return { code, ...JSON.parse(stdout) as StackStatus };
  };
  /** The processes beside PostgreSQL, whether the stack knows them or not. */
  const services = async () => {
    const found: ProcessIdentity[] = [];
    for (const process of await checkout.processes()) {
      const environment = await Deno.readTextFile(`/proc/${process.pid}/environ`).catch(() => "");
      if (environment.includes("PLINTH_LOCAL_STACK=")) found.push(process);
    }
    return found;
  };
  const pids = async () => (await status()).processes.map(({ pid }) => pid);
  // Ports and keys stay the same from one start to the next.
  let addresses: Promise<StackStatus> | undefined;
  const answer = async () => {
    const { api_url, publishable_key } = await (addresses ??= status());
    const response = await fetch(`${api_url}/rest/v1/rpc/answer`, {
      method: "POST",
      headers: { apikey: publishable_key, "Content-Profile": "directory" },
    });
    return await response.json();
  };

  await test.step("status says so when nothing was started yet", async () => {
    const { code, output } = await checkout.task("status");
    assert.equal(code, 1);
    assert.match(output, /npm start/);
  });

  await test.step("start builds everything and says how to use it", async () => {
    const { code, output } = await checkout.task("start");
    assert.equal(code, 0, output);
    for (
      const text of ["Plinth runs", "supabase db push", "sb_publishable_", "curl", "postgresql:"]
    ) {
      assert.ok(output.includes(text), `${text} is missing in:\n${output}`);
    }
    assert.equal(await answer(), 41);
  });

  await test.step("status --json gives what programs need, and keys are for the owner only", async () => {
    const found = await status();
    assert.equal(found.code, 0);
    assert.deepEqual(Object.keys(found).sort(), [
      ...["api_url", "changed", "code", "db_url", "functions_url", "jwt_secret", "ports"],
      ...["processes", "publishable_key", "secret_key"],
    ]);
    assert.deepEqual(found.processes.map(({ name }) => name).sort(), [
      "api",
      "functions",
      "postgres",
      "redis",
    ]);
    const { mode } = await Deno.stat(`${checkout.directory}/.local/state.json`);
    assert.equal(mode! & 0o777, 0o600);
  });

  await test.step("functions see the path without the prefix, and a guarded one wants a token", async () => {
    const { api_url, functions_url } = await status();
    const open = await fetch(`${functions_url}/search/more`);
    assert.deepEqual(await open.json(), { path: "/search/more", url: api_url });
    const guarded = await fetch(`${functions_url}/guarded`);
    assert.equal(guarded.status, 401);
    await guarded.body?.cancel();
    const unknown = await fetch(`${functions_url}/nothing`);
    assert.equal(unknown.status, 404);
    await unknown.body?.cancel();
  });

  await test.step("a changed function is served without a restart", async () => {
    await checkout.write(
      "supabase/functions/search/index.ts",
      FUNCTION.replace("path:", "changed: true, path:"),
    );
    const { functions_url } = await status();
    let changed = false;
    for (let attempt = 0; attempt < 50 && !changed; attempt++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      const response = await fetch(`${functions_url}/search`);
      changed = response.ok && (await response.json()).changed === true;
      if (!response.bodyUsed) await response.body?.cancel();
    }
    assert.ok(changed);
  });

  await test.step("a second start keeps what runs", async () => {
    const before = await pids();
    const { code, output } = await checkout.task("start");
    assert.equal(code, 0, output);
    assert.deepEqual(await pids(), before);
  });

  const killed: string[] = [];
  for (const { name, pid } of (await status()).processes) {
    await test.step(`the death of ${name} is said plainly`, async () => {
      Deno.kill(pid!, "SIGKILL");
      killed.push(name);
      const { code, output } = await checkout.task("status");
      assert.equal(code, 1);
      const down = [...output.matchAll(/^(\w+) +DOWN/gm)].map(([, process]) => process);
      assert.deepEqual(down, killed, output);
    });
  }

  await test.step("start brings back what died", async () => {
    const { code, output } = await checkout.task("start");
    assert.equal(code, 0, output);
    assert.equal((await status()).code, 0);
    assert.equal(await answer(), 41);
  });

  await test.step("a changed migration is named by status and by start, which builds anew", async () => {
    await checkout.write(ANSWER, answerMigration(42));
    assert.deepEqual((await status()).changed, [`changed ${ANSWER}`]);
    const { code, output } = await checkout.task("start");
    assert.equal(code, 0, output);
    assert.ok(output.includes(`changed ${ANSWER}`), output);
    assert.equal(await answer(), 42);
    assert.deepEqual((await status()).changed, []);
  });

  await test.step("a wrong migration fails with the CLI's reason and leaves no half-built stack", async () => {
    await checkout.write(ANSWER, "create table directory.rows (id nonsense);");
    const { code, output } = await checkout.task("start");
    assert.equal(code, 1);
    assert.match(output, /type "nonsense" does not exist/);
    assert.doesNotMatch(output, /\n\s+at /, "a stack trace");
    assert.equal((await status()).code, 1);
    await checkout.write(ANSWER, answerMigration(43));
    assert.equal((await checkout.task("start")).code, 0);
    assert.equal(await answer(), 43);
  });

  await test.step("stop ends every process, and start brings the same database back", async () => {
    const { db_url } = await status();
    assert.equal((await checkout.task("stop")).code, 0);
    const stopped = await status();
    assert.equal(stopped.code, 1);
    assert.ok(stopped.processes.every(({ pid, up }) => !up && pid === null));
    const { output } = await checkout.task("start");
    assert.doesNotMatch(output, /supabase db push/);
    assert.equal((await status()).db_url, db_url);
  });

  await test.step("two starts at once build one stack", async () => {
    await checkout.write(ANSWER, answerMigration(44));
    const [first, second] = await Promise.all([checkout.task("start"), checkout.task("start")]);
    assert.equal(first.code, 0, first.output);
    assert.equal(second.code, 0, second.output);
    const pushes = [first, second].filter(({ output }) => output.includes("supabase db push"));
    assert.equal(pushes.length, 1);
    assert.equal((await status()).code, 0);
    assert.equal(await answer(), 44);
  });

  await test.step("a start that is killed leaves nothing that the next one does not find", async () => {
    const before = (await services()).map(({ pid }) => pid);
    const command = checkout.spawn(["reset"]);
    const started = async () => (await services()).some(({ pid }) => !before.includes(pid));
    assert.ok(await waitUntil(started, 120_000, 5));
    command.kill("SIGKILL");
    await command.status;
    assert.equal((await checkout.task("start")).code, 0);
    const pids = (await status()).processes.filter(({ name }) => name !== "postgres")
      .map(({ pid }) => pid!);
    assert.deepEqual((await services()).map(({ pid }) => pid).sort(), pids.sort());
  });

  await test.step("what runs is stopped although its state is lost", async () => {
    await Deno.remove(`${checkout.directory}/.local/state.json`);
    const { output } = await checkout.task("stop");
    assert.match(output, /process \d+, process \d+, process \d+, postgres\./);
    assert.deepEqual(await checkout.processes(), []);
    assert.equal((await checkout.task("start")).code, 0);
  });

  await test.step("a port that another program has taken is replaced, and the rest follows", async () => {
    addresses = undefined;
    const { ports, processes } = await status();
    const { pid } = processes.find(({ name }) => name === "postgres")!;
    Deno.kill(pid!, "SIGKILL");
    assert.ok(await waitUntil(async () => !await isAlive(pid!), 30_000));
    using _other = Deno.listen({ hostname: "127.0.0.1", port: ports.database });
    const { code, output } = await checkout.task("start");
    assert.equal(code, 0, output);
    assert.match(output, new RegExp(`Port ${ports.database} is taken`));
    assert.equal(await answer(), 44);
  });

  await test.step("a copy of the checkout leaves this one's stack alone", async () => {
    const copy = `${checkout.directory} copy`;
    await mustRun("cp", ["cp", "--archive", checkout.directory, copy]);
    const inCopy = (...task: string[]) => run(["bash", "scripts/run", ...task], { cwd: copy });
    assert.match(said(await inCopy("status")), /Nothing has been started/);
    assert.match(said(await inCopy("stop")), /Nothing was running/);
    assert.equal((await status()).code, 0);
    await Deno.remove(copy, { recursive: true });
  });

  await test.step("a checkout that was moved keeps its database", async () => {
    const { db_url } = await status();
    const sql = postgres(db_url, { max: 1 });
    await sql`insert into directory.rows values (1)`;
    await sql.end();
    await checkout.move();
    const { code, output } = await checkout.task("start");
    assert.equal(code, 0, output);
    assert.match(output, /was moved/);
    const moved = postgres(db_url, { max: 1 });
    assert.equal((await moved`select from directory.rows`).length, 1);
    await moved.end();
    assert.equal((await services()).length, 3);
  });

  await test.step("reset throws the rows away", async () => {
    const before = await pids();
    const { code, output } = await checkout.task("reset");
    assert.equal(code, 0, output);
    assert.match(output, /supabase db push/);
    assert.notDeepEqual(await pids(), before);
  });
});
