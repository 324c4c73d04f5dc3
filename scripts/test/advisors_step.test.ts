import assert from "node:assert/strict";
import { type Finding, judge } from "./advisors_step.ts";

const finding: Finding = {
  name: "security_definer_view",
  level: "ERROR",
  detail: "View `ops.totals` is defined with the SECURITY DEFINER property",
  remediation: "https://supabase.com/docs",
  metadata: { schema: "ops", name: "totals" },
};
const row = { rule: "security_definer_view", object: "ops.totals", reason: "It sums all rows." };

Deno.test("a finding without a reason fails", () => {
  const { failed, output } = judge([finding], []);
  assert.equal(failed, 1);
  assert.match(output, /security_definer_view ops\.totals/);
});

Deno.test("a finding with a reason passes, for its own object and rule only", () => {
  assert.equal(judge([finding], [row]).failed, 0);
  assert.equal(judge([finding], [{ ...row, object: "ops.other" }]).failed, 1);
  assert.equal(judge([finding], [{ ...row, rule: "other_rule" }]).failed, 1);
});

Deno.test("a reason that no finding needs any more fails", () => {
  const { failed, output } = judge([], [row]);
  assert.equal(failed, 1);
  assert.match(output, /remove the row/);
});

Deno.test("an empty reason is none", () => {
  assert.equal(judge([finding], [{ ...row, reason: " " }]).failed, 1);
});
