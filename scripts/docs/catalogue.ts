/**
 * Reads what the docs describe from the catalogue of a migrated database. Every text that Postgres
 * prints (types, expressions, definitions) is printed under fixed settings, so that two databases
 * with the same migrations give the same catalogue.
 */
import type postgres from "postgres";

/** A right that a role holds; `columns` is empty when it covers the whole object. */
export interface Grant {
  role: string;
  privilege: string;
  columns: string[];
}

/** A schema of the project. */
export interface Schema {
  name: string;
  comment: string | null;
  /** API roles that may look names up in the schema. */
  usage: string[];
}

/** A column of a table or view. */
export interface Column {
  name: string;
  type: string;
  nullable: boolean;
  /** The default, or how the value is generated. */
  default: string | null;
  comment: string | null;
}

/** A constraint of a table; `references` is set on foreign keys. */
export interface Constraint {
  name: string;
  kind: "primary key" | "unique" | "foreign key" | "check" | "exclusion";
  definition: string;
  columns: string[];
  references: { schema: string; table: string } | null;
  comment: string | null;
}

/** An index that no constraint made. */
export interface Index {
  name: string;
  definition: string;
  comment: string | null;
  /** The columns that it keeps unique; empty when it is not unique, partial, or on expressions. */
  uniqueColumns: string[];
}

/** A row level security policy. */
export interface Policy {
  name: string;
  command: string;
  permissive: boolean;
  roles: string[];
  using: string | null;
  check: string | null;
  comment: string | null;
}

/** A trigger that a migration made. */
export interface Trigger {
  name: string;
  /** When it fires, as Postgres prints it: `BEFORE UPDATE FOR EACH ROW`. */
  fires: string;
  /** The call that it makes. */
  calls: string;
  /** False for a trigger that is disabled, or that fires only on replicas. */
  enabled: boolean;
  comment: string | null;
}

/** What a relation is. */
export type RelationKind = "table" | "foreign table" | "view" | "materialized view";

/** A table or a view. Partition children are not among them. */
export interface Relation {
  schema: string;
  name: string;
  kind: RelationKind;
  comment: string | null;
  unlogged: boolean;
  /** `RANGE (created_at)` on a partitioned table. */
  partitionKey: string | null;
  rowSecurity: "on" | "forced" | "off";
  options: string[];
  columns: Column[];
  constraints: Constraint[];
  indexes: Index[];
  policies: Policy[];
  triggers: Trigger[];
  grants: Grant[];
}

/** One argument of a function, or one column of the table that it returns. */
export interface Argument {
  name: string;
  mode: "in" | "out" | "inout" | "variadic" | "table";
  type: string;
  default: string | null;
}

/** A function or procedure. */
export interface Routine {
  schema: string;
  name: string;
  kind: "function" | "procedure" | "aggregate" | "window function";
  comment: string | null;
  arguments: Argument[];
  /** Null on procedures. */
  result: string | null;
  language: string;
  volatility: "immutable" | "stable" | "volatile";
  security: "invoker" | "definer";
  parallel: "safe" | "restricted" | "unsafe";
  strict: boolean;
  settings: string[];
  /** API roles that may call it. */
  execute: string[];
}

/** A domain, enum, composite or range type. */
export interface TypeDefinition {
  schema: string;
  name: string;
  kind: "domain" | "enum" | "composite" | "range";
  definition: string;
  comment: string | null;
}

/** A row of the registry of errors. */
export interface ErrorCode {
  code: string;
  status: number;
  message: string;
  hint: string;
}

/** All that the docs describe, in the order in which they describe it. */
export interface Catalogue {
  schemas: Schema[];
  relations: Relation[];
  routines: Routine[];
  types: TypeDefinition[];
  /** Null when the database has no registry. */
  errors: ErrorCode[] | null;
}

/** A connection or a transaction. */
export type Connection = postgres.ISql<Record<never, never>>;

/** The roles that requests of the API run as, and the one that calls the hooks of Auth. */
const API_ROLES = ["PUBLIC", "anon", "authenticated", "service_role", "supabase_auth_admin"];

