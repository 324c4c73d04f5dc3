/** The profile of one's own server: TLS and SCRAM, or no connection. */

import assert from "node:assert/strict";
import postgres from "postgres";
import { makeCheckout, SCHEMAS_MIGRATION } from "./checkout_fixture.ts";
import { type Cluster, TLS_ACCESS, TLS_SETTINGS } from "./cluster.ts";
import type { StackStatus } from "./local_stack.ts";
import { ROOT } from "./paths.ts";
import { run, said } from "./run_tool.ts";
import { startThrowAwayStack } from "./throwaway.ts";

/** Runs a query by psql over libpq with its own idea of TLS, and returns what came of it. */
async function query(
  { settings: { installation, port, keys } }: Cluster,
  sql: string,
  options: Record<string, string>,
): Promise<{ code: number; text: string }> {
  const parameters = {
    host: "127.0.0.1",
    port: String(port),
    dbname: "postgres",
    user: "postgres",
    password: keys.databasePassword,
    ...options,
  };
  const connection = Object.entries(parameters).map(([name, value]) => `${name}='${value}'`);
  const result = await run(
    [`${installation.bin}/psql`, "-XAtq", connection.join(" "), "-c", sql],
  );
  return { code: result.code, text: said(result).trim() };
}

Deno.test("a server with TLS", async (test) => {
  await using stack = await startThrowAwayStack({ services: [], tls: true });
  const { cluster } = stack;
  const ask = (sql: string, options: Record<string, string>) => query(cluster, sql, options);

  await test.step("a plain connection is refused, whoever asks", async () => {
    for (const user of ["postgres", "supabase_admin", "authenticator"]) {
      const { code, text } = await ask("select 1", { sslmode: "disable", user });
      assert.notEqual(code, 0);
      assert.match(text, /no pg_hba.conf entry .* no encryption/);
    }
  });

  await test.step("TLS 1.2 or newer with the password works, and the server proves itself", async () => {
    const { code, text } = await ask(
      "select ssl, version >= 'TLSv1.2' from pg_stat_ssl where pid = pg_backend_pid()",
      { sslmode: "verify-full", sslrootcert: cluster.certificate },
    );
    assert.equal(code, 0, text);
    assert.equal(text, "t|t");
  });

  await test.step("a wrong password is refused", async () => {
    const { code, text } = await ask("select 1", { sslmode: "require", password: "wrong" });
    assert.notEqual(code, 0);
    assert.match(text, /password authentication failed/);
  });

  await test.step("a password that is kept as MD5 opens nothing", async () => {
    await using admin = new Connection(stack.superuserUrl);
    await admin.sql.unsafe(`
      set password_encryption = 'md5';
      create role weak login password 'weak-word';
      reset password_encryption;
      create role strong login password 'strong-word'`).simple();
    const strong = { sslmode: "require", user: "strong", password: "strong-word" };
    assert.equal((await ask("select 1", strong)).text, "1");
    const weak = await ask("select 1", { ...strong, user: "weak", password: "weak-word" });
    assert.notEqual(weak.code, 0);
    assert.match(weak.text, /authentication failed/);
  });

  await test.step("ops.connection_stats counts no plain connection", async () => {
    await using admin = new Connection(stack.dbUrl);
    const channels = await admin.sql`
      select channel, sum(connections)::int > 0 as some
      from ops.connection_stats
      group by channel`;
    assert.deepEqual([...channels], [{ channel: "tls", some: true }]);
  });
});

Deno.test("without the profile a plain connection is counted as one", async () => {
  await using stack = await startThrowAwayStack({ services: [] });
  await using plain = new Connection(stack.dbUrl);
  const [{ connections }] = await plain.sql`
    select sum(connections)::int as connections
    from ops.connection_stats
    where channel = 'plain' and application_name = 'a plain client'`;
  assert.equal(connections, 1);
});

