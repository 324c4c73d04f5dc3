/** Supabase's advisors: every warning fails, unless the allow-list gives a reason for it. */

import { failure, type Outcome, single } from "./outcome.ts";
import { ROOT } from "../stack/paths.ts";
import { supabase } from "../stack/push.ts";
import { said } from "../stack/run_tool.ts";
import type { Step } from "./step.ts";

/** One accepted finding, as a row of advisors-allow.json. */
export interface Accepted {
  /** Name of the rule, such as `function_search_path_mutable`. */
  rule: string;
  /** The object it is accepted for: `schema.name`. */
  object: string;
  /** Why it is right here; a sentence. */
  reason: string;
}

/** What the advisors say of one object. */
export interface Finding {
  name: string;
  level: string;
  detail: string;
  remediation: string;
  metadata: { schema?: string; name?: string } | null;
}

const ALLOW_LIST = "scripts/test/advisors-allow.json";

export const advisorsStep: Step = {
  name: "db advisors",
  needsDatabase: true,
  withDocker: true,
  async run({ target }) {
    const { url } = await target.sharedDatabase();
    const flags = ["--type=all", "--level=warn", "--fail-on=none", "--output-format=json"];
    const result = await supabase("db", "advisors", ...flags, `--remote=${url}`);
    if (result.code !== 0) return failure(said(result));
    const { results } = JSON.parse(result.stdout) as { results: Finding[] };
    const accepted = JSON.parse(await Deno.readTextFile(`${ROOT}/${ALLOW_LIST}`)) as Accepted[];
    return judge(results, accepted);
  },
};

/** Fails for a finding without a reason, and for a reason without a finding. */
export function judge(findings: Finding[], accepted: Accepted[]): Outcome {
  const objectOf = ({ metadata }: Finding) =>
    [metadata?.schema, metadata?.name].filter(Boolean).join(".");
  const matches = (finding: Finding, { object, rule }: Accepted) =>
    finding.name === rule && objectOf(finding) === object;
  const open = findings.filter((finding) => !accepted.some((row) => matches(finding, row)));
  const unused = accepted.filter((row) => !findings.some((finding) => matches(finding, row)));
  const unreasoned = accepted.filter(({ reason }) => !reason?.trim());
  const lines = [
    ...open.map((finding) =>
      `${finding.level} ${finding.name} ${
        objectOf(finding)
      }: ${finding.detail}\n  ${finding.remediation}`
    ),
    ...unused.map(({ object, rule }) =>
      `${ALLOW_LIST} accepts ${rule} for ${object}, and nothing finds it: remove the row.`
    ),
    ...unreasoned.map(({ object, rule }) =>
      `${ALLOW_LIST} accepts ${rule} for ${object} without a reason.`
    ),
  ];
  return single(lines.length === 0, lines.join("\n"));
}
