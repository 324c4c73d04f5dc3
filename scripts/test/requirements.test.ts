/**
 * Keeps docs/requirements.md honest: one row for each requirement id, and everything that a `done`
 * or `part` row names (SQL objects, files, commands, proofs) exists.
 *
 * Reads the database at PLINTH_DB_URL, where all migrations are applied.
 */
import assert from "node:assert/strict";
import postgres from "postgres";
import { walk } from "./files.ts";
import type { Step } from "./step.ts";

const root = new URL("../../", import.meta.url);

/** Last number of each series of ids, and how many digits its numbers have at least. */
const series: Record<string, { last: number; digits: number }> = {
  "A-": { last: 118, digits: 2 },
  "B-": { last: 52, digits: 2 },
  "C-": { last: 67, digits: 2 },
  "D-R": { last: 63, digits: 2 },
  "E-": { last: 21, digits: 2 },
};

interface Row {
  id: string;
  what: string;
  object: string;
  proof: string;
  state: string;
}

interface Ledger {
  /** Topic number to whether the topic is finished. */
  topics: Map<number, boolean>;
  rows: Row[];
  /** Lines that look like rows and are none. */
  malformed: string[];
}

/** A name in backticks, by what it claims to be. */
type Reference =
  | { kind: "file"; path: string }
  | { kind: "script"; name: string }
  | { kind: "schema" | "extension" | "role"; name: string }
  | { kind: "policy" | "trigger" | "constraint"; name: string; schema: string; table: string }
  | { kind: "function" | "relation"; schema: string; name: string }
  | { kind: "column"; schema: string; table: string; name: string };

type Exists = (reference: Reference) => Promise<boolean>;

const statePattern = /^(?:done|n\/a|(open|part) · topic (\d+(?:, \d+)*))$/;

function requiredIds(): string[] {
  return Object.entries(series).flatMap(([prefix, { last, digits }]) =>
    Array.from({ length: last }, (_, i) => prefix + String(i + 1).padStart(digits, "0"))
  );
}

function cellsOf(line: string): string[] {
  return line.split("|").slice(1, -1).map((cell) => cell.trim());
}

function parseLedger(markdown: string): Ledger {
  const ledger: Ledger = { topics: new Map(), rows: [], malformed: [] };
  for (const line of markdown.split("\n")) {
    if (!line.startsWith("|")) continue;
    const cells = cellsOf(line);
    const isRule = cells.every((cell) => /^:?-+:?$/.test(cell));
    const isHeader = cells[0] === "id" || cells[0] === "topic" || cells[0] === "written";
    if (isRule || isHeader) continue;
    const [id, what, object, proof, state] = cells;
    if (/^\d+$/.test(id) && cells.length === 3) {
      ledger.topics.set(Number(id), cells[2] === "done");
    } else if (/^[A-E]-R?\d+$/.test(id) && cells.length === 5) {
      ledger.rows.push({ id, what, object, proof, state });
    } else if (/^[A-E]-/.test(id)) {
      ledger.malformed.push(line);
    }
  }
  return ledger;
}

