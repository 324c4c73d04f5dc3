/**
 * Makes @supabase/lite 0.10.0 answer as PostgREST does where the difference would change what a
 * client or a test sees. Five corrections, each on a method that all requests pass through:
 *
 * 1. Errors. lite answers 500 "SUP" to `raise exception`, to SQLSTATEs of our own, to a failed check
 *    and to a timeout. PostgREST answers { code, message, details, hint } with a status by SQLSTATE.
 * 2. Settings of roles. PostgREST applies what `alter role … set` says, above all statement_timeout,
 *    and a function's own statement_timeout; lite, which only does `set role`, applies neither.
 * 3. Read-only calls. PostgREST runs POST to a STABLE or IMMUTABLE function in a read-only
 *    transaction, so that a function which lies about its volatility fails; lite does so for GET only.
 * 4. Values. lite prints timestamptz as `2026-01-02 03:04:05+00` and some numerics as text;
 *    PostgREST prints what to_json prints.
 * 5. JSON in requests. lite turns some JSON values into text and some text into JSON, and its driver
 *    encodes text once more: {"a": 1} and 5 arrive at a jsonb parameter as strings, "5" arrives in a
 *    jsonb column as a number, true does not arrive at all, and the metadata of a user who signs up
 *    is stored as a string. PostgREST hands over the value that the client sent.
 *
 * It also never lets lite grant privileges: lite grants everything in every schema with RLS to the
 * roles of the API when it may, which would hide a missing grant.
 */

import { PostgresConnection } from "@supabase/lite/postgres";
import { sql } from "kysely";
import { jsonText, keepJson, keepJsonFilters, type Types } from "./json_values.ts";
import { httpStatus } from "./sqlstate.ts";

type WithContext = PostgresConnection["withContext"];
type Context = Parameters<WithContext>[0];
type Work<T> = (database: PostgresConnection["kysely"]) => Promise<T>;
type Options = Parameters<WithContext>[2];
/** A request as lite has read it. */
type Request = Parameters<PostgresConnection["onPostgrestAST"]>[0];

/** A function that the API may call. */
interface Routine {
  readOnly: boolean;
  statementTimeout: string | null;
}

/** What the database says about roles and functions; read once, as PostgREST's schema cache. */
interface Catalogue {
  /** By role name: settings that a session may change itself. */
  roleSettings: Map<string, [name: string, value: string][]>;
  /** By schema and name. Of overloaded functions the least restricted counts. */
  routines: Map<string, Routine>;
}

export interface ConnectionSettings {
  url: string;
  /** Database connections held at most. */
  poolSize: number;
  /** Schemas served; the first is the profile of a request that names none. */
  schemas: string[];
}

export class PostgrestConnection extends PostgresConnection {
  readonly #defaultSchema: string;
  #catalogue: Promise<Catalogue> | undefined;

  constructor(settings: ConnectionSettings) {
    super({
      url: settings.url,
      postgresOptions: {
        max: settings.poolSize,
        onnotice: () => {},
        connection: { application_name: "plinth-api" },
        types: VALUE_FORMATS,
      },
    });
    this.#defaultSchema = settings.schemas[0];
    // "active" is what lite remembers after its own grants; it then leaves privileges alone.
    (this as unknown as { rlsState: string }).rlsState = "active";
  }

  override async withContext<T>(context: Context, work: Work<T>, options?: Options): Promise<T> {
    if (!context) return await super.withContext(context, work, options);
    const role = (context.auth as { role?: string } | undefined)?.role ?? "anon";
    try {
      const { roleSettings, routines } = await this.#readCatalogueOnce();
      const routine = options?.rpc && routines.get(this.#routineName(options.rpc));
      const settings = [...roleSettings.get(role) ?? []];
      if (routine?.statementTimeout) settings.push(["statement_timeout", routine.statementTimeout]);
      if (options?.rpc && routine?.readOnly) {
        options = { ...options, rpc: { ...options.rpc, readOnly: true } };
      }
      return await super.withContext(context, async (database) => {
        for (const [name, value] of settings) {
          await sql`select set_config(${name}, ${value}, true)`.execute(database);
        }
        return await work(database);
      }, options);
    } catch (error) {
      throw asPostgrest(error, role === "anon");
    }
  }

  override async onPostgrestAST(request: Request): Promise<Request> {
    const read = await super.onPostgrestAST(request);
    if (read.type === "rpc") return { ...read, args: await this.#keepJsonArguments(read) };
    const types = await this.#columnTypes(read);
    const { values, where } = read;
    return {
      ...read,
      ...(where && { where: keepJsonFilters(where, types) }),
      ...(values && {
        values: Array.isArray(values)
          ? values.map((row) => keepJson(row, types))
          : keepJson(values, types),
      }),
    };
  }

  /** The arguments of a call. Those of GET are text, which the database itself reads as JSON. */
  async #keepJsonArguments({ args, function: name, httpMethod, schema }: Request) {
    if (!args || Array.isArray(args) || httpMethod === "GET") return args;
    const { functions } = await this.introspect({ useCache: true });
    const given = Object.keys(args);
    const called = functions?.find((candidate) =>
      candidate.name === name && candidate.schema === (schema ?? this.#defaultSchema) &&
      given.every((argument) => candidate.arg_names.includes(argument))
    );
    if (!called) return args;
    return keepJson(args, new Map(called.arg_names.map((arg, i) => [arg, called.arg_types[i]])));
  }

  /** The columns of the table or view that a request names. */
  async #columnTypes({ from, schema }: Request): Promise<Types> {
    const { columns } = await this.introspect({ useCache: true });
    const inSchema = schema ?? this.#defaultSchema;
    return new Map(
      columns.filter((column) => column.table === from && column.schema === inSchema)
        .map(({ name, pg_type, type }) => [name, pg_type ?? type]),
    );
  }

  #routineName(rpc: NonNullable<NonNullable<Options>["rpc"]>): string {
    const headers = rpc.requestHeaders ?? {};
    const profile = rpc.method === "POST" ? headers["content-profile"] : headers["accept-profile"];
    return `${profile ?? this.#defaultSchema}.${rpc.path.replace(/^\/rpc\//, "")}`;
  }

