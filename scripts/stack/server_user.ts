/** Which account runs the servers: PostgreSQL refuses to run as root. */

import { Failure } from "./failure.ts";
import { run } from "./run_tool.ts";

export interface ServerUser {
  name: string;
  uid: number;
  gid: number;
  /** The command line that runs `command` as this account. */
  command(command: string[]): string[];
}

/** The present user, or `postgres` (made by Debian's packages) when the present user is root. */
export async function serverUser(): Promise<ServerUser> {
  const uid = Deno.uid();
  const gid = Deno.gid();
  if (uid === null || gid === null) throw new Failure("This system has no user accounts.");
  if (uid !== 0) return { name: "you", uid, gid, command: (command) => command };
  const entry = (await Deno.readTextFile("/etc/passwd"))
    .split("\n").map((line) => line.split(":")).find(([name]) => name === "postgres");
  if (!entry) {
    throw new Failure(
      "PostgreSQL does not run as root, and user postgres, which Debian's package makes, is missing.",
    );
  }
  const [, , postgresUid, postgresGid] = entry;
  return {
    name: "postgres",
    uid: Number(postgresUid),
    gid: Number(postgresGid),
    command: (command) => [
      "setpriv",
      `--reuid=${postgresUid}`,
      `--regid=${postgresGid}`,
      "--init-groups",
      ...command,
    ],
  };
}

/**
 * Makes a directory that the server's account owns, or returns false when that account cannot reach
 * it because a directory above it is closed to others, as /root is.
 */
export async function makeServerDirectory(path: string, user: ServerUser): Promise<boolean> {
  await Deno.mkdir(path, { recursive: true });
  if (user.uid === Deno.uid()) return true;
  await Deno.chown(path, user.uid, user.gid);
  await Deno.chmod(path, 0o700);
  const reached = await run(user.command(["test", "-w", path]), { cwd: "/" });
  return reached.code === 0;
}
