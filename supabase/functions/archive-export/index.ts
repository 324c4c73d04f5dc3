/**
 * Carries one chunk of the archive: an export's from the database to its store, where it is read
 * back and must hash to what the database said, or a restore's from the store to the database. When
 * more is to be done it has itself woken, so that each call is short. ops.next_archive_work() decides
 * everything; only the secret key may call it.
 *
 * ```sh
 * curl -X POST "$URL/functions/v1/archive-export" -H "apikey: $SECRET_KEY"
 * ```
 */

import type { SupabaseClient } from "@supabase/supabase-js";
import { archiveStore, gunzip, gzip, sha256 } from "../_shared/archive_store.ts";
import type { Database } from "../_shared/database.types.ts";
import { endpoint } from "../_shared/endpoint.ts";
import { fromApi, RequestError } from "../_shared/errors.ts";

type Work = Database["ops"]["Functions"]["next_archive_work"]["Returns"][number];

/** What the function answers. */
export interface ArchiveResponse {
  /** What was done: store, fetch, again (a step inside the database), failed, or none. */
  action: string;
  job?: string;
  /** Number of the chunk, when one was carried. */
  chunk?: number;
  /** Whether more is to be done now. */
  more: boolean;
}

export default endpoint(["POST"], async ({ client }): Promise<ArchiveResponse> => {
  const [work] = answered(await client.schema("ops").rpc("next_archive_work"));
  if (!work) return { action: "none", more: false };
  const { action, job, number } = work;
  if (action !== "store" && action !== "fetch") {
    await wake(client);
    return { action, job, more: true };
  }
  const more = await carry(client, work).catch((error) => giveBack(client, work, error));
  if (more) await wake(client);
  return { action, job, chunk: number, more };
});

/** Returns whether more is to be done. */
async function carry(client: SupabaseClient<Database>, work: Work): Promise<boolean> {
  const { action, bucket, compressed, content, job, lease, location, number, path } = work;
  const store = archiveStore(location, bucket, client);
  const read = async () => {
    const stored = await store.get(path);
    return { stored, text: compressed ? await gunzip(stored) : stored };
  };
  if (action === "fetch") {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
      .decode((await read()).text);
    const parameters = { job, lease, number, content: text };
    return answered(await client.schema("ops").rpc("load_archive_chunk", parameters));
  }
  const text = new TextEncoder().encode(content);
  await store.put(path, compressed ? await gzip(text) : text);
  const back = await read();
  return answered(
    await client.schema("ops").rpc("confirm_archive_chunk", {
      job,
      lease,
      number,
      sha256: await sha256(back.text),
      stored_bytes: back.stored.length,
    }),
  );
}

/** Tells the job what went wrong, so that it rests and tries again, and then the caller. */
async function giveBack(
  client: SupabaseClient<Database>,
  { job, lease }: Work,
  error: unknown,
): Promise<never> {
  const reason = error instanceof Error ? error.message : String(error);
  await client.schema("ops").rpc("fail_archive_job", { job, lease, error: reason });
  if (error instanceof RequestError) throw error;
  throw new RequestError(502, "STORE_FAILED", "The store of the archive did not do its part.", {
    hint: "The job tries again by itself; archive.jobs holds its errors.",
    reason,
  });
}

const wake = async (client: SupabaseClient<Database>) =>
  answered(await client.schema("ops").rpc("wake", { function: "archive-export" }));

interface Answer<T> {
  data: T | null;
  error: Parameters<typeof fromApi>[0] | null;
  status: number;
}

/** The data of an answer of the API. */
function answered<T>({ data, error, status }: Answer<T>): T {
  if (error) throw fromApi(error, status);
  return data as T;
}