/**
 * Schemas that the platform keeps. Some belong to postgres on hosted Supabase, so the owner alone
 * does not tell them from the project's.
 */
const PLATFORM_SCHEMAS = [
  "_analytics",
  "_realtime",
  "_supavisor",
  "auth",
  "cron",
  "extensions",
  "graphql",
  "graphql_public",
  "information_schema",
  "net",
  "pgbouncer",
  "pgmq",
  "pgsodium",
  "pgsodium_masks",
  "public",
  "realtime",
  "storage",
  "supabase_functions",
  "supabase_migrations",
  "tiger",
  "tiger_data",
  "topology",
  "vault",
];

/** Orders by code unit: the same on every machine, unlike a collation. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Orders relations, routines and types by schema, then name. */
function compareNames(
  a: { schema: string; name: string },
  b: { schema: string; name: string },
): number {
  return compareText(a.schema, b.schema) || compareText(a.name, b.name);
}

function byName(a: { name: string }, b: { name: string }): number {
  return compareText(a.name, b.name);
}

/** Collects rows under the relation that they belong to. */
function groupByRelation<T extends { schema: string; relation: string }>(
  rows: readonly T[],
): (schema: string, relation: string) => T[] {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const key = JSON.stringify([row.schema, row.relation]);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return (schema, relation) => groups.get(JSON.stringify([schema, relation])) ?? [];
}

function sortRoles(roles: readonly string[]): string[] {
  return [...new Set(roles)].sort((a, b) => API_ROLES.indexOf(a) - API_ROLES.indexOf(b));
}

/**
 * Reads the catalogue. Call it in a transaction: it changes settings until the transaction ends.
 *
 * @example
 * const catalogue = await sql.begin("read only", (tx) => readCatalogue(tx));
 */
export async function readCatalogue(sql: Connection): Promise<Catalogue> {
  await sql`
    select
      set_config('search_path', '', true),
      set_config('quote_all_identifiers', 'off', true),
      set_config('datestyle', 'ISO, YMD', true),
      set_config('intervalstyle', 'postgres', true),
      set_config('timezone', 'UTC', true),
      set_config('bytea_output', 'hex', true),
      set_config('extra_float_digits', '1', true)
  `;
  const schemas = await readSchemas(sql);
  const names = schemas.map((schema) => schema.name);
  return {
    schemas,
    relations: await readRelations(sql, names),
    routines: await readRoutines(sql, names),
    types: await readTypes(sql, names),
    errors: await readErrors(sql),
  };
}

/** Finds the project's schemas: what postgres owns, less the platform's and the extensions' own. */
async function readSchemas(sql: Connection): Promise<Schema[]> {
  const rows = await sql<{ name: string; comment: string | null; usage: string[] }[]>`
    select
      n.nspname::text as name,
      obj_description(n.oid, 'pg_namespace') as comment,
      array(
        select case when acl.grantee = 0 then 'PUBLIC' else pg_get_userbyid(acl.grantee)::text end
        from aclexplode(n.nspacl) as acl
        where acl.privilege_type = 'USAGE'
      ) as usage
    from pg_namespace as n
    where pg_get_userbyid(n.nspowner) = 'postgres'
      and n.nspname !~ '^pg_'
      and n.nspname <> all (${PLATFORM_SCHEMAS}::text[])
      and not exists (
        select 1
        from pg_depend as d
        where d.classid = 'pg_namespace'::regclass and d.objid = n.oid and d.deptype = 'e'
      )
  `;
  return rows
    .map(({ name, comment, usage }) => ({
      name,
      comment,
      usage: sortRoles(usage.filter((role) => API_ROLES.includes(role))),
    }))
    .sort(byName);
}

const RELATION_KINDS: Record<string, RelationKind> = {
  r: "table",
  p: "table",
  f: "foreign table",
  v: "view",
  m: "materialized view",
};

