/** The house rules must know which schemas the API serves: two lists that say the same. */

import { failure, type Outcome, single } from "./outcome.ts";
import { PROJECT_CONFIG, ROOT } from "../stack/paths.ts";
import { readProjectConfig } from "../stack/project_config.ts";
import { run, said } from "../stack/run_tool.ts";
import type { Step } from "./step.ts";

/** Makes the temporary view project_schemas (name, is_exposed) for the tests of supabase/tests/house. */
const HOUSE_LIST = "supabase/tests/house/schemas.psql";

export const exposedSchemasStep: Step = {
  name: "exposed schemas",
  needsDatabase: true,
  withDocker: true,
  async run({ target }) {
    const { url } = await target.sharedDatabase();
    const result = await run([
      "psql",
      ...["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"],
      `--file=${ROOT}/${HOUSE_LIST}`,
      "--command=select name from project_schemas where is_exposed",
      url,
    ]);
    if (result.code !== 0) return failure(said(result));
    const listed = result.stdout.split("\n").filter(Boolean);
    return compare(listed, (await readProjectConfig()).schemas);
  },
};

/** Names each schema that only one of the two lists has. */
export function compare(listed: string[], served: string[]): Outcome {
  const config = PROJECT_CONFIG.slice(ROOT.length + 1);
  const missing = (of: string[], from: string[], here: string, there: string) =>
    of.filter((name) => !from.includes(name)).map((name) =>
      `${name} is exposed in ${here} and not in ${there}.`
    );
  const lines = [
    ...missing(listed, served, HOUSE_LIST, config),
    ...missing(served, listed, config, HOUSE_LIST),
  ];
  return single(lines.length === 0, lines.join("\n"));
}
