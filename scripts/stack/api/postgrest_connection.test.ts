/** The API answers as PostgREST does, seen through HTTP on a database of its own. */

import assert from "node:assert/strict";
import { SignJWT } from "jose";
import postgres from "postgres";
import { startThrowAwayStack, type ThrowAwayStack } from "../throwaway.ts";

const SCHEMA = `
  create schema directory;
  create schema ops;
  grant usage on schema directory to anon, authenticated, service_role;

  create sequence directory.counter;
  create table directory.notes (
    id int primary key,
    body text not null check (body <> ''),
    price numeric(6, 2) not null default 1.10,
    seen_at timestamptz not null default '2026-01-02 03:04:05+00'
  );
  alter table directory.notes enable row level security;
  create policy notes_select on directory.notes for select to authenticated using (id < 100);
  create policy notes_insert on directory.notes for insert to authenticated with check (id < 100);
  grant select, insert on directory.notes to authenticated;
  insert into directory.notes (id, body) values (1, 'first'), (100, 'hidden');

  create function directory.fail(code text) returns void language plpgsql stable as $$
    begin
      raise exception 'no luck' using errcode = code, detail = 'the detail', hint = 'the hint';
    end $$;
  create function directory.read_missing_table() returns void language plpgsql stable as
    'begin perform 1 from directory.no_such_table; end';
  create function directory.whoami() returns text language sql stable as 'select current_user::text';
  create function directory.wait(seconds float8) returns void language sql volatile
    as 'select pg_sleep(seconds)';
  create function directory.hurry() returns void language sql volatile
    set statement_timeout = '100ms' as 'select pg_sleep(1)';
  create function directory.write_while_stable() returns void language sql stable
    as 'select nextval(''directory.counter'')';
  create function directory.write_while_immutable() returns void language sql immutable
    as 'select nextval(''directory.counter'')';
  create function directory.write_while_volatile() returns void language sql volatile
    as 'select nextval(''directory.counter'')';
  grant usage on sequence directory.counter to anon;
  alter role anon set statement_timeout = '300ms';

  create table directory.documents (id int primary key, data jsonb, old json, list jsonb[]);
  grant select, insert, update on directory.documents to anon;
  create function directory.kind(value jsonb, old json default null, list jsonb[] default null)
    returns jsonb language sql stable
    return jsonb_build_array(jsonb_typeof(value), json_typeof(old), jsonb_typeof(list[1]));
  create function directory.kind_of_body(jsonb) returns text language sql stable
    return jsonb_typeof($1);
`;

async function prepare(stack: { url(): string }): Promise<void> {
  const sql = postgres(stack.url(), { max: 1, onnotice: () => {} });
  await sql.unsafe(SCHEMA).simple();
  await sql.end();
}

interface Answer {
  status: number;
  headers: Headers;
  body: unknown;
}