async function readRelations(sql: Connection, schemas: string[]): Promise<Relation[]> {
  const rows = await sql<
    {
      schema: string;
      name: string;
      kind: string;
      comment: string | null;
      unlogged: boolean;
      partition_key: string | null;
      row_security: boolean;
      force_row_security: boolean;
      options: string[];
    }[]
  >`
    select
      n.nspname::text as schema,
      c.relname::text as name,
      c.relkind::text as kind,
      obj_description(c.oid, 'pg_class') as comment,
      c.relpersistence = 'u' as unlogged,
      case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end as partition_key,
      c.relrowsecurity as row_security,
      c.relforcerowsecurity as force_row_security,
      coalesce(c.reloptions, '{}') as options
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where n.nspname = any (${schemas}::text[])
      and c.relkind in ('r', 'p', 'f', 'v', 'm')
      and not c.relispartition
      and not exists (
        select 1
        from pg_depend as d
        where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
      )
  `;
  const columns = await readColumns(sql, schemas);
  const constraints = await readConstraints(sql, schemas);
  const indexes = await readIndexes(sql, schemas);
  const policies = await readPolicies(sql, schemas);
  const triggers = await readTriggers(sql, schemas);
  const grants = await readGrants(sql, schemas);
  return rows
    .map((row) => ({
      schema: row.schema,
      name: row.name,
      kind: RELATION_KINDS[row.kind],
      comment: row.comment,
      unlogged: row.unlogged,
      partitionKey: row.partition_key,
      rowSecurity: rowSecurity(row.row_security, row.force_row_security),
      options: [...row.options].sort(compareText),
      columns: columns(row.schema, row.name),
      constraints: constraints(row.schema, row.name),
      indexes: indexes(row.schema, row.name),
      policies: policies(row.schema, row.name),
      triggers: triggers(row.schema, row.name),
      grants: grants(row.schema, row.name),
    }))
    .sort(compareNames);
}

function rowSecurity(enabled: boolean, forced: boolean): Relation["rowSecurity"] {
  if (!enabled) return "off";
  return forced ? "forced" : "on";
}

type Lookup<T> = (schema: string, relation: string) => T[];

async function readColumns(sql: Connection, schemas: string[]): Promise<Lookup<Column>> {
  const find = groupByRelation(
    await sql<
      {
        schema: string;
        relation: string;
        name: string;
        type: string;
        not_null: boolean;
        expression: string | null;
        identity: string;
        generated: string;
        comment: string | null;
      }[]
    >`
      select
        n.nspname::text as schema,
        c.relname::text as relation,
        a.attname::text as name,
        format_type(a.atttypid, a.atttypmod) as type,
        a.attnotnull as not_null,
        pg_get_expr(d.adbin, d.adrelid) as expression,
        a.attidentity::text as identity,
        a.attgenerated::text as generated,
        col_description(c.oid, a.attnum) as comment
      from pg_attribute as a
      join pg_class as c on c.oid = a.attrelid
      join pg_namespace as n on n.oid = c.relnamespace
      left join pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
      where n.nspname = any (${schemas}::text[])
        and c.relkind in ('r', 'p', 'f', 'v', 'm')
        and a.attnum > 0
        and not a.attisdropped
      order by a.attrelid, a.attnum
    `,
  );
  return (schema, relation) =>
    find(schema, relation).map((row) => ({
      name: row.name,
      type: row.type,
      nullable: !row.not_null,
      default: columnDefault(row.expression, row.identity, row.generated),
      comment: row.comment,
    }));
}

/** Writes a default as `create table` would: plain, identity, or generated. */
function columnDefault(
  expression: string | null,
  identity: string,
  generated: string,
): string | null {
  if (identity === "a") return "generated always as identity";
  if (identity === "d") return "generated by default as identity";
  if (generated === "s") return `generated always as (${expression}) stored`;
  if (generated === "v") return `generated always as (${expression}) virtual`;
  return expression;
}

const CONSTRAINT_KINDS: Record<string, Constraint["kind"]> = {
  p: "primary key",
  u: "unique",
  f: "foreign key",
  c: "check",
  x: "exclusion",
};

const CONSTRAINT_ORDER: Constraint["kind"][] = [
  "primary key",
  "unique",
  "exclusion",
  "foreign key",
  "check",
];

