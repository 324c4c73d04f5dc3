/** Background processes that outlive the command that started them. */

import { Failure } from "./failure.ts";

/** A started process. The start time tells it from a later process with the same number. */
export interface ProcessIdentity {
  pid: number;
  /** Start time in the kernel's clock ticks since boot. */
  startedAt: string;
}

/** Fields of /proc/<pid>/stat after the command's name, which may itself hold spaces. */
async function statFields(pid: number): Promise<string[] | undefined> {
  const text = await Deno.readTextFile(`/proc/${pid}/stat`).catch(() => "");
  return text ? text.slice(text.lastIndexOf(")") + 2).split(" ") : undefined;
}

/** Whether a process runs. A zombie, which nobody has reaped yet, does not. */
export async function isAlive(pid: number): Promise<boolean> {
  const state = (await statFields(pid))?.[0];
  return state !== undefined && state !== "Z" && state !== "X";
}

/** Whether exactly this process still runs. */
export async function isSameProcess(process: ProcessIdentity | undefined): Promise<boolean> {
  if (!process || !await isAlive(process.pid)) return false;
  return (await statFields(process.pid))?.[19] === process.startedAt;
}

/** Identity of a running process. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const startedAt = (await statFields(pid))?.[19];
  return startedAt ? { pid, startedAt } : undefined;
}

/** Whether any running process has this directory as its working directory. */
export async function isWorkedIn(directory: string): Promise<boolean> {
  for await (const entry of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(entry.name)) continue;
    const working = await Deno.readLink(`/proc/${entry.name}/cwd`).catch(() => undefined);
    if (working === directory && await isAlive(Number(entry.name))) return true;
  }
  return false;
}

/** The processes that were started with this environment variable, or whose parents were. */
export async function startedWith(name: string, value: string): Promise<ProcessIdentity[]> {
  const found: ProcessIdentity[] = [];
  for await (const { name: pid } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(pid)) continue;
    // Those of other accounts cannot be read; a kernel thread has none.
    const environment = await Deno.readTextFile(`/proc/${pid}/environ`).catch(() => "");
    if (!environment.split("\0").includes(`${name}=${value}`)) continue;
    const identity = await identify(Number(pid));
    if (identity && await isAlive(identity.pid)) found.push(identity);
  }
  return found;
}

export interface BackgroundCommand {
  /** Names the log file. */
  name: string;
  command: string[];
  env?: Record<string, string>;
  cwd?: string;
}

/**
 * Starts a process in a session of its own, so that neither Ctrl-C nor the end of the terminal
 * reaches it, with its output appended to a log file.
 */
export async function startInBackground(
  background: BackgroundCommand & { logs: string },
): Promise<ProcessIdentity> {
  const { logs } = background;
  await Deno.mkdir(logs, { recursive: true });
  const log = `${logs}/${background.name}.log`;
  await rotate(log);
  // Both setsid and exec keep the process id, so the child's id is the server's.
  const child = new Deno.Command("setsid", {
    args: ["sh", "-c", 'exec "$@" >>"$0" 2>&1 </dev/null', log, ...background.command],
    env: background.env,
    cwd: background.cwd,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  child.unref();
  const identity = await identify(child.pid);
  if (!identity) throw new Failure(`${background.name} ended at once; its log is ${log}.`);
  return identity;
}

/** Keeps one old log beside a new one, so that logs never fill the disk. */
async function rotate(log: string): Promise<void> {
  const { size } = await Deno.stat(log).catch(() => ({ size: 0 }));
  if (size > 10_000_000) await Deno.rename(log, `${log}.old`);
}

/** Asks a process to end, and ends it by force after five seconds. */
export async function stopProcess(process: ProcessIdentity | undefined): Promise<void> {
  if (!process || !await isSameProcess(process)) return;
  const send = (signal: Deno.Signal) => {
    try {
      Deno.kill(process.pid, signal);
    } catch { /* It ended in the meantime. */ }
  };
  send("SIGTERM");
  if (!await waitUntil(async () => !await isSameProcess(process), 5_000)) {
    send("SIGKILL");
    await waitUntil(async () => !await isSameProcess(process), 2_000);
  }
}

/** Asks again after each pause until the answer is yes, or the time in milliseconds is over. */
export async function waitUntil(
  question: () => Promise<boolean>,
  milliseconds: number,
  pause = 50,
): Promise<boolean> {
  const deadline = performance.now() + milliseconds;
  while (true) {
    if (await question()) return true;
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
