/** Real connections that meet each other, and the rows that they meet on. */

import assert from "node:assert/strict";
import postgres from "postgres";

const url = Deno.env.get("PLINTH_DB_URL");
if (url === undefined) throw new Error("PLINTH_DB_URL is not set: run these tests by `npm test`");
const DATABASE_URL = url;

/** One database session of its own. */
export class Session implements AsyncDisposable {
  private constructor(readonly sql: postgres.Sql, readonly pid: number) {}

  static async open(): Promise<Session> {
    const sql = postgres(DATABASE_URL, { max: 1, onnotice: () => {} });
    const [{ pid }] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
    return new Session(sql, pid);
  }

  async begin(): Promise<void> {
    await this.sql`begin`;
  }

  /** Begins a transaction as a signed-in user, with the rights that the API would give. */
  async beginAs(userId: string): Promise<void> {
    await this.sql`begin`;
    const claims = JSON.stringify({ sub: userId, role: "authenticated" });
    await this.sql`select set_config('request.jwt.claims', ${claims}, true)`;
    await this.sql`set local role authenticated`;
  }

  async commit(): Promise<void> {
    await this.sql`commit`;
  }

  async rollback(): Promise<void> {
    await this.sql`rollback`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // a test that fails may leave a statement that waits; closing the connection ends it
    await this.sql.end({ timeout: 1 });
  }
}

/** How a statement ended: with "done", an SQLSTATE, or what happened to its connection. */
export type Ending = string;

/** Sends a statement now, without waiting for its end, which is returned. */
export function send(query: postgres.PendingQuery<postgres.Row[]>): Promise<Ending> {
  return query.execute().then(
    () => "done",
    (error: unknown) => {
      if (error instanceof Error && "code" in error) return String(error.code);
      throw error;
    },
  );
}

/**
 * Waits until a session waits for a lock of another one, or its statement has ended, and says which.
 * Most tests go on in both cases, so that a missing lock shows in what is lost.
 */
export async function waitsOrEnded(
  watcher: Session,
  waiter: Session,
  statement: Promise<Ending>,
): Promise<"waits" | "ended"> {
  let ended = false;
  const noteEnd = statement.finally(() => ended = true);
  while (!ended) {
    const [{ blocked }] = await watcher.sql<{ blocked: boolean }[]>`
      select cardinality(pg_blocking_pids(${waiter.pid})) > 0 as blocked`;
    if (blocked) return "waits";
    await Promise.race([pause(5), noteEnd]);
  }
  return "ended";
}

export const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** Rows of one test, which go when it ends. */
export class Fixture implements AsyncDisposable {
  /** In every name, so that tests on one database do not meet. */
  readonly mark = crypto.randomUUID().slice(0, 8);
  readonly #users: string[] = [];
  readonly #categories: string[] = [];

  constructor(private readonly session: Session) {}

  async user(): Promise<string> {
    const id = crypto.randomUUID();
    await this.session.sql`
      insert into auth.users (id, email) values (${id}, ${`${id}@race.example.com`})`;
    this.#users.push(id);
    return id;
  }

  users(count: number): Promise<string[]> {
    return Promise.all(Array.from({ length: count }, () => this.user()));
  }

  async category(parentId: string | null = null): Promise<string> {
    const slug = `race-${this.mark}-${crypto.randomUUID().slice(0, 8)}`;
    const [{ id }] = await this.session.sql<{ id: string }[]>`
      insert into directory.categories (parent_id, slug, name)
      values (${parentId}, ${slug}, ${slug})
      returning id`;
    this.#categories.push(id);
    return id;
  }

  /** An active business with a name and a text of its own. */
  async business(categoryId: string): Promise<string> {
    const name = `Race ${this.mark} ${crypto.randomUUID().slice(0, 8)}`;
    const [{ id }] = await this.session.sql<{ id: string }[]>`
      insert into directory.businesses (name, primary_category_id, city, state, status)
      values (${name}, ${categoryId}, 'Racing', 'Ohio', 'active')
      returning id`;
    return id;
  }

  /** The businesses that lie in categories of this fixture. */
  async businessIds(): Promise<string[]> {
    const rows = await this.session.sql<{ id: string }[]>`
      select id
      from directory.businesses
      where primary_category_id = any (${this.#categories})`;
    return rows.map((row) => row.id);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { sql } = this.session;
    await sql`
      delete from directory.businesses
      where primary_category_id = any (${this.#categories}) or owner_id = any (${this.#users})`;
    // from the leaves up, because a category with others below it stays
    const below = await sql<{ id: string }[]>`
      select id
      from directory.categories
      where path && ${this.#categories}::uuid[]
      order by level desc`;
    for (const { id } of below) await sql`delete from directory.categories where id = ${id}`;
    await sql`delete from auth.users where id = any (${this.#users})`;
  }
}

/**
 * Everything derived that differs from what its sources say, in words; empty when all is right.
 *
 * The registered invariants compare figures, the tree and counts with their sources. Listings and
 * documents are built anew from nothing, in a transaction that is undone, and compared with what
 * stands there; those of all businesses, or of the ones given.
 */
export async function drift({ sql }: Session, businesses?: string[]): Promise<string[]> {
  const found: string[] = [];
  const report = (what: string, rows: readonly unknown[]) =>
    found.push(...rows.map((row) => `${what}: ${JSON.stringify(row)}`));

  await sql.begin("isolation level repeatable read", async (sql) => {
    for (const { name, query } of await sql`select name, query from ops.invariants`) {
      report(name, await sql.unsafe(query));
    }
    report("text, listing or figure", await differencesFromRebuilding(sql, businesses));
    await sql`rollback and chain`;
  });
  return found;
}

/** Derived tables, and the columns of them that refresh_listings() computes. */
const DERIVED: [table: string, columns: string][] = [
  ["directory.listings", "*"],
  ["directory_internal.documents", "*"],
  [
    "directory.business_stats",
    `business_id, review_count, rating_total, rating_counts, avg_rating, bayesian_rating,
      quality_score`,
  ],
];

async function differencesFromRebuilding(
  sql: postgres.TransactionSql,
  businesses?: string[],
): Promise<unknown[]> {
  const ids = businesses ??
    (await sql<{ id: string }[]>`select id from directory.businesses`).map((row) => row.id);
  const copy = (table: string) => `was_${table.split(".")[1]}`;
  for (const [table, columns] of DERIVED) {
    await sql.unsafe(`create temporary table ${copy(table)} as select ${columns} from ${table}`);
  }
  await sql`delete from directory.listings where business_id = any (${ids})`;
  await sql`delete from directory.business_stats where business_id = any (${ids})`;
  await sql`select directory_internal.refresh_listings(${ids})`;

  const differences: unknown[] = [];
  for (const [table, columns] of DERIVED) {
    differences.push(
      ...await sql.unsafe(`
        (select 'stands' as it, t.business_id, to_jsonb(t) as "row"
          from (select * from ${copy(table)} except select ${columns} from ${table}) as t)
        union all
        (select 'should be', t.business_id, to_jsonb(t)
          from (select ${columns} from ${table} except select * from ${copy(table)}) as t)
        order by business_id, it
        limit 20`),
    );
  }
  return differences;
}

/** Asserts that nothing derived has drifted; of a fixture's businesses, or of all. */
export async function assertNoDrift(session: Session, fixture?: Fixture): Promise<void> {
  const found = await drift(session, await fixture?.businessIds());
  assert.ok(found.length === 0, found.slice(0, 10).join("\n"));
}