async function call(
  stack: ThrowAwayStack,
  path: string,
  { body, method = "POST", token }: { body?: unknown; method?: string; token?: string } = {},
): Promise<Answer> {
  const response = await fetch(`${stack.apiUrl}/rest/v1/${path}`, {
    method,
    headers: {
      apikey: stack.publishableKey,
      "Content-Profile": "directory",
      "Accept-Profile": "directory",
      "Content-Type": "application/json",
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
    },
    body: method === "GET" ? undefined : JSON.stringify(body ?? {}),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text && JSON.parse(text) };
}

const tokenOf = (stack: ThrowAwayStack, role: string) =>
  new SignJWT({ role, sub: "11111111-1111-1111-1111-111111111111" })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setIssuedAt()
    .setExpirationTime("1h")
    .sign(new TextEncoder().encode(stack.jwtSecret));

Deno.test("the API answers as PostgREST does", async (test) => {
  await using stack = await startThrowAwayStack({ migrate: false, services: ["api"], prepare });
  const user = await tokenOf(stack, "authenticated");

  for (const [code, status] of [["P0001", 400], ["PL001", 400], ["PT409", 409], ["XX000", 500]]) {
    await test.step(`an exception with ${code} is ${status} and keeps detail and hint`, async () => {
      const answer = await call(stack, "rpc/fail", { body: { code } });
      assert.equal(answer.status, status);
      assert.deepEqual(answer.body, {
        code,
        message: "no luck",
        details: "the detail",
        hint: "the hint",
      });
    });
  }

  await test.step("a failed check is 400 with the constraint's message", async () => {
    const answer = await call(stack, "notes", { body: { id: 2, body: "" }, token: user });
    assert.equal(answer.status, 400);
    assert.equal((answer.body as { code: string }).code, "23514");
  });

  await test.step("a duplicate key is 409", async () => {
    const answer = await call(stack, "notes", { body: { id: 1, body: "again" }, token: user });
    assert.equal(answer.status, 409);
    assert.equal((answer.body as { code: string }).code, "23505");
  });

  await test.step("a row that a policy refuses is 403, and a table without a grant 401", async () => {
    const refused = await call(stack, "notes", { body: { id: 101, body: "no" }, token: user });
    assert.equal(refused.status, 403);
    assert.equal((refused.body as { code: string }).code, "42501");
    const anonymous = await call(stack, "notes", { method: "GET" });
    assert.equal(anonymous.status, 401);
    assert.equal((anonymous.body as { code: string }).code, "42501");
    assert.equal(anonymous.headers.get("www-authenticate"), "Bearer");
  });

  await test.step("an unknown function and a missing table inside one are told apart", async () => {
    const unknown = await call(stack, "rpc/nothing_of_that_name");
    assert.equal(unknown.status, 404);
    assert.equal((unknown.body as { code: string }).code, "PGRST202");
    const broken = await call(stack, "rpc/read_missing_table");
    assert.equal(broken.status, 404);
    assert.equal((broken.body as { code: string }).code, "42P01");
  });

  await test.step("a request runs as the role of its token", async () => {
    assert.equal((await call(stack, "rpc/whoami")).body, "anon");
    assert.equal((await call(stack, "rpc/whoami", { token: user })).body, "authenticated");
    const forged = await call(stack, "rpc/whoami", { token: await tokenOf(stack, "postgres") });
    assert.equal(forged.status, 403);
    const unknown = await call(stack, "rpc/whoami", { token: await tokenOf(stack, "boss") });
    assert.equal(unknown.status, 401);
  });

  await test.step("a role's statement_timeout cuts its requests, and only its own", async () => {
    const cut = await call(stack, "rpc/wait", { body: { seconds: 1 } });
    assert.equal(cut.status, 500);
    assert.equal((cut.body as { code: string }).code, "57014");
    const patient = await call(stack, "rpc/wait", { body: { seconds: 0.5 }, token: user });
    assert.equal(patient.status, 204);
  });

  await test.step("a function's own statement_timeout holds for its call", async () => {
    const cut = await call(stack, "rpc/hurry", { token: user });
    assert.equal((cut.body as { code: string }).code, "57014");
  });

  for (const volatility of ["stable", "immutable"]) {
    await test.step(`POST to a function marked ${volatility} cannot write`, async () => {
      const answer = await call(stack, `rpc/write_while_${volatility}`);
      assert.equal(answer.status, 405);
      assert.equal((answer.body as { code: string }).code, "25006");
    });
  }

  await test.step("POST to a volatile function can write", async () => {
    assert.equal((await call(stack, "rpc/write_while_volatile")).status, 204);
  });

  await test.step("numerics and timestamps are printed as to_json prints them", async () => {
    const answer = await call(stack, "notes?select=price,seen_at", { method: "GET", token: user });
    assert.deepEqual(answer.body, [{ price: 1.1, seen_at: "2026-01-02T03:04:05+00:00" }]);
  });

  const read = async (filter: string) =>
    (await call(stack, `documents?${filter}&order=id`, { method: "GET" })).body as { id: number }[];

  // Text that looks like other JSON must stay text.
  const values: [value: unknown, kind: string | null][] = [
    [{ a: { b: [1, "2"] } }, "object"],
    [[1, "x", { a: 1 }], "array"],
    ["abc", "string"],
    ["5", "string"],
    ['{"a": 1}', "string"],
    [" [1] ", "string"],
    ["", "string"],
    [5.5, "number"],
    [true, "boolean"],
    [null, null],
  ];
  for (const [id, [value, kind]] of values.entries()) {
    await test.step(`JSON ${JSON.stringify(value)} arrives as ${kind}`, async () => {
      const list = value === null ? null : [value];
      const called = await call(stack, "rpc/kind", { body: { value, old: value, list } });
      assert.deepEqual(called.body, [kind, kind, kind]);
      const row = { data: value, old: value, list };
      const inserted = await call(stack, "documents", { body: { id, ...row } });
      assert.equal(inserted.status, 201, JSON.stringify(inserted.body));
      assert.deepEqual(await read(`id=eq.${id}`), [{ id, ...row }]);
      await call(stack, `documents?id=eq.${id}`, { method: "PATCH", body: { data: null } });
      await call(stack, `documents?id=eq.${id}`, { method: "PATCH", body: { data: value } });
      assert.deepEqual(await read(`id=eq.${id}`), [{ id, ...row }]);
    });
  }

  await test.step("JSON in the address is read by the database", async () => {
    const get = (value: string) =>
      call(stack, `rpc/kind?value=${encodeURIComponent(value)}`, { method: "GET" });
    assert.deepEqual((await get('{"a": 1}')).body, ["object", null, null]);
    assert.deepEqual((await get("5")).body, ["number", null, null]);
    assert.equal(((await get("abc")).body as { code: string }).code, "22P02");
  });

  await test.step("a function of one unnamed parameter gets the whole body", async () => {
    assert.equal((await call(stack, "rpc/kind_of_body", { body: { a: 1 } })).body, "object");
  });

  await test.step("filters compare JSON with JSON, and ->> with text", async () => {
    const rows: [id: number, data: unknown][] = [
      [101, { a: true, b: "x", c: "5", d: 5 }],
      [102, "x"],
      [103, "6"],
      [104, 6],
      [105, false],
      [106, [1, 2]],
    ];
    const body = rows.map(([id, data]) => ({ id, data }));
    assert.equal((await call(stack, "documents", { body })).status, 201);
    const filters: [filter: string, ids: number[]][] = [
      ['data=eq."x"', [102]],
      ['data=eq."6"', [103]],
      ["data=eq.6", [104]],
      ["data=eq.false", [105]],
      ["data=eq.[1,2]", [106]],
      ['data=eq.{"a":true,"b":"x","c":"5","d":5}', [101]],
      ['data=cs.{"b":"x"}', [101]],
      ["data=cs.[2]", [106]],
      ['data=cd.{"a":true,"b":"x","c":"5","d":5,"e":6}', [101]],
      ["data->a=eq.true", [101]],
      ['data->b=eq."x"', [101]],
      ['data->c=eq."5"', [101]],
      ["data->c=eq.5", []],
      ["data->d=eq.5", [101]],
      ["data->>c=eq.5", [101]],
      ["data->>b=eq.x", [101]],
      ["or=(data.eq.6,data->a.eq.true)", [101, 104]],
      ["and=(data.not.eq.6,data->a.is.null)", [102, 103, 105, 106]],
    ];
    for (const [filter, ids] of filters) {
      const found = await read(`id=gt.100&${encodeURI(filter)}`);
      assert.deepEqual(found.map(({ id }) => id), ids, filter);
    }
  });

  await test.step("what a user says of themselves at sign-up is stored as JSON", async () => {
    const data = { name: "Ada", links: ["https://example.com"] };
    const signedUp = await fetch(`${stack.apiUrl}/auth/v1/signup`, {
      method: "POST",
      headers: { apikey: stack.publishableKey, "Content-Type": "application/json" },
      body: JSON.stringify({ email: "ada@example.com", password: "a long password", data }),
    });
    assert.equal(signedUp.status, 200);
    assert.deepEqual((await signedUp.json()).user.user_metadata.links, data.links);
    const sql = postgres(stack.dbUrl, { max: 1 });
    const [stored] = await sql`
      select u.raw_user_meta_data ->> 'name' as name, i.email
      from auth.users u join auth.identities i on i.user_id = u.id`;
    await sql.end();
    assert.deepEqual({ ...stored }, { name: "Ada", email: "ada@example.com" });
  });

  await test.step("the API grants nothing by itself", async () => {
    const sql = postgres(stack.dbUrl, { max: 1 });
    const [{ reachable }] = await sql`
      select has_table_privilege('anon', 'directory.notes', 'select') as reachable`;
    await sql.end();
    assert.equal(reachable, false);
  });
});
