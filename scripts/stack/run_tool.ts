/** Runs a command line tool to its end and keeps what it said. */

import { Failure } from "./failure.ts";

export interface ToolResult {
  code: number;
  stdout: string;
  stderr: string;
}

export interface ToolOptions {
  cwd?: string;
  env?: Record<string, string>;
  /** Text for standard input; without it standard input is empty. */
  input?: string;
}

/** Runs `[program, ...arguments]` and returns its exit code and output, whatever the code. */
export async function run(command: string[], options: ToolOptions = {}): Promise<ToolResult> {
  const [program, ...args] = command;
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command(program, {
      args,
      cwd: options.cwd,
      env: options.env,
      stdin: options.input === undefined ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      return { code: 127, stdout: "", stderr: `${program} is not installed.` };
    }
    throw error;
  }
  if (options.input !== undefined) {
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(options.input)).catch(() => {});
    await writer.close().catch(() => {});
  }
  const output = await child.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code: output.code, stdout: text(output.stdout), stderr: text(output.stderr) };
}

/** As `run`, but a non-zero exit code is a `Failure` that says `purpose` and shows the output. */
export async function mustRun(
  purpose: string,
  command: string[],
  options: ToolOptions = {},
): Promise<string> {
  const result = await run(command, options);
  if (result.code !== 0) {
    throw new Failure(`${purpose} failed (exit code ${result.code}).`, said(result));
  }
  return result.stdout;
}

/** All that a tool said, standard error last, where the reason usually is. */
export const said = (result: ToolResult) =>
  [result.stdout, result.stderr].map((text) => text.trim()).filter(Boolean).join("\n");
