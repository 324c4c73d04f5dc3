/** What the README says can be done as it says. */

import assert from "node:assert/strict";
import postgres from "postgres";
import { requiredEnvironment } from "../../../scripts/stack/environment.ts";
import { DENO, ROOT } from "../../../scripts/stack/paths.ts";
import { mustRun } from "../../../scripts/stack/run_tool.ts";

const { PLINTH_API_URL, PLINTH_DB_URL, PLINTH_PUBLISHABLE_KEY } = requiredEnvironment(
  "PLINTH_API_URL",
  "PLINTH_DB_URL",
  "PLINTH_PUBLISHABLE_KEY",
);

const readme = await Deno.readTextFile(`${ROOT}/README.md`);

/** The code blocks of one language below a heading. */
function blocks(heading: string, language: string): string[] {
  const [, section] = readme.split(`\n## ${heading}\n`);
  const text = section.split("\n## ")[0];
  return [...text.matchAll(/```(\w+)\n(.*?)```/gs)]
    .filter(([, marked]) => marked === language)
    .map(([, , code]) => code);
}

/** What the first cells of all tables name. */
const firstCells = () =>
  [...readme.matchAll(/^\| ((?:`[^`]+`(?:, )?)+)/gm)]
    .flatMap(([, cell]) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name));

Deno.test("each link of the README leads to a file", async () => {
  const targets = [...readme.matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => target);
  assert(targets.length > 5);
  for (const target of targets) await Deno.stat(`${ROOT}/${target}`);
});

Deno.test("each path of the README's layout exists", async () => {
  const paths = firstCells().filter((cell) => /[/.]/.test(cell));
  assert(paths.length > 5);
  for (const path of paths) await Deno.stat(`${ROOT}/${path}`);
});

Deno.test("the README's commands are the commands there are", async () => {
  const { scripts } = JSON.parse(await Deno.readTextFile(`${ROOT}/package.json`));
  const listed = firstCells()
    .map((cell) => cell.match(/^npm (?:run )?(\w+)/)?.[1])
    .filter((name) => name !== undefined);
  assert.deepEqual([...new Set(listed)].sort(), Object.keys(scripts).sort());
});

Deno.test("the README's calls exist, and no call of the directory is missing", async () => {
  const sql = postgres(PLINTH_DB_URL, { max: 1 });
  try {
    const served = await sql<{ schema: string; name: string }[]>`
      select distinct pronamespace::regnamespace::text as schema, proname as name
      from pg_proc
      where pronamespace in ('directory'::regnamespace, 'ops'::regnamespace)
        and (
          has_function_privilege('anon', oid, 'execute')
          or has_function_privilege('authenticated', oid, 'execute')
          or has_function_privilege('service_role', oid, 'execute')
        )`;
    const listed = firstCells().filter((cell) => /^\w+$/.test(cell));
    const unknown = listed.filter((cell) => !served.some(({ name }) => name === cell));
    const missing = served.filter(({ schema, name }) =>
      schema === "directory" && !listed.includes(name)
    );
    assert.deepEqual({ unknown, missing }, { unknown: [], missing: [] });
  } finally {
    await sql.end();
  }
});

Deno.test("the calls by curl answer with what a misspelt word meant", async () => {
  const calls = blocks("Call it", "sh");
  assert.equal(calls.length, 2);
  for (const call of calls) {
    const printed = await mustRun("The call of the README", ["sh", "-c", call], {
      env: { URL: PLINTH_API_URL, KEY: PLINTH_PUBLISHABLE_KEY },
    });
    const answer = JSON.parse(printed);
    const results = answer.results ?? answer;
    assert(results.length > 0);
    assert(results.every((row: { distance_meters: number }) => row.distance_meters <= 50_000));
    assert.deepEqual((answer.corrections ?? results[0].corrections)[0], {
      from: "cofee",
      to: "coffee",
    });
  }
});

Deno.test("the call by supabase-js answers with well rated businesses", async () => {
  const [call] = blocks("Call it", "ts");
  const constants = `const URL = ${JSON.stringify(PLINTH_API_URL)};
    const KEY = ${JSON.stringify(PLINTH_PUBLISHABLE_KEY)};`;
  const code = `${constants}\n${call.replace("console.log(error ?? data)", "")}
    console.log(JSON.stringify(error ?? data));`;
  const printed = await mustRun("The call of the README", [DENO, "run", "-A", "-"], {
    cwd: ROOT,
    input: code,
  });
  const data = JSON.parse(printed);
  assert(data.length > 0);
  assert(data.every((row: { avg_rating: number }) => row.avg_rating >= 4));
});

Deno.test("the README shows the first-steps script word for word", async () => {
  const script = await Deno.readTextFile(`${ROOT}/examples/directory/first_steps.ts`);
  assert.deepEqual(blocks("First steps", "ts"), [script]);
});
