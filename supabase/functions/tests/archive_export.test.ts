/** The function archive-export against each kind of store that runs without Docker. */

import assert from "node:assert/strict";
import postgres from "postgres";
import { startS3 } from "../../../scripts/stack/s3.ts";
import { startThrowAwayStack } from "../../../scripts/stack/throwaway.ts";
import { archiveStore, gunzip, gzip, sha256 } from "../_shared/archive_store.ts";
import {
  contentsOf,
  detachJanuary,
  FunctionProcess,
  makeEvents,
  s3Environment,
} from "./archive_support.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const noStorage = { storage: undefined as never };

Deno.test("S3 checks signatures, keeps what it is given and says what it has not", async (t) => {
  await using s3 = await startS3("archive");
  const useKey = (secret: string) => {
    for (const [name, value] of Object.entries(s3Environment({ ...s3, secretAccessKey: secret }))) {
      Deno.env.set(name, value);
    }
    return archiveStore("s3", "archive", noStorage);
  };

  await t.step("an object is read back as it was written, and can be overwritten", async () => {
    const store = useKey(s3.secretAccessKey);
    for (const text of ["first", "second"]) {
      await store.put("a/b/000001-0.ndjson", bytes(text));
      assert.deepEqual(await store.get("a/b/000001-0.ndjson"), bytes(text));
    }
  });
  await t.step("an object that is not there is an error", async () => {
    await assert.rejects(useKey(s3.secretAccessKey).get("a/none"), /404 NoSuchKey/);
  });
  await t.step("a wrong secret is refused", async () => {
    await assert.rejects(useKey("wrong").put("a/c", bytes("x")), /403 SignatureDoesNotMatch/);
  });
});

Deno.test("what is gzipped comes back the same, and a broken gzip is an error", async () => {
  const text = bytes("ß".repeat(100_000));
  const packed = await gzip(text);
  assert.ok(packed.length < 1_000);
  assert.equal(await sha256(await gunzip(packed)), await sha256(text));
  packed[packed.length - 5] ^= 1;
  await assert.rejects(gunzip(packed));
});

Deno.test("to a local folder and back", async (t) => {
  await using stack = await startThrowAwayStack({ services: ["api"] });
  const folder = await Deno.makeTempDir();
  const sql = postgres(stack.dbUrl, { max: 1, onnotice: () => {} });
  try {
    await makeEvents(sql, "kept", { rows: 300, location: "local", bucket: null });
    await sql`select ops.set_setting('archive.backoff_seconds', '0')`;
    const before = await contentsOf(sql, "public.kept");
    await detachJanuary(sql, "kept");
    await using worker = await FunctionProcess.start(
      { SUPABASE_URL: stack.apiUrl, ARCHIVE_DIRECTORY: folder },
      stack.secretKey,
    );

    await t.step("the publishable key gets no work", async () => {
      await using stranger = await FunctionProcess.start(
        { SUPABASE_URL: stack.apiUrl, ARCHIVE_DIRECTORY: folder },
        stack.publishableKey,
      );
      await assert.rejects(stranger.call(), /42501/);
    });
    await t.step("an export writes one chunk and the manifest", async () => {
      assert.equal(await worker.finish(), 2);
      const [{ job_id: job, chunks }] = await sql`select job_id, chunks from archive.manifest`;
      assert.equal(chunks, 1);
      const files = [...Deno.readDirSync(`${folder}/kept/${job}`)].map(({ name }) => name).sort();
      assert.match(
        files.join(" "),
        /^000001-[0-9a-f]{16}\.ndjson\.gz manifest-[0-9a-f]{16}\.json$/,
      );
    });
    await sql`select ops.maintain_table('public.kept', '2025-03-10', '{drop}')`;
    await sql`select archive.restore(job_id) from archive.manifest`;

    const [{ path }] = await sql<{ path: string }[]>`
      select path from archive.chunks where number = 1 limit 1`;
    const whole = await Deno.readFile(`${folder}/${path}`);
    await t.step("an object that has changed in the store is never loaded", async () => {
      await Deno.writeFile(`${folder}/${path}`, await gzip(bytes('{"id" : "1"}\n')));
      await assert.rejects(worker.call(), /PL092/);
      assert.deepEqual(
        [
          ...await sql`
          select errors -> 0 ->> 'error' like 'Chunk 1 of job % has the hash %' as is_noted
          from archive.jobs
          where kind = 'restore'`,
        ],
        [{ is_noted: true }],
      );
    });
    await t.step("with the object as it was, every row is back", async () => {
      await Deno.writeFile(`${folder}/${path}`, whole);
      await worker.finish();
      assert.deepEqual(await contentsOf(sql, "public.kept"), before);
    });
  } finally {
    await sql.end({ timeout: 1 });
    await Deno.remove(folder, { recursive: true });
  }
});