async function readConstraints(sql: Connection, schemas: string[]): Promise<Lookup<Constraint>> {
  // Postgres 18 also stores NOT NULL as constraints; the columns say that already. A foreign key to
  // a partitioned table has a copy for each partition, which the parent constraint stands for.
  const find = groupByRelation(
    await sql<
      {
        schema: string;
        relation: string;
        name: string;
        kind: string;
        definition: string;
        columns: string[];
        foreign_schema: string | null;
        foreign_table: string | null;
        comment: string | null;
      }[]
    >`
      select
        n.nspname::text as schema,
        c.relname::text as relation,
        k.conname::text as name,
        k.contype::text as kind,
        pg_get_constraintdef(k.oid) as definition,
        array(
          select a.attname::text
          from unnest(k.conkey) with ordinality as key (attnum, position)
          join pg_attribute as a on a.attrelid = k.conrelid and a.attnum = key.attnum
          order by key.position
        ) as columns,
        fn.nspname::text as foreign_schema,
        fc.relname::text as foreign_table,
        obj_description(k.oid, 'pg_constraint') as comment
      from pg_constraint as k
      join pg_class as c on c.oid = k.conrelid
      join pg_namespace as n on n.oid = c.relnamespace
      left join pg_class as fc on fc.oid = k.confrelid
      left join pg_namespace as fn on fn.oid = fc.relnamespace
      where n.nspname = any (${schemas}::text[])
        and k.contype in ('p', 'u', 'f', 'c', 'x')
        and k.conparentid = 0
    `,
  );
  return (schema, relation) =>
    find(schema, relation)
      .map((row) => ({
        name: row.name,
        kind: CONSTRAINT_KINDS[row.kind],
        definition: row.definition,
        columns: row.columns,
        references: row.foreign_schema !== null && row.foreign_table !== null
          ? { schema: row.foreign_schema, table: row.foreign_table }
          : null,
        comment: row.comment,
      }))
      .sort((a, b) =>
        CONSTRAINT_ORDER.indexOf(a.kind) - CONSTRAINT_ORDER.indexOf(b.kind) || byName(a, b)
      );
}

async function readIndexes(sql: Connection, schemas: string[]): Promise<Lookup<Index>> {
  const find = groupByRelation(
    await sql<
      {
        schema: string;
        relation: string;
        name: string;
        definition: string;
        is_unique: boolean;
        unique_columns: string[];
        comment: string | null;
      }[]
    >`
      select
        n.nspname::text as schema,
        c.relname::text as relation,
        i.relname::text as name,
        pg_get_indexdef(x.indexrelid) as definition,
        x.indisunique as is_unique,
        case
          when x.indisunique and x.indpred is null and x.indexprs is null then array(
            select a.attname::text
            from unnest(x.indkey::smallint[]) with ordinality as key (attnum, position)
            join pg_attribute as a on a.attrelid = x.indrelid and a.attnum = key.attnum
            where key.position <= x.indnkeyatts
            order by key.position
          )
          else '{}'::text[]
        end as unique_columns,
        obj_description(i.oid, 'pg_class') as comment
      from pg_index as x
      join pg_class as i on i.oid = x.indexrelid
      join pg_class as c on c.oid = x.indrelid
      join pg_namespace as n on n.oid = c.relnamespace
      where n.nspname = any (${schemas}::text[])
        and not exists (
          select 1
          from pg_constraint as k
          where k.conindid = x.indexrelid and k.conrelid = x.indrelid
            and k.contype in ('p', 'u', 'x')
        )
    `,
  );
  return (schema, relation) =>
    find(schema, relation)
      .map((row) => ({
        name: row.name,
        definition: indexDefinition(row.definition, row.is_unique),
        comment: row.comment,
        uniqueColumns: row.unique_columns,
      }))
      .sort(byName);
}

/** Keeps what follows the names, which the page prints beside it: `unique btree (slug)`. */
function indexDefinition(definition: string, unique: boolean): string {
  const start = definition.indexOf(" USING ");
  const rest = start < 0 ? definition : definition.slice(start + " USING ".length);
  return unique ? `unique ${rest}` : rest;
}

