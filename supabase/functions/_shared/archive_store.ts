/** Where archived chunks lie: a local folder, Supabase Storage, or any S3 endpoint. */

import { AwsClient } from "aws4fetch";
import type { SupabaseClient } from "@supabase/supabase-js";

/** A place for objects by path. What is put under a path that exists takes its place. */
export interface ArchiveStore {
  put(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** @throws when there is no such object, or the store can't be reached */
  get(path: string): Promise<Uint8Array<ArrayBuffer>>;
}

/** Longest time for one object, in milliseconds. */
const PATIENCE = 60_000;

/**
 * The store of a policy of the archive.
 *
 * @param location as in archive.policies: local, storage or s3
 * @param bucket null for local
 * @param client with the secret key; Supabase Storage is asked through it
 * @throws when a variable of the environment that the store needs is not set
 */
export function archiveStore(
  location: string,
  bucket: string | null,
  client: Pick<SupabaseClient, "storage">,
): ArchiveStore {
  switch (location) {
    case "local":
      return localStore(variable("ARCHIVE_DIRECTORY"));
    case "storage":
      return supabaseStore(client, bucket ?? "");
    case "s3":
      return s3Store(bucket ?? "");
    default:
      throw new Error(`there is no store of kind ${location}`);
  }
}

/** Files below a folder; only where the function may write to one. */
function localStore(folder: string): ArchiveStore {
  return {
    async put(path, bytes) {
      const target = `${folder}/${path}`;
      const parent = target.slice(0, target.lastIndexOf("/"));
      await Deno.mkdir(parent, { recursive: true });
      // under another name first, so that no half of a file ever has the right one
      const unfinished = `${target}.${crypto.randomUUID()}`;
      {
        using file = await Deno.open(unfinished, { createNew: true, write: true });
        for (let written = 0; written < bytes.length;) {
          written += await file.write(bytes.subarray(written));
        }
        await file.sync();
      }
      await Deno.rename(unfinished, target);
      // the name is in the folder, which a crash of the machine may lose
      using entries = await Deno.open(parent);
      await entries.sync();
    },
    get: (path) => Deno.readFile(`${folder}/${path}`),
  };
}

function supabaseStore({ storage }: Pick<SupabaseClient, "storage">, bucket: string): ArchiveStore {
  const objects = storage.from(bucket);
  return {
    async put(path, bytes) {
      const contentType = "application/octet-stream";
      const { error } = await objects.upload(path, bytes, { contentType, upsert: true });
      if (error) throw error;
    },
    async get(path) {
      const { data, error } = await objects.download(path);
      if (error) throw error;
      return new Uint8Array(await data.arrayBuffer());
    },
  };
}

/** Addressed by path, endpoint/bucket/object, which every S3 server knows. */
function s3Store(bucket: string): ArchiveStore {
  const client = new AwsClient({
    service: "s3",
    region: Deno.env.get("ARCHIVE_S3_REGION") ?? "us-east-1",
    accessKeyId: variable("ARCHIVE_S3_ACCESS_KEY_ID"),
    secretAccessKey: variable("ARCHIVE_S3_SECRET_ACCESS_KEY"),
    retries: 2,
  });
  const root = `${variable("ARCHIVE_S3_ENDPOINT")}/${bucket}`;
  const ask = async (path: string, init: RequestInit) => {
    const signal = AbortSignal.timeout(PATIENCE);
    const response = await client.fetch(`${root}/${path}`, { ...init, signal });
    if (response.ok) return response;
    const reason = (await response.text()).match(/<Code>([^<]*)/)?.[1] ?? response.statusText;
    throw new Error(`S3 answered ${response.status} ${reason} for ${path}`);
  };
  return {
    async put(path, body) {
      // signed with the rest, so that the server refuses a body that was changed on its way
      const headers = { "x-amz-content-sha256": await sha256(body) };
      await (await ask(path, { method: "PUT", headers, body })).body?.cancel();
    },
    async get(path) {
      return new Uint8Array(await (await ask(path, {})).arrayBuffer());
    },
  };
}

function variable(name: string): string {
  const value = Deno.env.get(name);
  if (!value) throw new Error(`environment variable ${name} is not set`);
  return value;
}

/** SHA-256 in hexadecimal. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

export const gzip = (bytes: Uint8Array<ArrayBuffer>) =>
  through(bytes, new CompressionStream("gzip"));

/** @throws when the bytes are no gzip, or their checksum is wrong */
export const gunzip = (bytes: Uint8Array<ArrayBuffer>) =>
  through(bytes, new DecompressionStream("gzip"));

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  transform: CompressionStream | DecompressionStream,
): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(transform);
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
