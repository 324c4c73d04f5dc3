/** The profile of one's own server: TLS and SCRAM, or no connection. */

import assert from "node:assert/strict";
import postgres from "postgres";
import type { Cluster } from "./cluster.ts";
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