const POLICY_COMMANDS: Record<string, string> = {
  r: "select",
  a: "insert",
  w: "update",
  d: "delete",
  "*": "all",
};

async function readPolicies(sql: Connection, schemas: string[]): Promise<Lookup<Policy>> {
  const find = groupByRelation(
    await sql<
      {
        schema: string;
        relation: string;
        name: string;
        command: string;
        permissive: boolean;
        roles: string[];
        using_expression: string | null;
        check_expression: string | null;
        comment: string | null;
      }[]
    >`
      select
        n.nspname::text as schema,
        c.relname::text as relation,
        p.polname::text as name,
        p.polcmd::text as command,
        p.polpermissive as permissive,
        array(
          select case when role = 0 then 'PUBLIC' else pg_get_userbyid(role)::text end
          from unnest(p.polroles) as role
        ) as roles,
        pg_get_expr(p.polqual, p.polrelid) as using_expression,
        pg_get_expr(p.polwithcheck, p.polrelid) as check_expression,
        obj_description(p.oid, 'pg_policy') as comment
      from pg_policy as p
      join pg_class as c on c.oid = p.polrelid
      join pg_namespace as n on n.oid = c.relnamespace
      where n.nspname = any (${schemas}::text[])
    `,
  );
  return (schema, relation) =>
    find(schema, relation)
      .map((row) => ({
        name: row.name,
        command: POLICY_COMMANDS[row.command],
        permissive: row.permissive,
        roles: [...row.roles].sort(compareText),
        using: row.using_expression,
        check: row.check_expression,
        comment: row.comment,
      }))
      .sort(byName);
}

async function readTriggers(sql: Connection, schemas: string[]): Promise<Lookup<Trigger>> {
  const find = groupByRelation(
    await sql<
      {
        schema: string;
        relation: string;
        name: string;
        definition: string;
        quoted_name: string;
        quoted_relation: string;
        enabled: string;
        comment: string | null;
      }[]
    >`
      select
        n.nspname::text as schema,
        c.relname::text as relation,
        t.tgname::text as name,
        pg_get_triggerdef(t.oid) as definition,
        quote_ident(t.tgname) as quoted_name,
        format('%I.%I', n.nspname, c.relname) as quoted_relation,
        t.tgenabled::text as enabled,
        obj_description(t.oid, 'pg_trigger') as comment
      from pg_trigger as t
      join pg_class as c on c.oid = t.tgrelid
      join pg_namespace as n on n.oid = c.relnamespace
      where n.nspname = any (${schemas}::text[])
        and not t.tgisinternal
        and t.tgparentid = 0
    `,
  );
  return (schema, relation) =>
    find(schema, relation)
      .map((row) => ({
        name: row.name,
        ...triggerParts(row.definition, row.quoted_name, row.quoted_relation),
        enabled: row.enabled === "O" || row.enabled === "A",
        comment: row.comment,
      }))
      .sort(byName);
}

/** Splits a trigger's definition into when it fires and what it calls; both names are left out. */
function triggerParts(
  definition: string,
  name: string,
  relation: string,
): { fires: string; calls: string } {
  const execute = " EXECUTE FUNCTION ";
  const middle = definition.lastIndexOf(execute);
  const head = definition.slice(0, middle);
  const fires = head
    .slice(head.indexOf(` ${name} `) + name.length + 2)
    .replace(` ON ${relation}`, "");
  return { fires, calls: definition.slice(middle + execute.length) };
}

