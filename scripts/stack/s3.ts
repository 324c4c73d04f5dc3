/**
 * An S3 server for tests: OpenStack Swift, from Debian's package python3-swift, on free ports and in
 * a temporary folder. Unlike the fakes on npm it checks signatures.
 */

import { AwsClient } from "aws4fetch";
import { Failure } from "./failure.ts";
import { startGuard } from "./guard.ts";
import { ROOT } from "./paths.ts";
import { freePort } from "./ports.ts";
import { startInBackground, waitUntil } from "./processes.ts";

export interface S3Server extends AsyncDisposable {
  endpoint: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** The log of its servers. */
  log: string;
}

/** Starts the server with one empty bucket. It ends with this process, if not before. */
export async function startS3(bucket: string): Promise<S3Server> {
  const guard = await startGuard();
  const keys = { accessKeyId: "plinth:archive", secretAccessKey: crypto.randomUUID() };
  const ports = [freePort(), freePort(), freePort(), freePort()];
  const endpoint = `http://127.0.0.1:${ports[0]}`;
  const logs = `${guard.directory}/log`;
  await startInBackground({
    name: "s3",
    // the packages of Debian belong to Debian's Python, which need not be the first in PATH
    command: [
      "/usr/bin/python3",
      ...["-W", "ignore"],
      `${ROOT}/scripts/stack/s3/server.py`,
      `${guard.directory}/s3`,
      ...[keys.accessKeyId, keys.secretAccessKey],
      ...ports.map(String),
    ],
    env: guard.environment,
    cwd: guard.directory,
    logs,
  });
  const client = new AwsClient({ ...keys, service: "s3", region: "us-east-1", retries: 0 });
  const made = async () => {
    const answer = await client.fetch(`${endpoint}/${bucket}`, { method: "PUT" })
      .catch(() => undefined);
    await answer?.body?.cancel();
    return answer?.ok ?? false;
  };
  if (!await waitUntil(made, 60_000, 200)) {
    const log = await Deno.readTextFile(`${logs}/s3.log`).catch(() => "");
    await guard.end();
    throw new Failure("The S3 server did not start.", log);
  }
  return { ...keys, endpoint, log: `${logs}/s3.log`, [Symbol.asyncDispose]: () => guard.end() };
}
