/** Lints the migrations with squawk; .squawk.toml says which rules do not apply, and why. */

import { CI_ENVIRONMENT } from "./ci.ts";
import { walk } from "./files.ts";
import { failure, single } from "./outcome.ts";
import { npmTool, ROOT } from "../stack/paths.ts";
import { run, said } from "../stack/run_tool.ts";
import type { Step } from "./step.ts";

export const squawkStep: Step = {
  name: "squawk",
  needsDatabase: false,
  withDocker: false,
  async run() {
    const migrations = await walk("supabase/migrations", ".sql");
    if (migrations.length === 0) return failure("supabase/migrations holds no migration.");
    const command = [npmTool("squawk"), ...migrations];
    const result = await run(command, { cwd: ROOT, env: CI_ENVIRONMENT });
    return single(result.code === 0, said(result));
  },
};