async function readGrants(sql: Connection, schemas: string[]): Promise<Lookup<Grant>> {
  // MAINTAIN exists from Postgres 17 on, so GRANT ALL means one right more there.
  const find = groupByRelation(
    await sql<
      {
        schema: string;
        relation: string;
        role: string;
        privilege: string;
        column_name: string | null;
      }[]
    >`
      select
        n.nspname::text as schema,
        c.relname::text as relation,
        case when acl.grantee = 0 then 'PUBLIC' else pg_get_userbyid(acl.grantee)::text end as role,
        lower(acl.privilege_type) as privilege,
        null as column_name,
        0 as position
      from pg_class as c
      join pg_namespace as n on n.oid = c.relnamespace
      cross join lateral aclexplode(c.relacl) as acl
      where n.nspname = any (${schemas}::text[])
        and acl.privilege_type <> 'MAINTAIN'
      union all
      select
        n.nspname::text,
        c.relname::text,
        case when acl.grantee = 0 then 'PUBLIC' else pg_get_userbyid(acl.grantee)::text end,
        lower(acl.privilege_type),
        a.attname::text,
        a.attnum
      from pg_attribute as a
      join pg_class as c on c.oid = a.attrelid
      join pg_namespace as n on n.oid = c.relnamespace
      cross join lateral aclexplode(a.attacl) as acl
      where n.nspname = any (${schemas}::text[])
        and a.attnum > 0
        and not a.attisdropped
      order by position
    `,
  );
  return (schema, relation) => {
    const grants = new Map<string, Grant>();
    for (const { role, privilege, column_name: column } of find(schema, relation)) {
      if (!API_ROLES.includes(role)) continue;
      const key = JSON.stringify([role, privilege]);
      const grant = grants.get(key);
      // Rows for whole tables come first: a right on the table covers its columns.
      if (!grant) grants.set(key, { role, privilege, columns: column === null ? [] : [column] });
      else if (column !== null && grant.columns.length > 0) grant.columns.push(column);
    }
    return [...grants.values()].sort((a, b) =>
      API_ROLES.indexOf(a.role) - API_ROLES.indexOf(b.role) ||
      PRIVILEGES.indexOf(a.privilege) - PRIVILEGES.indexOf(b.privilege)
    );
  };
}

const PRIVILEGES = ["select", "insert", "update", "delete", "truncate", "references", "trigger"];

const ROUTINE_KINDS: Record<string, Routine["kind"]> = {
  f: "function",
  p: "procedure",
  a: "aggregate",
  w: "window function",
};
const ARGUMENT_MODES: Record<string, Argument["mode"]> = {
  i: "in",
  o: "out",
  b: "inout",
  v: "variadic",
  t: "table",
};
const VOLATILITIES: Record<string, Routine["volatility"]> = {
  i: "immutable",
  s: "stable",
  v: "volatile",
};
const PARALLEL: Record<string, Routine["parallel"]> = {
  s: "safe",
  r: "restricted",
  u: "unsafe",
};

async function readRoutines(sql: Connection, schemas: string[]): Promise<Routine[]> {
  const rows = await sql<
    {
      schema: string;
      name: string;
      kind: string;
      comment: string | null;
      argument_names: string[] | null;
      argument_modes: string[] | null;
      argument_types: string[];
      argument_defaults: (string | null)[];
      result: string | null;
      language: string;
      volatility: string;
      is_definer: boolean;
      parallel: string;
      is_strict: boolean;
      settings: string[];
      execute: string[];
    }[]
  >`
    select
      n.nspname::text as schema,
      p.proname::text as name,
      p.prokind::text as kind,
      obj_description(p.oid, 'pg_proc') as comment,
      p.proargnames as argument_names,
      p.proargmodes::text[] as argument_modes,
      array(
        select format_type(argument.type, null)
        from unnest(coalesce(p.proallargtypes, p.proargtypes::oid[]))
          with ordinality as argument (type, position)
        order by argument.position
      ) as argument_types,
      -- As JSON: the driver reads a null inside an array as the text NULL.
      to_jsonb(array(
        select pg_get_function_arg_default(p.oid, position)
        from generate_series(1, cardinality(coalesce(p.proallargtypes, p.proargtypes::oid[])))
          as position
        order by position
      )) as argument_defaults,
      pg_get_function_result(p.oid) as result,
      l.lanname::text as language,
      p.provolatile::text as volatility,
      p.prosecdef as is_definer,
      p.proparallel::text as parallel,
      p.proisstrict as is_strict,
      coalesce(p.proconfig, '{}') as settings,
      array(
        select case when acl.grantee = 0 then 'PUBLIC' else pg_get_userbyid(acl.grantee)::text end
        from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) as acl
        where acl.privilege_type = 'EXECUTE'
      ) as execute
    from pg_proc as p
    join pg_namespace as n on n.oid = p.pronamespace
    join pg_language as l on l.oid = p.prolang
    where n.nspname = any (${schemas}::text[])
      and not exists (
        select 1
        from pg_depend as d
        where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
      )
  `;
  return rows
    .map((row) => ({
      schema: row.schema,
      name: row.name,
      kind: ROUTINE_KINDS[row.kind],
      comment: row.comment,
      arguments: row.argument_types.map((type, index) => ({
        name: row.argument_names?.[index] ?? "",
        mode: ARGUMENT_MODES[row.argument_modes?.[index] ?? "i"],
        type,
        default: row.argument_defaults[index],
      })),
      result: row.result,
      language: row.language,
      volatility: VOLATILITIES[row.volatility],
      security: row.is_definer ? "definer" as const : "invoker" as const,
      parallel: PARALLEL[row.parallel],
      strict: row.is_strict,
      settings: [...row.settings].sort(compareText),
      execute: sortRoles(row.execute.filter((role) => API_ROLES.includes(role))),
    }))
    .sort((a, b) => compareNames(a, b) || compareText(argumentTypes(a), argumentTypes(b)));
}

