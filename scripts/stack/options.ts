/** Reads `--flags`; a flag that a command does not know is refused, never ignored. */

import { Failure } from "./failure.ts";

/** Which of the known flags are given. */
export function rejectUnknown<Flag extends string>(
  args: string[],
  ...known: Flag[]
): Record<Flag, boolean> {
  const unknown = args.find((arg) => !known.some((flag) => arg === `--${flag}`));
  if (unknown !== undefined) {
    const choices = known.map((flag) => `--${flag}`).join(", ") || "no options";
    throw new Failure(`Unknown option ${unknown}; this command knows ${choices}.`);
  }
  return Object.fromEntries(
    known.map((flag) => [flag, args.includes(`--${flag}`)]),
  ) as Record<Flag, boolean>;
}
