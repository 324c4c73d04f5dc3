/** Prints what a measurement found: for a terminal, and for docs/benchmarks.md. */

import type { Table } from "./measurement.ts";
import { inWords, keeps, type Targets } from "./targets.ts";

/** Three significant digits at most, and no exponent. */
export function rounded(value: number): string {
  if (!Number.isFinite(value)) return "none";
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1)));
  return String(Number(value.toFixed(Math.min(digits, 6))));
}

const cell = (value: string | number) => typeof value === "number" ? rounded(value) : value;

/** Figures beside their targets; a target without a figure shows as missing. */
export function figureTable(figures: Record<string, number>, targets: Targets): Table {
  const names = [...new Set([...Object.keys(targets), ...Object.keys(figures)])];
  return {
    title: "Figures",
    columns: ["figure", "value", "target", "kept"],
    rows: names.map((name) => [
      name,
      figures[name] ?? "missing",
      targets[name] ? inWords(targets[name]) : "–",
      targets[name] ? (keeps(figures[name], targets[name]) ? "yes" : "no") : "–",
    ]),
  };
}

/** A table for a terminal. */
export function asText({ columns, rows, title }: Table): string {
  const cells = [columns, ...rows.map((row) => row.map(cell))];
  const widths = columns.map((_, at) => Math.max(...cells.map((row) => [...row[at]].length)));
  const isNumber = columns.map((_, at) => rows.some((row) => typeof row[at] === "number"));
  const line = (row: string[]) =>
    row.map((text, at) => isNumber[at] ? text.padStart(widths[at]) : text.padEnd(widths[at]))
      .join("  ").trimEnd();
  return [title, ...cells.map(line)].join("\n");
}

/** A table for a Markdown page. */
export function asMarkdown({ columns, rows, title }: Table): string {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  const rule = columns.map((_, at) =>
    rows.some((row) => typeof row[at] === "number") ? "---:" : "---"
  );
  return [
    `**${title}**`,
    "",
    line(columns),
    line(rule),
    ...rows.map((row) => line(row.map(cell))),
  ].join("\n");
}