function argumentTypes(routine: Pick<Routine, "arguments">): string {
  return routine.arguments.map((argument) => argument.type).join(", ");
}

const TYPE_KINDS: Record<string, TypeDefinition["kind"]> = {
  d: "domain",
  e: "enum",
  c: "composite",
  r: "range",
};

async function readTypes(sql: Connection, schemas: string[]): Promise<TypeDefinition[]> {
  // Each table has a row type and each type an array type; both are left out.
  const rows = await sql<
    {
      schema: string;
      name: string;
      kind: string;
      definition: string;
      comment: string | null;
    }[]
  >`
    select
      n.nspname::text as schema,
      t.typname::text as name,
      t.typtype::text as kind,
      case t.typtype
        when 'd' then concat_ws(
          ' ',
          format_type(t.typbasetype, t.typtypmod),
          case when t.typnotnull then 'NOT NULL' end,
          'DEFAULT ' || t.typdefault,
          (
            select string_agg(pg_get_constraintdef(k.oid), ' ' order by k.conname collate "C")
            from pg_constraint as k
            where k.contypid = t.oid and k.contype = 'c'
          )
        )
        when 'e' then (
          select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder)
          from pg_enum as e
          where e.enumtypid = t.oid
        )
        when 'c' then (
          select string_agg(
            format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', '
            order by a.attnum
          )
          from pg_attribute as a
          where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped
        )
        else (
          select 'range of ' || format_type(r.rngsubtype, null)
          from pg_range as r
          where r.rngtypid = t.oid
        )
      end as definition,
      obj_description(t.oid, 'pg_type') as comment
    from pg_type as t
    join pg_namespace as n on n.oid = t.typnamespace
    left join pg_class as c on c.oid = t.typrelid
    where n.nspname = any (${schemas}::text[])
      and t.typtype in ('d', 'e', 'c', 'r')
      and (t.typtype <> 'c' or c.relkind = 'c')
      and not exists (
        select 1
        from pg_depend as d
        where d.classid = 'pg_type'::regclass and d.objid = t.oid and d.deptype = 'e'
      )
  `;
  return rows
    .map(({ schema, name, kind, definition, comment }) => ({
      schema,
      name,
      kind: TYPE_KINDS[kind],
      definition: definition ?? "",
      comment,
    }))
    .sort(compareNames);
}

async function readErrors(sql: Connection): Promise<ErrorCode[] | null> {
  const [registry] = await sql<{ found: boolean }[]>`
    select to_regclass('private.error_codes') is not null as found
  `;
  if (!registry.found) return null;
  const rows = await sql<ErrorCode[]>`
    select code, status, message, hint
    from private.error_codes
  `;
  return rows
    .map(({ code, status, message, hint }) => ({ code, status, message, hint }))
    .sort((a, b) => compareText(a.code, b.code));
}