  #readCatalogueOnce(): Promise<Catalogue> {
    return this.#catalogue ??= this.#readCatalogue().catch((error) => {
      this.#catalogue = undefined; // the database was away; ask again at the next request
      throw error;
    });
  }

  async #readCatalogue(): Promise<Catalogue> {
    const roles = await sql<{ role: string; name: string; value: string }>`
      select r.rolname as role, s.name, s.value
      from pg_catalog.pg_roles r
      cross join lateral (
        select split_part(c, '=', 1) as name, substr(c, strpos(c, '=') + 1) as value
        from unnest(r.rolconfig) c
      ) s
      join pg_catalog.pg_settings g on g.name = s.name and g.context = 'user'
    `.execute(this.kysely);
    const functions = await sql<{ name: string; volatile: boolean; timeout: string | null }>`
      select n.nspname || '.' || p.proname as name,
        bool_or(p.provolatile = 'v') as volatile,
        max(substr(c, strpos(c, '=') + 1)) as timeout
      from pg_catalog.pg_proc p
      join pg_catalog.pg_namespace n on n.oid = p.pronamespace
      left join lateral unnest(p.proconfig) c on c like 'statement_timeout=%'
      where n.nspname not in ('pg_catalog', 'information_schema')
      group by 1
    `.execute(this.kysely);
    const roleSettings = new Map<string, [string, string][]>();
    for (const { role, name, value } of roles.rows) {
      roleSettings.set(role, [...roleSettings.get(role) ?? [], [name, value]]);
    }
    const routines = new Map(functions.rows.map((row) => [
      row.name,
      { readOnly: !row.volatile, statementTimeout: row.timeout },
    ]));
    return { roleSettings, routines };
  }
}

/** An error of the driver: the fields of PostgreSQL's protocol. */
interface DatabaseError {
  code: string;
  message: string;
  detail?: string;
  hint?: string;
}

const isDatabaseError = (error: unknown): error is DatabaseError =>
  error instanceof Error && error.name === "PostgresError" &&
  /^[0-9A-Z]{5}$/.test((error as unknown as DatabaseError).code);

/**
 * Dresses an error as `raise sqlstate 'PGRST'` does, because lite then answers with exactly the body
 * and status that the error carries.
 */
function asPostgrest(error: unknown, anonymous: boolean): unknown {
  if (!isDatabaseError(error) || error.code === "PGRST") return error;
  // lite rewrites these two, with the right status: its own queries name columns by an alias.
  if (error.code === "42703" || error.code === "42883") return error;
  const { code, message, detail, hint } = error;
  const status = httpStatus(code, message, anonymous);
  const headers = status === 401 ? { "WWW-Authenticate": "Bearer" } : {};
  return Object.assign(
    new Error(JSON.stringify({ code, message, details: detail ?? null, hint: hint ?? null })),
    { name: "PostgresError", code: "PGRST", detail: JSON.stringify({ status, headers }) },
  );
}

/** A timestamp as to_json prints it; the session runs in UTC. */
const isoTimestamp = (text: string) => text.replace(" ", "T").replace(/\+00$/, "+00:00");
const unchanged = (value: unknown) => String(value);

const VALUE_FORMATS = {
  json: { to: 114, from: [114], serialize: jsonText, parse: JSON.parse },
  jsonb: { to: 3802, from: [3802], serialize: jsonText, parse: JSON.parse },
  numeric: { to: 1700, from: [1700], serialize: unchanged, parse: jsonNumber },
  timestamp: { to: 1114, from: [1114], serialize: unchanged, parse: isoTimestamp },
  timestamptz: { to: 1184, from: [1184], serialize: unchanged, parse: isoTimestamp },
};

/** A numeric as a JSON number; NaN and the infinities stay text, as in to_json. */
function jsonNumber(text: string): number | string {
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
}
