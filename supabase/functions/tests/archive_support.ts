/** A table with a partition to archive, on a stack of its own, and the function in its own process. */

import assert from "node:assert/strict";
import http from "node:http";
import postgres from "postgres";
import { DENO, FUNCTIONS } from "../../../scripts/stack/paths.ts";
import { freePort } from "../../../scripts/stack/ports.ts";
import { waitUntil } from "../../../scripts/stack/processes.ts";
import type { S3Server } from "../../../scripts/stack/s3.ts";
import type { ArchiveResponse } from "../archive-export/index.ts";

/** The variables by which the function finds an S3 server. */
export const s3Environment = (server: Omit<S3Server, typeof Symbol.asyncDispose>) => ({
  ARCHIVE_S3_ENDPOINT: server.endpoint,
  ARCHIVE_S3_ACCESS_KEY_ID: server.accessKeyId,
  ARCHIVE_S3_SECRET_ACCESS_KEY: server.secretAccessKey,
});

/** A table of many types, partitioned by month from January 2025 on. */
export async function makeEvents(
  sql: postgres.Sql,
  name: string,
  { rows, location, bucket }: { rows: number; location: string; bucket: string | null },
): Promise<void> {
  await sql.unsafe(`
    create table public.${name} (
      id bigint generated always as identity,
      at timestamptz not null,
      note text,
      code char(5),
      details jsonb,
      amount numeric,
      tags text[],
      raw bytea,
      ratio float8,
      took interval,
      place extensions.geography(point, 4326),
      is_long boolean generated always as (char_length(note) > 20) stored,
      primary key (id, at)
    )
    partition by range (at);
    alter table public.${name} enable row level security;
    comment on table public.${name} is 'Events to archive.';
  `);
  await sql`
    select ops.manage_partitions(
      ${`public.${name}`}::text::regclass, 'at', 'month', ahead => 1, as_of => '2025-01-10'
    )`;
  await sql`
    select archive.define_policy(
      ${name}, ${`public.${name}`}::text::regclass, 30, ${location}, ${bucket}
    )`;
  await sql.unsafe(`
    insert into public.${name} (at, note, code, details, amount, tags, raw, ratio, took, place)
    select
      timestamptz '2025-01-01 00:00+00' + n * interval '31 days' / ${rows + 1},
      case n % 4 when 0 then null when 1 then '' else repeat(E'Zeile "ß" \\\\n\\n', n % 9) end,
      'ab',
      case n % 4 when 0 then 'null'::jsonb when 1 then null else jsonb_build_object('n', n) end,
      case n % 50 when 0 then 'NaN'::numeric else n / 7.0 end,
      case n % 3 when 0 then '[2:3]={a,"b,c"}'::text[] when 1 then '{}' else array['x', null] end,
      decode(md5(n::text), 'hex'),
      case n % 60 when 0 then '-Infinity'::float8 else n / 3.0::float8 end,
      make_interval(months => n % 20, secs => n * 1.5),
      extensions.st_point(n % 180, 45.123456789)
    from generate_series(1, ${rows}) as n
  `);
}

/** Takes January 2025 from its parent, and makes the job that archives it. */
export async function detachJanuary(sql: postgres.Sql, name: string): Promise<void> {
  await sql`
    select ops.maintain_table(${`public.${name}`}::text::regclass, '2025-03-10', '{detach}')`;
  await sql`update archive.policies set next_run_at = now() where name = ${name}`;
  await sql`select archive.upkeep()`;
}

/** What the rows of a table are, told without anything of the archive. */
export async function contentsOf(sql: postgres.Sql, table: string): Promise<unknown> {
  const [contents] = await sql.unsafe(`
    select
      count(*)::int as rows,
      count(distinct id)::int as ids,
      md5(string_agg(t::text, e'\\n' order by id)) as hash
    from ${table} as t
  `);
  return contents;
}

