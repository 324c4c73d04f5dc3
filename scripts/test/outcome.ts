/** What a step of `npm test` found. */

export interface Outcome {
  passed: number;
  failed: number;
  /** Everything the tool said; shown when something failed. */
  output: string;
}

/** The outcome of a step that is one test in itself. */
export const single = (ok: boolean, output: string): Outcome => ({
  passed: ok ? 1 : 0,
  failed: ok ? 0 : 1,
  output,
});

/** A failure in the step's own words. */
export const failure = (output: string): Outcome => ({ passed: 0, failed: 1, output });

/** All outcomes as one. */
export const sum = (outcomes: Outcome[]): Outcome => ({
  passed: outcomes.reduce((total, outcome) => total + outcome.passed, 0),
  failed: outcomes.reduce((total, outcome) => total + outcome.failed, 0),
  output: outcomes.map(({ output }) => output).filter(Boolean).join("\n"),
});
