/** `npm test` itself: each step is shown to fail for the defect that it is there for. */

import assert from "node:assert/strict";
import { makeCheckout, SCHEMAS_MIGRATION } from "../../stack/checkout_fixture.ts";
import { waitUntil } from "../../stack/processes.ts";

/** A project in order, with one test of each kind. */
const SOUND = {
  "supabase/migrations/20260101000000_schemas.sql": `${SCHEMAS_MIGRATION}
create table directory.notes (id bigint primary key, body text not null);
alter table directory.notes enable row level security;
create policy notes_select_all on directory.notes for select to anon using (true);
grant select on directory.notes to anon;
create function ops.stamp() returns trigger language plpgsql set search_path = '' as $$
begin
  new.body := upper(new.body);
  return new;
end $$;
create trigger notes_stamp before insert on directory.notes
  for each row execute function ops.stamp();
`,
  "supabase/tests/notes.test.sql": pgtap("select pass('a note');"),
  "supabase/tests/api/notes.test.ts":
    `Deno.test("the API's address is given", () => {\n  if (!Deno.env.get("PLINTH_API_URL")) throw new Error();\n});\n`,
  "supabase/tests/concurrency/notes.test.ts":
    `Deno.test("the database's address is given", () => {\n  if (!Deno.env.get("PLINTH_DB_URL")) throw new Error();\n});\n`,
  "supabase/tests/house/schemas.psql": schemasFile("directory", "ops"),
  "supabase/functions/tests/one.test.ts": `Deno.test("one", () => {});\n`,
  "examples/page.js": `export const page = 1;\n`,
  "scripts/stack/own.test.ts": `Deno.test("own", () => {});\n`,
  // Exceptions belong to the product's objects.
  "scripts/test/advisors-allow.json": "[]\n",
  // The product's generators are not part of this checkout.
  "scripts/types.ts": "",
  "scripts/docs.ts": "",
  "scripts/error_codes.ts": "",
  "scripts/seed.ts": "",
};

/** One defect for each step, in files of their own. */
const DEFECTS = {
  "supabase/migrations/20260102000000_defects.sql": `
create table directory.open (id bigint primary key);
grant select on directory.open to anon;
create function ops.wrong_column() returns void language plpgsql set search_path = '' as $$
begin
  perform no_such_column from directory.notes;
end $$;
create function ops.wrong_field() returns trigger language plpgsql set search_path = '' as $$
begin
  new.no_such_field := 1;
  return new;
end $$;
create trigger notes_wrong before insert on directory.notes
  for each row execute function ops.wrong_field();
alter table directory.notes add column code char(3);
`,
  "supabase/tests/wrong.test.sql": pgtap("select fail('a wrong rule');"),
  "supabase/tests/api/wrong.test.ts":
    `Deno.test("a wrong contract", () => {\n  throw new Error("contract");\n});\n`,
  "supabase/tests/concurrency/wrong.test.ts":
    `Deno.test("a wrong race", () => {\n  throw new Error("race");\n});\n`,
  "supabase/tests/house/schemas.psql": schemasFile("directory", "private"),
  "supabase/functions/tests/wrong.test.ts":
    `Deno.test("a wrong function", () => {\n  throw new Error("function");\n});\n`,
  "scripts/stack/wrong.test.ts":
    `Deno.test("a wrong stack", () => {\n  throw new Error("stack");\n});\n`,
  "supabase/functions/tests/types.ts": `export const count: number = "one";\n`,
  "supabase/functions/tests/lint.ts": `export const anything = (value: any) => value;\n`,
  "supabase/functions/tests/format.ts": `export   const x = 1\n`,
  "scripts/types.ts": `throw new Error("stale types");\n`,
  "scripts/docs.ts": `throw new Error("stale docs");\n`,
  "scripts/error_codes.ts": `throw new Error("stale errors");\n`,
  "scripts/seed.ts": `throw new Error("stale seed");\n`,
};

/** The list of the house rules, with these schemas as exposed ones. */
function schemasFile(...exposed: string[]): string {
  const rows = exposed.map((name) => `('${name}', true)`);
  return `create temporary view project_schemas as
select * from (values ${rows.join(", ")}, ('hidden', false)) as listed (name, is_exposed);
`;
}

/** A test that starts a stack, says so, and waits for the end. */
const STACK_OF_A_TEST = `import { startThrowAwayStack } from "./throwaway.ts";
Deno.test("own", async () => {
  await using stack = await startThrowAwayStack({ migrate: false });
  await Deno.writeTextFile("reached", stack.dbUrl);
  await new Promise((resolve) => setTimeout(resolve, 60_000));
});
`;