function namesIn(cell: string): string[] {
  return Array.from(cell.matchAll(/`([^`]+)`/g), (match) => match[1]);
}

/** What a name in backticks stands for, or null when it follows none of the forms. */
function referenceOf(text: string): Reference | null {
  const npm = text.match(/^npm (?:run ([\w:-]+)|(start|test))( -- .+)?$/);
  if (npm) return { kind: "script", name: npm[1] ?? npm[2] };

  const plain = text.match(/^(schema|extension|role) ([\w-]+)$/);
  if (plain) return { kind: plain[1] as "schema" | "extension" | "role", name: plain[2] };

  const owned = text.match(/^(policy|trigger|constraint) (\w+) on (\w+)\.(\w+)$/);
  if (owned) {
    const kind = owned[1] as "policy" | "trigger" | "constraint";
    return { kind, name: owned[2], schema: owned[3], table: owned[4] };
  }
  if (text.includes("/") || /^[A-Z]+\.md$|^[A-Z]+$|^package\.json$|^deno\.json$/.test(text)) {
    return { kind: "file", path: text };
  }
  const called = text.match(/^(\w+)\.(\w+)\(\)$/);
  if (called) return { kind: "function", schema: called[1], name: called[2] };

  const column = text.match(/^(\w+)\.(\w+)\.(\w+)$/);
  if (column) return { kind: "column", schema: column[1], table: column[2], name: column[3] };

  const relation = text.match(/^(\w+)\.(\w+)$/);
  if (relation) return { kind: "relation", schema: relation[1], name: relation[2] };
  return null;
}

const isCommand = (text: string) => referenceOf(text)?.kind === "script";

async function complaintsOf(
  ledger: Ledger,
  { ids, tests, exists }: { ids: string[]; tests: string[]; exists: Exists },
): Promise<string[]> {
  const complaints = ledger.malformed.map((line) => `not a row of five cells: ${line}`);

  const counts = new Map<string, number>();
  for (const { id } of ledger.rows) counts.set(id, (counts.get(id) ?? 0) + 1);
  for (const id of ids) if (!counts.has(id)) complaints.push(`${id}: no row`);
  for (const [id, count] of counts) {
    if (!ids.includes(id)) complaints.push(`${id}: not a requirement`);
    if (count > 1) complaints.push(`${id}: ${count} rows`);
  }

  for (const row of ledger.rows) {
    const say = (text: string) => complaints.push(`${row.id}: ${text}`);
    const state = row.state.match(statePattern);
    if (!state) {
      say(`unknown state "${row.state}"`);
      continue;
    }
    if (row.what === "") say("says nothing in the column what");
    if (row.object === "") say("names no object and no reason");
    for (const number of state[2]?.split(", ").map(Number) ?? []) {
      if (!ledger.topics.has(number)) say(`topic ${number} is not listed`);
      else if (ledger.topics.get(number)) say(`topic ${number} is done, the row is ${state[1]}`);
    }
    // An open row names what will be built; there is nothing to look up yet.
    if (state[1] === "open") continue;

    const isBuilt = row.state !== "n/a";
    const proofs = namesIn(row.proof);
    if (isBuilt && namesIn(row.object).length === 0) say("names no object in backticks");
    if (isBuilt && proofs.length === 0) say("names no proof in backticks");
    for (const name of proofs) {
      // A test that nobody runs proves nothing.
      if (!isCommand(name) && !tests.includes(name)) {
        say(`${name} is no command and no test that npm test runs`);
      }
    }
    for (const name of [...namesIn(row.object), ...proofs.filter(isCommand)]) {
      const reference = referenceOf(name);
      if (!reference) say(`${name} is written in no known form`);
      else if (!(await exists(reference))) say(`${name} does not exist`);
    }
  }
  return complaints;
}

/** Looks names up in the catalogue of the database, in the tree and in package.json. */
function lookup(sql: postgres.Sql, scripts: Record<string, string>): Exists {
  const found = async (rows: Promise<postgres.RowList<postgres.Row[]>>) => (await rows).length > 0;
  return (reference) => {
    switch (reference.kind) {
      case "file":
        return Deno.stat(new URL(reference.path, root)).then(() => true, () => false);
      case "script":
        return Promise.resolve(reference.name in scripts);
      case "schema":
        return found(sql`select from pg_namespace where nspname = ${reference.name}`);
      case "extension":
        return found(sql`select from pg_extension where extname = ${reference.name}`);
      case "role":
        return found(sql`select from pg_roles where rolname = ${reference.name}`);
      case "policy":
        return found(sql`
          select from pg_policies
          where schemaname = ${reference.schema} and tablename = ${reference.table}
            and policyname = ${reference.name}`);
      case "trigger":
        return found(sql`
          select from pg_trigger
          join pg_class on pg_class.oid = pg_trigger.tgrelid
          join pg_namespace on pg_namespace.oid = pg_class.relnamespace
          where not tgisinternal and nspname = ${reference.schema}
            and relname = ${reference.table} and tgname = ${reference.name}`);
      case "constraint":
        return found(sql`
          select from pg_constraint
          join pg_class on pg_class.oid = pg_constraint.conrelid
          join pg_namespace on pg_namespace.oid = pg_class.relnamespace
          where nspname = ${reference.schema} and relname = ${reference.table}
            and conname = ${reference.name}`);
      case "function":
        return found(sql`
          select from pg_proc
          join pg_namespace on pg_namespace.oid = pg_proc.pronamespace
          where nspname = ${reference.schema} and proname = ${reference.name}`);
      case "relation":
        return found(sql`
          select from pg_class
          join pg_namespace on pg_namespace.oid = pg_class.relnamespace
          where nspname = ${reference.schema} and relname = ${reference.name}
          union all
          select from pg_ts_config
          join pg_namespace on pg_namespace.oid = pg_ts_config.cfgnamespace
          where nspname = ${reference.schema} and cfgname = ${reference.name}`);
      case "column":
        return found(sql`
          select from pg_attribute
          join pg_class on pg_class.oid = pg_attribute.attrelid
          join pg_namespace on pg_namespace.oid = pg_class.relnamespace
          where nspname = ${reference.schema} and relname = ${reference.table}
            and attname = ${reference.name} and attnum > 0 and not attisdropped`);
    }
  };
}

/** Every test file that a step of `npm test` runs. */
async function filesOfSteps(): Promise<string[]> {
  const modules = (await walk("scripts/test", ".ts")).filter((path) => /_steps?\.ts$/.test(path));
  const steps = await Promise.all(modules.map((path) => import(new URL(path, root).href)));
  const files = steps.flatMap((step) => Object.values(step as Record<string, Partial<Step>>))
    .map((step) => step.files?.() ?? []);
  return (await Promise.all(files)).flat();
}

async function withLookup(test: (exists: Exists) => Promise<void>): Promise<void> {
  const url = Deno.env.get("PLINTH_DB_URL");
  assert.ok(url, "PLINTH_DB_URL names the database to look in; npm test sets it");
  const { scripts } = JSON.parse(await Deno.readTextFile(new URL("package.json", root)));
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await test(lookup(sql, scripts));
  } finally {
    await sql.end();
  }
}

Deno.test("every requirement has one row, and what the rows name exists", async () => {
  const ids = requiredIds();
  assert.equal(ids.length, 321);
  const ledger = parseLedger(await Deno.readTextFile(new URL("docs/requirements.md", root)));
  const tests = await filesOfSteps();
  await withLookup(async (exists) => {
    assert.deepEqual(await complaintsOf(ledger, { ids, tests, exists }), []);
  });
  assert.deepEqual(ledger.rows.map((row) => row.id), ids, "rows stand in the order of the ids");
});

Deno.test("the lookup tells what exists from what does not, for each form of a name", async () => {
  const pairs = [
    ["docs/requirements.md", "docs/unwritten.md"],
    ["npm test", "npm run unwritten"],
    ["schema private", "schema unwritten"],
    ["extension pgcrypto", "extension unwritten"],
    ["role anon", "role unwritten"],
    ["policy categories_select_anon on directory.categories", "policy unwritten on ops.settings"],
    ["trigger settings_set_updated_at on ops.settings", "trigger unwritten on ops.settings"],
    ["constraint settings_key_check on ops.settings", "constraint unwritten on ops.settings"],
    ["private.fail()", "private.unwritten()"],
    ["ops.settings", "ops.unwritten"],
    ["ops.settings.key", "ops.settings.unwritten"],
  ];
  await withLookup(async (exists) => {
    for (const [present, absent] of pairs) {
      assert.equal(await exists(referenceOf(present)!), true, present);
      assert.equal(await exists(referenceOf(absent)!), false, absent);
    }
  });
});

Deno.test("planted defects in a ledger are named, and nothing else is", async () => {
  const ledger = parseLedger(`
| topic | name | state |
|---|---|---|
| 1 | The main job | done |
| 2 | The rest | open |

| id | what | object | proof | state |
|---|---|---|---|---|
| A-01 | right | \`town.houses\`, \`town.count_houses()\`, \`town.houses.roof\` | \`npm test\`, \`town.test.sql\` | done |
| A-02 | gone table | \`town.bridges\` | \`npm test\` | done |
| A-03 | gone function | \`town.build()\` | \`npm test\` | part · topic 2 |
| A-04 | gone column | \`town.houses.cellar\` | \`npm test\` | done |
| A-05 | gone proof | \`town.houses\` | \`supabase/tests/town/gone.test.sql\` | done |
| A-06 | no proof | \`town.houses\` | by looking | done |
| A-07 | a proof that proves nothing | \`town.houses\` | \`town.houses\` | done |
| A-08 | unknown state | \`town.houses\` | \`npm test\` | nearly |
| A-09 | no topic | \`town.castle\` | - | open |
| A-10 | finished topic | \`town.castle\` | - | open · topic 1 |
| A-11 | unlisted topic | \`town.castle\` | - | open · topic 2, 7 |
| A-12 | no object | houses | \`npm test\` | done |
| A-13 | no reason |  |  | n/a |
| A-14 | unknown form | \`the town\` | \`npm test\` | done |
| A-15 | gone command | \`town.houses\` | \`npm run dance\` | done |
| A-16 | gone policy | \`policy houses_select_all on town.houses\` | \`npm test\` | done |
| A-17 | a cell too few | \`town.houses\` | done |
| A-18 | twice | not needed in a town without water | | n/a |
| A-18 | twice | not needed in a town without water | | n/a |
| A-20 | not asked for | \`town.castle\` | - | open · topic 2 |
`);
  const present = new Set(["town.houses", "town.count_houses", "town.houses.roof", "test"]);
  const exists: Exists = (reference) => {
    const name = reference.kind === "column"
      ? `${reference.schema}.${reference.table}.${reference.name}`
      : reference.kind === "function" || reference.kind === "relation"
      ? `${reference.schema}.${reference.name}`
      : reference.kind === "file"
      ? reference.path
      : reference.name;
    return Promise.resolve(present.has(name));
  };
  const ids = Array.from({ length: 19 }, (_, i) => `A-${String(i + 1).padStart(2, "0")}`);

  const tests = ["town.test.sql"];

  assert.deepEqual(await complaintsOf(ledger, { ids, tests, exists }), [
    "not a row of five cells: | A-17 | a cell too few | `town.houses` | done |",
    "A-17: no row",
    "A-19: no row",
    "A-18: 2 rows",
    "A-20: not a requirement",
    "A-02: town.bridges does not exist",
    "A-03: town.build() does not exist",
    "A-04: town.houses.cellar does not exist",
    "A-05: supabase/tests/town/gone.test.sql is no command and no test that npm test runs",
    "A-06: names no proof in backticks",
    "A-07: town.houses is no command and no test that npm test runs",
    'A-08: unknown state "nearly"',
    'A-09: unknown state "open"',
    "A-10: topic 1 is done, the row is open",
    "A-11: topic 7 is not listed",
    "A-12: names no object in backticks",
    "A-13: names no object and no reason",
    "A-14: the town is written in no known form",
    "A-15: npm run dance does not exist",
    "A-16: policy houses_select_all on town.houses does not exist",
  ]);
});
