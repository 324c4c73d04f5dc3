/**
 * A job of the archive that is killed at each point where it can be: nothing is lost, nothing comes
 * twice. The store is a real S3 server, and each kill is SIGKILL of the function's own process.
 */

import assert from "node:assert/strict";
import postgres from "postgres";
import { startS3 } from "../../../scripts/stack/s3.ts";
import { startThrowAwayStack } from "../../../scripts/stack/throwaway.ts";
import {
  contentsOf,
  detachJanuary,
  FunctionProcess,
  Gate,
  makeEvents,
  s3Environment,
} from "./archive_support.ts";

const ROWS = 600;
const PARTITION = "partitions.public_killed_y2025m01";

Deno.test("an export and a restore that are killed at each point lose nothing", async () => {
  // without the functions of the stack, which the stack would wake beside this test
  await using stack = await startThrowAwayStack({ services: ["api"] });
  await using s3 = await startS3("archive");
  await using store = new Gate(s3.endpoint);
  await using api = new Gate(stack.apiUrl);
  const environment = {
    SUPABASE_URL: api.url,
    ...s3Environment({ ...s3, endpoint: store.url }),
  };
  const sql = postgres(stack.dbUrl, { max: 1, onnotice: () => {} });
  try {
    await sql`select ops.set_setting('archive.chunk_bytes', '30000')`;
    await sql`select ops.set_setting('archive.lease_seconds', '1')`;
    await sql`select ops.set_setting('archive.backoff_seconds', '0')`;
    await makeEvents(sql, "killed", { rows: ROWS, location: "s3", bucket: "archive" });
    const before = await contentsOf(sql, "public.killed");
    await detachJanuary(sql, "killed");

    const start = () => FunctionProcess.start(environment, stack.secretKey);
    /** Lets a new process work until it is held, kills it there, and waits until its lease is over. */
    const killAt = async (held: Promise<void>) => {
      await using process = await start();
      const working = process.finish().then(() => "finished", (error) => String(error));
      assert.equal(await Promise.race([held.then(() => "held"), working]), "held");
      await process.kill();
      await working;
      await new Promise((done) => setTimeout(done, 1_100));
    };
    const chunksDone = async (kind: string) => {
      const [{ count }] = await sql`
        select count(*)::int as count
        from archive.chunks
        join archive.jobs on jobs.id = chunks.job_id
        where jobs.kind = ${kind} and done_at is not null`;
      return count;
    };
    const isRpc = (name: string) => ({ url }: Request) => url.endsWith(`/rpc/${name}`);
    const isWriteOf = (part: string) => ({ method, url }: Request) =>
      method === "PUT" && url.includes(part);

    await killAt(store.hold(isWriteOf("/000002-"), "before"));
    assert.equal(await chunksDone("export"), 1, "killed before the write of chunk 2");
    await killAt(api.hold(isRpc("confirm_archive_chunk"), "before"));
    assert.equal(await chunksDone("export"), 1, "killed after the write, before it is confirmed");
    await killAt(api.hold(isRpc("confirm_archive_chunk"), "answered"));
    assert.equal(await chunksDone("export"), 2, "killed after chunk 2 is confirmed");
    await killAt(store.hold(isWriteOf("/manifest-"), "before"));
    const [{ count: manifests }] = await sql`select count(*)::int as count from archive.manifest`;
    assert.equal(manifests, 0, "killed before the manifest is written");

    // a backend that is ended in the middle of a step leaves no lease behind
    {
      const other = postgres(stack.dbUrl, { max: 1, onnotice: () => {} });
      const [{ pid }] = await other`select pg_backend_pid() as pid`;
      await other`begin`;
      const [{ action }] = await other`select action from ops.next_archive_work()`;
      assert.equal(action, "store");
      await sql`select pg_terminate_backend(${pid})`;
      await other.end({ timeout: 1 });
    }
    {
      await using process = await start();
      await process.finish();
    }
    assert.deepEqual(
      [...await sql`select status, affected_records::int as rows from archive.jobs`],
      [{ status: "completed", rows: ROWS }],
    );

    // killed before the drop is committed
    const drop = (sql: postgres.Sql | postgres.TransactionSql) =>
      sql`
        select action
        from ops.maintain_table('public.killed', '2025-03-10', '{drop}')`;
    {
      const other = postgres(stack.dbUrl, { max: 1, onnotice: () => {} });
      const [{ pid }] = await other`select pg_backend_pid() as pid`;
      await other`begin`;
      assert.equal((await drop(other)).length, 1);
      await sql`select pg_terminate_backend(${pid})`;
      await other.end({ timeout: 1 });
    }
    assert.deepEqual(await contentsOf(sql, PARTITION), before, "the drop was undone");
    assert.deepEqual([...await drop(sql)], [{ action: "drop" }]);
    const [{ gone }] = await sql`select to_regclass(${PARTITION}) is null as gone`;
    assert.ok(gone);

    await sql`select archive.restore(job_id) from archive.manifest`;
    await killAt(api.hold(isRpc("load_archive_chunk"), "before"));
    assert.equal(await chunksDone("restore"), 0, "killed before chunk 1 is loaded");
    await killAt(api.hold(isRpc("load_archive_chunk"), "answered"));
    assert.equal(await chunksDone("restore"), 1, "killed after chunk 1 is loaded");
    {
      await using process = await start();
      await process.finish();
    }
    assert.deepEqual(await contentsOf(sql, "public.killed"), before, "every row is back, once");
  } finally {
    await sql.end({ timeout: 1 });
  }
});