function pgtap(test: string): string {
  return `begin;
set local search_path = public, extensions;
select plan(1);
${test}
select * from finish();
rollback;
`;
}

/** Passed and failed tests of each step, as the table at the end shows them. */
function table(output: string): Map<string, { passed: number; failed: number }> {
  const rows = output.matchAll(/^(\S.*?) {2,}(\d+) +(\d+) +[\d.]+ s$/gm);
  return new Map(
    [...rows].map(([, name, passed, failed]) => [
      name,
      { passed: Number(passed), failed: Number(failed) },
    ]),
  );
}

const exists = (path: string) => Deno.stat(path).then(() => true, () => false);

async function names(directory: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(directory)) names.push(name);
  return names;
}

const lastLine = (output: string) => output.trimEnd().split("\n").at(-1);

Deno.test("npm test", async (test) => {
  await using checkout = await makeCheckout(SOUND);

  await test.step("passes for a project in order", async () => {
    const { code, output, stdout } = await checkout.task("test");
    assert.equal(code, 0, output);
    const steps = table(stdout);
    const together = steps.get("together")!;
    assert.equal(together.failed, 0);
    assert.equal(steps.size, 19, [...steps.keys()].join(", "));
    assert.equal(lastLine(stdout), `${together.passed} passed, 0 failed`);
  });

  await test.step("runs only what has the pattern in its name", async () => {
    const { code, stdout } = await checkout.task("test", "notes.test.sql");
    assert.equal(code, 0);
    assert.deepEqual([...table(stdout).keys()], ["push", "pgTAP", "together"]);
    assert.equal(lastLine(stdout), "2 passed, 0 failed");
  });

  await test.step("refuses a pattern that matches nothing", async () => {
    const { code, output } = await checkout.task("test", "no-such-test");
    assert.equal(code, 1);
    assert.match(output, /no-such-test/);
  });

  // Each at a moment when servers run, tools run, and tests with servers of their own run.
  for (const signal of ["SIGINT", "SIGTERM", "SIGKILL"] as const) {
    await test.step(`leaves nothing behind after ${signal}`, async () => {
      await checkout.write("scripts/stack/own.test.ts", STACK_OF_A_TEST);
      const reached = `${checkout.directory}/reached`;
      await Deno.remove(reached).catch(() => {});
      const runner = checkout.spawn(["test"]);
      assert.ok(await waitUntil(() => exists(reached), 120_000), "the test's stack did not start");
      runner.kill(signal);
      const { code } = await runner.status;
      if (signal === "SIGKILL") {
        assert.ok(await waitUntil(async () => (await checkout.processes()).length === 0, 45_000));
      } else {
        assert.equal(code, 130);
        assert.deepEqual(await checkout.processes(), []);
      }
      // The CLI keeps a file there that has the same name each time.
      const left = (await names(checkout.temporary)).filter((name) => !name.startsWith(".bun-"));
      assert.deepEqual(left, []);
    });
  }

  await checkout.write("scripts/stack/own.test.ts", SOUND["scripts/stack/own.test.ts"]);

  await test.step("fails in each step for the defect that the step is there for", async () => {
    for (const [path, text] of Object.entries(DEFECTS)) await checkout.write(path, text);
    const { code, stdout } = await checkout.task("test");
    assert.equal(code, 1);
    const steps = table(stdout);
    const together = steps.get("together")!;
    steps.delete("together");
    steps.delete("push");
    const silent = [...steps].filter(([, { failed }]) => failed === 0).map(([name]) => name);
    assert.deepEqual(silent, [], stdout);
    assert.equal(lastLine(stdout), `${together.passed} passed, ${together.failed} failed`);
    for (
      const reason of [
        "no_such_column",
        "no_such_field",
        "rls_disabled_in_public",
        "a wrong rule",
        "Error: contract",
        "Error: race",
        "Error: function",
        "Error: stack",
        "stale types",
        "stale errors",
        "private is exposed in",
        "ops is exposed in",
      ]
    ) assert.ok(stdout.includes(reason), `${reason} is missing in:\n${stdout}`);
  });

  await test.step("fails when the migrations do not apply, and runs nothing on the ruins", async () => {
    await checkout.write("supabase/migrations/20260103000000_broken.sql", "create nonsense;");
    const { code, stdout } = await checkout.task("test", "pgTAP");
    assert.equal(code, 1);
    assert.match(stdout, /syntax error/);
    assert.equal(lastLine(stdout), "0 passed, 1 failed");
  });
});
