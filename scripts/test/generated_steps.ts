/** What is generated and committed must be what the generators would write now. */

import { CI_ENVIRONMENT } from "./ci.ts";
import { single } from "./outcome.ts";
import { DENO, ROOT } from "../stack/paths.ts";
import { run, said } from "../stack/run_tool.ts";
import type { Step } from "./step.ts";

/** The step that runs `scripts/<task>.ts --check` on the pushed database. */
const freshness = (task: string, what: string): Step => ({
  name: `${what} fresh`,
  needsDatabase: true,
  withDocker: false,
  async run({ target }) {
    const { url } = await target.sharedDatabase();
    const command = [DENO, "run", "-A", `scripts/${task}.ts`, "--check", `--db-url=${url}`];
    const result = await run(command, { cwd: ROOT, env: CI_ENVIRONMENT });
    return single(result.code === 0, said(result));
  },
});

export const typesFreshStep = freshness("types", "types");
export const docsFreshStep = freshness("docs", "docs");
export const errorsFreshStep = freshness("error_codes", "errors");
export const seedFreshStep = freshness("seed", "seed");
