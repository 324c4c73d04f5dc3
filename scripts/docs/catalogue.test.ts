/** Reads the migrated database at PLINTH_DB_URL. What the tests plant there is rolled back. */
import assert from "node:assert/strict";
import postgres from "postgres";
import { type Catalogue, type Connection, readCatalogue } from "./catalogue.ts";
import { differences, write } from "./output.ts";
import { renderPages } from "./render.ts";

type Settings = Record<string, string>;

/** Runs `work` in a transaction that leaves nothing behind. */
async function inTransaction<T>(
  work: (sql: Connection) => Promise<T>,
  settings: Settings = {},
): Promise<T> {
  const dbUrl = Deno.env.get("PLINTH_DB_URL");
  assert.ok(dbUrl, "PLINTH_DB_URL must name a migrated database");
  const sql = postgres(dbUrl, { max: 1, onnotice: () => {}, connection: settings });
  const connection = await sql.reserve();
  try {
    await connection`begin`;
    const result = await work(connection);
    await connection`rollback`;
    return result;
  } finally {
    connection.release();
    await sql.end();
  }
}

/** Plants two schemas with one of everything that is easy to get wrong. */
async function plant(sql: Connection): Promise<void> {
  for (const statement of PROBE) await sql.unsafe(statement);
}

const PROBE = [
  "create schema docs_probe",
  "create schema docs_probe_internal",
  "comment on schema docs_probe is 'Probe | with a pipe.'",
  "grant usage on schema docs_probe to anon",
  "create extension cube schema docs_probe",
  "create domain docs_probe.slug as text check (value ~ '^[a-z|]+$')",
  `create table docs_probe.items (
    id bigint generated always as identity primary key,
    parent_id bigint references docs_probe.items on delete cascade,
    slug docs_probe.slug not null unique,
    removed int,
    name text default 'a|b',
    name_length int generated always as (length(name)) stored,
    constraint items_name_check check (name <> '' or name is null)
  )`,
  "alter table docs_probe.items drop column removed",
  "alter table docs_probe.items enable row level security",
  `comment on table docs_probe.items is 'First line
     and *second*.'`,
  "comment on column docs_probe.items.name is 'Either | or.'",
  "comment on constraint items_name_check on docs_probe.items is 'No empty names.'",
  "create index items_name_idx on docs_probe.items (lower(name)) where parent_id is null",
  "comment on index docs_probe.items_name_idx is 'Roots by name.'",
  `create policy items_update_owner on docs_probe.items for update to authenticated, anon
    using (parent_id is null) with check (name || 'x' <> 'y')`,
  "comment on policy items_update_owner on docs_probe.items is 'Roots only.'",
  "grant select on docs_probe.items to anon",
  "grant update (name, slug) on docs_probe.items to authenticated",
  "grant update (id) on docs_probe.items to service_role",
  "grant update on docs_probe.items to service_role",
  `create function docs_probe_internal.touch() returns trigger language plpgsql
    set search_path = '' as 'begin return new; end'`,
  `create trigger items_touch before update of name on docs_probe.items
    for each row when (old.name is distinct from new.name)
    execute function docs_probe_internal.touch()`,
  "comment on trigger items_touch on docs_probe.items is 'Touches.'",
  "create unlogged table docs_probe_internal.notes (item_id bigint primary key)",
  `alter table docs_probe_internal.notes add constraint notes_item_id_fkey
    foreign key (item_id) references docs_probe.items on delete cascade`,
  `create table docs_probe.events (at timestamptz not null primary key)
    partition by range (at)`,
  `create table docs_probe_internal.events_y2026m01 partition of docs_probe.events
    for values from ('2026-01-01Z') to ('2026-02-01Z')`,
  `create view docs_probe.roots with (security_invoker = true)
    as select id, name from docs_probe.items where parent_id is null`,
  "comment on view docs_probe.roots is 'Roots.'",
  `create function docs_probe.find(query text, page int default 1, out id bigint, inout total int
      default null)
    returns record language sql stable strict security definer set search_path = ''
    as 'select 1::bigint, 2'`,
  "comment on function docs_probe.find is 'Finds.'",
  "revoke execute on function docs_probe.find from public",
  "grant execute on function docs_probe.find to anon",
  "create procedure docs_probe.tick() language sql as ''",
  "grant execute on procedure docs_probe.tick to public",
];

/** The catalogue of the database with the probe in it. */
function probedCatalogue(): Promise<Catalogue> {
  return inTransaction(async (sql) => {
    await plant(sql);
    return await readCatalogue(sql);
  });
}

