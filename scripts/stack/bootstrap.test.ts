/** The local cluster has hosted Supabase's role model: what works here must work there. */

import assert from "node:assert/strict";
import postgres from "postgres";
import { startThrowAwayStack } from "./throwaway.ts";

Deno.test("a new cluster has the role model of hosted Supabase", async (test) => {
  await using stack = await startThrowAwayStack({ migrate: false, services: [] });
  const sql = postgres(stack.dbUrl, { max: 1, onnotice: () => {} });

  const refuses = async (statement: string, code: string) => {
    const error = await sql.unsafe(statement).then(() => undefined, (error) => error);
    assert.equal(error?.code, code, statement);
  };

  await test.step("postgres is no superuser and may make databases and roles", async () => {
    const [role] = await sql`
      select rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls
      from pg_roles where rolname = current_user`;
    assert.deepEqual({ ...role }, {
      rolsuper: false,
      rolcreatedb: true,
      rolcreaterole: true,
      rolreplication: true,
      rolbypassrls: true,
    });
    const [{ owner }] = await sql`
      select pg_get_userbyid(datdba) as owner from pg_database where datname = current_database()`;
    assert.equal(owner, "postgres");
    await refuses("alter role anon superuser", "42501");
    await refuses("copy (select 1) to program 'true'", "42501");
  });

  await test.step("postgres creates and drops the extensions of the allow-list, no others", async () => {
    for (const name of ["postgis", "hypopg", "pg_trgm", "btree_gist", "pg_stat_statements"]) {
      await sql.unsafe(`create extension if not exists ${name} with schema extensions`);
      await sql.unsafe(`drop extension ${name} cascade`);
    }
    await refuses("create extension file_fdw", "42501");
  });

  await test.step("pg_cron lands in pg_catalog, and postgres may schedule but not edit jobs", async () => {
    await sql`create extension pg_cron`;
    const [{ schema }] = await sql`
      select n.nspname as schema from pg_extension e
      join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_cron'`;
    assert.equal(schema, "pg_catalog");
    const [{ id }] = await sql`select cron.schedule('nightly', '0 3 * * *', 'select 1') as id`;
    assert.deepEqual((await sql`select jobname from cron.job`).map((job) => job.jobname), [
      "nightly",
    ]);
    await refuses("delete from cron.job", "42501");
    await sql`delete from cron.job_run_details`;
    await sql`select cron.unschedule(${id}::bigint)`;
  });

  await test.step("auth belongs to GoTrue: postgres refers to users and creates nothing", async () => {
    await sql`create schema app`;
    await sql`create table app.profiles (id uuid references auth.users (id) on delete cascade)`;
    await sql`
      create function app.on_user() returns trigger language plpgsql as 'begin return new; end'`;
    await sql`
      create trigger on_user after insert on auth.users for each row execute function app.on_user()`;
    await sql`insert into auth.users (id, email) values (gen_random_uuid(), 'a@example.com')`;
    await refuses("create table auth.mine (id int)", "42501");
    await refuses("alter table auth.users add column mine int", "42501");
  });

  await test.step("auth.uid() and its like read both forms of a request's claims", async () => {
    const id = "11111111-1111-1111-1111-111111111111";
    await sql.begin(async (transaction) => {
      const claims = JSON.stringify({ sub: id, role: "authenticated", email: "a@example.com" });
      await transaction`select set_config('request.jwt.claims', ${claims}, true)`;
      const [row] = await transaction`
        select auth.uid() as uid, auth.role() as role, auth.email() as email,
          auth.jwt() ->> 'role' as jwt_role`;
      assert.deepEqual({ ...row }, {
        uid: id,
        role: "authenticated",
        email: "a@example.com",
        jwt_role: "authenticated",
      });
    });
    const [{ nobody }] = await sql`select auth.uid() is null as nobody`;
    assert.equal(nobody, true);
  });

  await test.step("roles have hosted's timeouts, and postgres may set the parameters it needs", async () => {
    const settings = await sql`
      select rolname, rolconfig from pg_roles
      where rolname in ('anon', 'authenticated') order by 1`;
    assert.deepEqual(settings.map((row) => ({ ...row })), [
      { rolname: "anon", rolconfig: ["statement_timeout=3s"] },
      { rolname: "authenticated", rolconfig: ["statement_timeout=8s"] },
    ]);
    await sql`set session_replication_role = replica`;
    await sql`set session_replication_role = origin`;
    await sql`set track_io_timing = on`;
    await sql`set log_min_messages = warning`;
  });

  await test.step("the publication for realtime belongs to postgres", async () => {
    await sql`create table app.messages (id int primary key)`;
    await sql`alter publication supabase_realtime add table app.messages`;
  });

  await test.step("the login of the API may not become postgres or create anything", async () => {
    const api = postgres(stack.cluster.url("lite_server"), { max: 1, onnotice: () => {} });
    const refused = async (statement: string) => {
      const error = await api.unsafe(statement).then(() => undefined, (error) => error);
      assert.equal(error?.code, "42501", statement);
    };
    await refused("set role postgres");
    await refused("create table public.mine (id int)");
    await refused("update app.messages set id = 2 where id = 1");
    await api.end();
  });

  await sql.end();
});