/** The function in a process of its own, which can be killed. */
export class FunctionProcess implements AsyncDisposable {
  private constructor(
    private readonly process: Deno.ChildProcess,
    private readonly url: string,
    private readonly key: string,
  ) {}

  static async start(environment: Record<string, string>, key: string): Promise<FunctionProcess> {
    const port = freePort();
    const process = new Deno.Command(DENO, {
      args: [
        "serve",
        ...["--quiet", "--no-check", "-A", "--host=127.0.0.1", `--port=${port}`],
        `--config=${FUNCTIONS}/archive-export/deno.json`,
        `${FUNCTIONS}/archive-export/index.ts`,
      ],
      env: { ...environment, SUPABASE_SECRET_KEYS: JSON.stringify({ default: key }) },
      stdout: "null",
      stderr: "null",
    }).spawn();
    const started = new FunctionProcess(process, `http://127.0.0.1:${port}/archive-export`, key);
    const up = () => fetch(started.url, { method: "OPTIONS" }).then(({ ok }) => ok, () => false);
    assert.ok(await waitUntil(up, 60_000), "the function's process did not start");
    return started;
  }

  /** One call. */
  async call(): Promise<ArchiveResponse> {
    const response = await fetch(this.url, { method: "POST", headers: { apikey: this.key } });
    const text = await response.text();
    assert.equal(response.status, 200, text);
    return JSON.parse(text);
  }

  /** Calls until nothing is left to do, and returns how many chunks were carried. */
  async finish(): Promise<number> {
    let carried = 0;
    while (true) {
      const { action, chunk } = await this.call();
      if (action === "none") return carried;
      if (chunk !== undefined) carried++;
    }
  }

  /** Ends it by SIGKILL, whatever it does. */
  async kill(): Promise<void> {
    try {
      this.process.kill("SIGKILL");
    } catch { /* It has ended. */ }
    await this.process.status;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }
}

/** Stands before a server and holds the request that a test waits for, for ever. */
export class Gate implements AsyncDisposable {
  readonly url: string;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  #held?: { matches: (request: Request) => boolean; answered: boolean; arrived: () => void };

  constructor(private readonly target: string) {
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      (request) => this.#forward(request),
    );
    this.url = `http://127.0.0.1:${this.#server.addr.port}`;
  }

  /**
   * Holds the next request that matches: before it reaches the server, or once the server has
   * answered, so that only the answer is lost. Resolves when it is held.
   */
  hold(matches: (request: Request) => boolean, when: "before" | "answered"): Promise<void> {
    return new Promise((arrived) => {
      this.#held = { matches, answered: when === "answered", arrived };
    });
  }

  async #forward(request: Request): Promise<Response> {
    const held = this.#held?.matches(request) ? this.#held : undefined;
    if (held) this.#held = undefined;
    if (held && !held.answered) return await this.#holdForEver(held.arrived);
    const answer = await this.#ask(request);
    return held ? await this.#holdForEver(held.arrived) : answer;
  }

  /** By node:http, because fetch sends a Host of its own, and S3 signs the one it was called by. */
  async #ask(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const body = new Uint8Array(await request.arrayBuffer());
    return await new Promise((resolve, reject) => {
      const asked = http.request(`${this.target}${pathname}${search}`, {
        method: request.method,
        headers: Object.fromEntries(request.headers),
      }, async (answer) => {
        const parts: Uint8Array[] = [];
        for await (const part of answer) parts.push(part);
        const { statusCode: status, headers } = answer;
        const type = headers["content-type"] ?? "application/octet-stream";
        resolve(
          new Response(status === 204 ? null : new Blob(parts as BlobPart[]), {
            status,
            headers: { "content-type": type },
          }),
        );
      });
      asked.on("error", reject);
      asked.end(body);
    });
  }

  #holdForEver(arrived: () => void): Promise<Response> {
    arrived();
    return new Promise(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // requests that are held would keep a graceful end waiting
    await Promise.race([this.#server.shutdown(), new Promise((done) => setTimeout(done, 200))]);
  }
}