/** The one object of the probe with this name. */
function pick<T extends { schema: string; name: string }>(objects: T[], name: string): T {
  const found = objects.filter((object) =>
    object.name === name && object.schema.startsWith("docs_probe")
  );
  assert.equal(found.length, 1, name);
  return found[0];
}

Deno.test("two reads give the same pages, whatever the settings of the session", async () => {
  const first = renderPages(await inTransaction(readCatalogue), []);
  const second = renderPages(
    await inTransaction(readCatalogue, {
      search_path: "directory, extensions, public",
      timezone: "Asia/Tokyo",
      datestyle: "German",
      intervalstyle: "iso_8601",
      quote_all_identifiers: "on",
    }),
    [],
  );
  assert.deepEqual([...second], [...first]);
});

Deno.test("every table, view and column of the migrations is on its schema's page", async () => {
  const { pages, columns } = await inTransaction(async (sql) => ({
    columns: await sql<{ schema: string; relation: string; column: string }[]>`
      select c.table_schema as schema, c.table_name as relation, c.column_name as column
      from information_schema.columns as c
      join pg_class on pg_class.oid = format('%I.%I', c.table_schema, c.table_name)::regclass
      where pg_get_userbyid(pg_class.relowner) = 'postgres'
        and not pg_class.relispartition
        and c.table_schema not in ('public', 'extensions', 'supabase_migrations')
    `,
    pages: renderPages(await readCatalogue(sql), []),
  }));
  assert.ok(columns.length > 0);
  for (const { schema, relation, column } of columns) {
    const page = pages.get(`${schema}.md`) ?? "";
    const section = page.split(/^### /m).find((text) => text.startsWith(`${relation}\n`)) ?? "";
    assert.ok(section.includes(`\n| \`${column}\` | `), `${schema}.${relation}.${column}`);
  }
});

Deno.test("every registered error is on the page of errors", async () => {
  const { page, codes } = await inTransaction(async (sql) => ({
    codes: await sql<{ code: string }[]>`select code from private.error_codes`,
    page: renderPages(await readCatalogue(sql), []).get("errors.md") ?? "",
  }));
  assert.ok(codes.length > 0);
  for (const { code } of codes) assert.ok(page.includes(`\n| \`${code}\` | `), code);
});

Deno.test("--check finds a comment that changed in the database", async () => {
  const directory = await Deno.makeTempDir();
  try {
    await inTransaction(async (sql) => {
      await plant(sql);
      await write(directory, renderPages(await readCatalogue(sql), []));
      await sql`comment on column docs_probe.items.name is 'Another text.'`;
      const found = await differences(directory, renderPages(await readCatalogue(sql), []));
      assert.deepEqual(found, [{ name: "docs_probe.md", state: "stale" }]);
    });
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("--check finds a changed comment on each table of the migrations", async () => {
  const catalogue = await inTransaction(readCatalogue);
  const pages = renderPages(catalogue, []);
  for (const relation of catalogue.relations) {
    const comment = relation.comment;
    relation.comment = `${comment} Changed.`;
    const changed = [...renderPages(catalogue, [])].filter(([name, text]) =>
      pages.get(name) !== text
    );
    relation.comment = comment;
    assert.deepEqual(changed.map(([name]) => name), [`${relation.schema}.md`], relation.name);
  }
});

Deno.test("schemas are found by their owner, with comment and usage", async () => {
  const { schemas } = await probedCatalogue();
  const names = schemas.map((schema) => schema.name);
  assert.deepEqual(names, [...names].sort());
  assert.ok(!names.some((name) => ["auth", "public", "extensions", "cron"].includes(name)));
  assert.ok(!names.includes("supabase_migrations"));
  assert.deepEqual(
    schemas.find((schema) => schema.name === "docs_probe"),
    { name: "docs_probe", comment: "Probe | with a pipe.", usage: ["anon"] },
  );
});

Deno.test("what belongs to an extension is left out", async () => {
  const { routines, types } = await inTransaction(async (sql) => {
    await plant(sql);
    const [{ count }] = await sql<{ count: number }[]>`
      select count(*)::int from pg_proc where pronamespace = 'docs_probe'::regnamespace
    `;
    assert.ok(count > 10, "the extension put its functions into the schema");
    return await readCatalogue(sql);
  });
  const own = (objects: { schema: string; name: string }[]) =>
    objects.filter(({ schema }) => schema === "docs_probe").map(({ name }) => name);
  assert.deepEqual(own(routines), ["find", "tick"]);
  assert.deepEqual(own(types), ["slug"]);
});

Deno.test("partition children are left out", async () => {
  const { relations } = await probedCatalogue();
  assert.equal(pick(relations, "events").partitionKey, "RANGE (at)");
  assert.ok(!relations.some(({ name }) => name === "events_y2026m01"));
});

Deno.test("a table is read with all that belongs to it", async () => {
  const { relations } = await probedCatalogue();
  const items = pick(relations, "items");
  assert.equal(items.rowSecurity, "on");
  assert.deepEqual(
    items.columns.map(({ name, type, nullable, default: value }) => ({
      name,
      type,
      nullable,
      value,
    })),
    [
      { name: "id", type: "bigint", nullable: false, value: "generated always as identity" },
      { name: "parent_id", type: "bigint", nullable: true, value: null },
      { name: "slug", type: "docs_probe.slug", nullable: false, value: null },
      { name: "name", type: "text", nullable: true, value: "'a|b'::text" },
      {
        name: "name_length",
        type: "integer",
        nullable: true,
        value: "generated always as (length(name)) stored",
      },
    ],
  );
  assert.deepEqual(items.constraints.map(({ name, kind }) => [name, kind]), [
    ["items_pkey", "primary key"],
    ["items_slug_key", "unique"],
    ["items_parent_id_fkey", "foreign key"],
    ["items_name_check", "check"],
  ]);
  assert.equal(items.constraints[3].comment, "No empty names.");
  assert.deepEqual(items.indexes, [{
    name: "items_name_idx",
    definition: "btree (lower(name)) WHERE (parent_id IS NULL)",
    comment: "Roots by name.",
    uniqueColumns: [],
  }]);
  assert.deepEqual(items.policies, [{
    name: "items_update_owner",
    command: "update",
    permissive: true,
    roles: ["anon", "authenticated"],
    using: "(parent_id IS NULL)",
    check: "((name || 'x'::text) <> 'y'::text)",
    comment: "Roots only.",
  }]);
  assert.deepEqual(items.triggers, [{
    name: "items_touch",
    fires: "BEFORE UPDATE OF name FOR EACH ROW WHEN ((old.name IS DISTINCT FROM new.name))",
    calls: "docs_probe_internal.touch()",
    enabled: true,
    comment: "Touches.",
  }]);
  assert.deepEqual(items.grants, [
    { role: "anon", privilege: "select", columns: [] },
    { role: "authenticated", privilege: "update", columns: ["slug", "name"] },
    { role: "service_role", privilege: "update", columns: [] },
  ]);
});

Deno.test("a foreign key to another schema is read and drawn", async () => {
  const catalogue = await probedCatalogue();
  const notes = pick(catalogue.relations, "notes");
  assert.equal(notes.unlogged, true);
  const key = notes.constraints.find(({ kind }) => kind === "foreign key");
  assert.deepEqual(key?.references, { schema: "docs_probe", table: "items" });
  assert.match(
    renderPages(catalogue, []).get("docs_probe_internal.md")!,
    /^ {2}"docs_probe\.items" \|\|--o\| "notes" : "item_id"$/m,
  );
});

Deno.test("a view is read with its options", async () => {
  const { relations } = await probedCatalogue();
  const roots = pick(relations, "roots");
  assert.equal(roots.kind, "view");
  assert.equal(roots.comment, "Roots.");
  assert.deepEqual(roots.options, ["security_invoker=true"]);
});

Deno.test("a function is read with arguments, traits and callers", async () => {
  const { routines } = await probedCatalogue();
  assert.deepEqual(pick(routines, "find"), {
    schema: "docs_probe",
    name: "find",
    kind: "function",
    comment: "Finds.",
    arguments: [
      { name: "query", mode: "in", type: "text", default: null },
      { name: "page", mode: "in", type: "integer", default: "1" },
      { name: "id", mode: "out", type: "bigint", default: null },
      { name: "total", mode: "inout", type: "integer", default: "NULL::integer" },
    ],
    result: "record",
    language: "sql",
    volatility: "stable",
    security: "definer",
    parallel: "unsafe",
    strict: true,
    settings: ['search_path=""'],
    execute: ["anon"],
  });
  const tick = pick(routines, "tick");
  assert.equal(tick.kind, "procedure");
  assert.equal(tick.result, null);
  assert.deepEqual(tick.execute, ["PUBLIC"]);
});

Deno.test("the text of a comment cannot break a page", async () => {
  const page = renderPages(await probedCatalogue(), []).get("docs_probe.md")!;
  assert.match(page, /^First line and \\\*second\\\*\.$/m);
  assert.match(page, /^\| `name` \| `text` \| yes \| `'a\\\|b'::text` \| Either \\\| or\. \|$/m);
  assert.match(
    page,
    /^\| `slug` \| domain \| `text CHECK \(\(VALUE ~ '\^\[a-z\\\|\]\+\$'::text\)\)` \|/m,
  );
});
