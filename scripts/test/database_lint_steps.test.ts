import assert from "node:assert/strict";
import { type Finding, isOfASibling, type Trigger } from "./database_lint_steps.ts";

const trigger = (name: string, transitions: string[]): Trigger => ({
  function: "ops.count()",
  table: "ops.rows",
  trigger: name,
  transitions,
});
const missing = (name: string, relation: string, line = 3): Finding => ({
  function: "ops.count()",
  table: "ops.rows",
  trigger: name,
  line,
  level: "error",
  message: `relation "${relation}" does not exist`,
  detail: null,
});
const triggers = [
  trigger("on_insert", ["new_rows"]),
  trigger("on_update", ["new_rows", "old_rows"]),
];

Deno.test("a transition table that only a sibling trigger has is no finding", () => {
  const finding = missing("on_insert", "old_rows");
  assert.equal(isOfASibling(finding, [finding], triggers), true);
});

Deno.test("a relation that no trigger brings stays a finding", () => {
  const findings = [missing("on_insert", "old_row"), missing("on_update", "old_row")];
  assert.equal(isOfASibling(findings[0], findings, triggers), false);
});

Deno.test("a line that no trigger can run stays a finding", () => {
  const apart = [trigger("on_insert", ["new_rows"]), trigger("on_delete", ["old_rows"])];
  const findings = [missing("on_insert", "old_rows"), missing("on_delete", "new_rows")];
  assert.equal(isOfASibling(findings[0], findings, apart), true);
  const both = [missing("on_insert", "old_rows"), missing("on_delete", "old_rows")];
  assert.equal(isOfASibling(both[0], both, apart), false);
});
