/** How a command ends when it cannot do its work: one sentence, no stack trace. */

/** A reason that the reader can act on. Its message is one or two plain sentences. */
export class Failure extends Error {
  override name = "Failure";

  /** `details` is shown below the sentence, for example the output of a tool that failed. */
  constructor(message: string, readonly details = "") {
    super(message);
  }
}

/**
 * Runs a command's main function and ends the process with a truthful exit code.
 *
 * The main function returns the exit code, or nothing for 0. A `Failure` prints its sentence and
 * exits 1; any other error is a defect, and keeps its stack trace.
 */
export async function main(run: () => Promise<number | void>): Promise<never> {
  try {
    Deno.exit(await run() ?? 0);
  } catch (error) {
    if (error instanceof Deno.errors.PermissionDenied) {
      console.error(`This account may not do that: ${error.message}.`);
      Deno.exit(1);
    }
    if (!(error instanceof Failure)) {
      console.error(error);
      Deno.exit(70);
    }
    if (error.details) console.error(error.details.trimEnd());
    console.error(error.message);
    Deno.exit(1);
  }
}
