/** How figures are held against targets, what the command line takes, what is printed. */

import assert from "node:assert/strict";
import { Failure } from "../stack/failure.ts";
import { readArguments } from "./command.ts";
import type { Measurement } from "./measurement.ts";
import { withSection } from "./record.ts";
import { asMarkdown, asText, figureTable, rounded } from "./report.ts";
import targets from "./targets.json" with { type: "json" };
import { allKept, keeps, type Target } from "./targets.ts";

const measurement: Measurement = {
  name: "sums",
  summary: "Adds.",
  options: { rows: { default: 1000, description: "rows to add" } },
  run: () => Promise.resolve({ tables: [], figures: {} }),
};

Deno.test("a figure keeps a bound that it reaches, and no other", () => {
  assert.ok(keeps(0.45, { at_least: 0.45 }));
  assert.ok(!keeps(0.44, { at_least: 0.45 }));
  assert.ok(keeps(50, { at_most: 50 }));
  assert.ok(!keeps(50.1, { at_most: 50 }));
});

Deno.test("a missing figure, or one that is no number, keeps no target", () => {
  assert.ok(!allKept({}, { ratio: { at_least: 0 } }));
  assert.ok(!allKept({ ratio: NaN }, { ratio: { at_least: 0 } }));
  assert.ok(!allKept({ ratio: Infinity }, { ratio: { at_least: 0 } }));
});

Deno.test("a smaller size than the target names fails the run", () => {
  assert.ok(!allKept({ ratio: 1, rows: 10 }, { ratio: { at_least: 1 }, rows: { at_least: 100 } }));
});

Deno.test("a measurement without targets fails", () => assert.ok(!allKept({ ratio: 1 }, {})));

Deno.test("each target in the file is one bound, a number", () => {
  for (const measurements of Object.values(targets)) {
    for (const [name, bounds] of Object.entries(measurements)) {
      for (const [figure, target] of Object.entries(bounds as Record<string, Target>)) {
        const values = Object.values(target);
        assert.ok(values.length === 1 && Number.isFinite(values[0]), `${name}: ${figure}`);
        assert.match(Object.keys(target)[0], /^at_(least|most)$/, `${name}: ${figure}`);
      }
    }
  }
});

Deno.test("options have defaults, and the command line sets them", () => {
  assert.deepEqual(readArguments("bench", [measurement], ["sums"]).options, { rows: 1000 });
  assert.deepEqual(
    readArguments("bench", [measurement], ["sums", "--rows", "5", "--record"]),
    { measurement, options: { rows: 5 }, record: true },
  );
});

Deno.test("an unknown name, an unknown option and a size that is none are refused", () => {
  const refusal = (...args: string[]) => {
    try {
      readArguments("bench", [measurement], args);
    } catch (error) {
      if (error instanceof Failure) return error.message;
      throw error;
    }
    throw new Error("nothing was refused");
  };
  assert.match(refusal(), /^Known are:/);
  assert.match(refusal("products"), /^There is no bench products\./);
  assert.match(refusal("sums", "--row", "5"), /--rows 1000 {2}rows to add/);
  assert.match(refusal("sums", "--rows", "many"), /^--rows takes a whole number above 0, not many/);
  assert.match(refusal("sums", "--rows", "-1"), /--rows/);
});

Deno.test("numbers are short and stand at the right; a missing figure shows", () => {
  assert.equal(rounded(12345.678), "12346");
  assert.equal(rounded(0.45678), "0.457");
  assert.equal(rounded(0), "0");
  const table = figureTable({ rows: 10 }, { ratio: { at_least: 0.5 }, rows: { at_least: 100 } });
  assert.equal(
    asText(table),
    [
      "Figures",
      "figure    value  target  kept",
      "ratio   missing  ≥ 0.5   no",
      "rows         10  ≥ 100   no",
    ].join("\n"),
  );
  assert.ok(asMarkdown(table).includes("| rows | 10 | ≥ 100 | no |"));
});

Deno.test("a section takes the place of its former self, and the others stay", () => {
  const once = withSection("", "## b", "old");
  const twice = withSection(withSection(once, "## a", "first"), "## b", "new");
  assert.match(twice, /^# Benchmarks[^]*## a\n\nfirst\n\n## b\n\nnew\n$/);
  assert.ok(!twice.includes("old"));
});
