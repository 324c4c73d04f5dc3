/** Says what a long command is doing, and how long each step took. */

/** Seconds with one decimal, as in `2.4 s`. */
export const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(1)} s`;

/** Steps reported to the terminal, one line each. */
export interface Progress {
  /** Runs one step and reports its name and its duration. */
  step<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Reports a fact that the reader should know. */
  note(text: string): void;
}

/**
 * Progress on standard error, so that standard output keeps the result alone.
 *
 * On a terminal a running step shows its elapsed time; elsewhere a step that lasts says so every
 * ten seconds, so that a log never looks stuck.
 */
export function terminalProgress(): Progress {
  const terminal = Deno.stderr.isTerminal();
  const write = (text: string) => Deno.stderr.writeSync(new TextEncoder().encode(text));
  return {
    async step(name, work) {
      const began = performance.now();
      const elapsed = () => seconds(performance.now() - began);
      const show = () =>
        write(terminal ? `\r  … ${name}  ${elapsed()}` : `  … ${name}  ${elapsed()}\n`);
      if (terminal) show();
      const timer = setInterval(show, terminal ? 200 : 10_000);
      const finish = (mark: string) => {
        clearInterval(timer);
        write(`${terminal ? "\r\x1b[K" : ""}  ${mark} ${name}  ${elapsed()}\n`);
      };
      try {
        const result = await work();
        finish("✓");
        return result;
      } catch (error) {
        finish("✗");
        throw error;
      }
    },
    note: (text) => write(`  ${text}\n`),
  };
}

/** Progress that says nothing, for tests. */
export const silent: Progress = { step: (_name, work) => work(), note: () => {} };