Deno.test("npm start -- --tls", async (test) => {
  await using checkout = await makeCheckout({
    "supabase/migrations/20260101000000_schemas.sql": SCHEMAS_MIGRATION + `
      create table directory.rows (id int primary key);
      create function directory.channel() returns boolean language sql stable security definer as
        'select ssl from pg_catalog.pg_stat_ssl where pid = pg_catalog.pg_backend_pid()';`,
  });
  const start = async (...options: string[]) => {
    const { code, output } = await checkout.task("start", ...options);
    assert.equal(code, 0, output);
    return output;
  };
  const status = async () =>
    JSON.parse((await checkout.task("status", "--json")).stdout) as StackStatus;
  /** What a client with its own idea of TLS is told by the database that runs. */
  const ask = async (sql: string, sslmode: string) => {
    const url = new URL((await status()).db_url);
    url.search = `?sslmode=${sslmode}`;
    return said(await run(["psql", "-XAtq", url.href, "-c", sql])).trim();
  };
  /** Whether the API reaches the database by TLS. */
  const apiUsesTls = async () => {
    const { api_url, publishable_key } = await status();
    const response = await fetch(`${api_url}/rest/v1/rpc/channel`, {
      method: "POST",
      headers: { apikey: publishable_key, "Content-Profile": "directory" },
    });
    return await response.json();
  };
  const SSL = "select ssl from pg_stat_ssl where pid = pg_backend_pid()";
  const REFUSAL = /no pg_hba.conf entry .* no encryption/;

  await test.step("builds the stack on a server that refuses who comes without TLS", async () => {
    await start("--tls");
    assert.match((await status()).db_url, /sslmode=require$/);
    assert.match(await ask(SSL, "disable"), REFUSAL);
    assert.equal(await ask(SSL, "require"), "t");
    assert.equal(await apiUsesTls(), true);
    assert.ok((await status()).processes.every(({ up }) => up));
  });

  await test.step("reset and a repeated start keep it", async () => {
    assert.equal((await checkout.task("reset")).code, 0);
    assert.match(await ask(SSL, "disable"), REFUSAL);
    assert.doesNotMatch(await start("--tls"), /PostgreSQL/);
    assert.equal(await ask("insert into directory.rows values (1)", "require"), "");
  });

  await test.step("a start without it goes back, and the rows stay", async () => {
    assert.match(await start(), /without TLS/);
    assert.doesNotMatch((await status()).db_url, /sslmode/);
    assert.equal(await ask("select id from directory.rows", "disable"), "1");
    assert.equal(await apiUsesTls(), false);
  });

  await test.step("and it can be switched on for a database that is there", async () => {
    assert.match(await start("--tls"), /with TLS/);
    assert.match(await ask(SSL, "disable"), REFUSAL);
    assert.equal(await ask("select id from directory.rows", "require"), "1");
    assert.equal(await apiUsesTls(), true);
  });

  await test.step("Docker has no such profile", async () => {
    const { code, output } = await checkout.task("start", "--docker", "--tls");
    assert.equal(code, 1);
    assert.match(output, /leave out/);
  });
});

Deno.test("the template of docs/security.md is what this server runs with", async () => {
  const text = await Deno.readTextFile(`${ROOT}/docs/security.md`);
  const words = new Set(text.split("\n").map((line) => line.trim().replace(/\s+/g, " ")));
  const settings = Object.entries(TLS_SETTINGS).map(([name, value]) => `${name} = '${value}'`);
  const access = TLS_ACCESS.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  for (const line of [...settings, ...access]) {
    assert.ok(words.has(line.replace(/\s+/g, " ")), line);
  }
});

/** A connection that ends with its test. */
class Connection implements AsyncDisposable {
  readonly sql: postgres.Sql;

  constructor(url: string) {
    const connection = { application_name: "a plain client" };
    this.sql = postgres(url, { max: 1, onnotice: () => {}, connection });
  }

  async [Symbol.asyncDispose]() {
    await this.sql.end();
  }
}
