/** A private Redis on its own port. */

import { BackgroundCommand } from "./processes.ts";

/** How to start it. Nothing is written to disk: a cache starts empty. */
export function redisCommand(port: number, directory: string): BackgroundCommand {
  return {
    name: "redis",
    command: [
      "redis-server",
      ...["--port", String(port)],
      ...["--bind", "127.0.0.1"],
      ...["--dir", directory],
      ...["--save", ""],
      ...["--appendonly", "no"],
      ...["--daemonize", "no"],
      // A title of its own would overwrite the environment, by which the process is found.
      ...["--set-proc-title", "no"],
    ],
    cwd: directory,
  };
}

export const redisUrl = (port: number) => `redis://127.0.0.1:${port}`;

/** Whether a Redis answers PING on this port within a second. */
export async function redisAnswers(port: number): Promise<boolean> {
  try {
    using connection = await Deno.connect({ hostname: "127.0.0.1", port });
    const timer = setTimeout(() => connection.close(), 1_000);
    try {
      await connection.write(new TextEncoder().encode("PING\r\n"));
      const buffer = new Uint8Array(16);
      const length = await connection.read(buffer);
      return new TextDecoder().decode(buffer.subarray(0, length ?? 0)).startsWith("+PONG");
    } finally {
      clearTimeout(timer);
    }
  } catch {
    return false;
  }
}
