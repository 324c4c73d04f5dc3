/** Keeps the last result of each measurement in docs/benchmarks.md. */

import { ROOT } from "../stack/paths.ts";
import type { Measurement, Table } from "./measurement.ts";
import { asMarkdown } from "./report.ts";
import type { Kind } from "./targets.ts";

const FILE = `${ROOT}/docs/benchmarks.md`;

const HEADER = `# Benchmarks and drills

Each section is what the command in its heading printed when it was last run with \`--record\`.
Ratios are of two sides measured in one run; absolute figures belong to the machine.
`;

/** The page with one section put in, or in place of its former self; sections in order of heading. */
export function withSection(page: string, heading: string, body: string): string {
  const sections = new Map(
    page.split(/^(?=## )/m).filter((part) => part.startsWith("## "))
      .map((part) => [part.split("\n")[0], part.trimEnd()]),
  );
  sections.set(heading, `${heading}\n\n${body}`);
  const inOrder = [...sections].sort(([a], [b]) => a < b ? -1 : 1).map(([, section]) => section);
  return [HEADER.trimEnd(), ...inOrder].join("\n\n") + "\n";
}

/** Writes the result of one measurement into docs/benchmarks.md. */
export async function record(kind: Kind, { name, summary }: Measurement, tables: Table[]) {
  const page = await Deno.readTextFile(FILE).catch(() => "");
  const day = new Date().toISOString().slice(0, 10);
  const body = [
    summary,
    `Measured on ${day}, ${navigator.hardwareConcurrency} cores.`,
    ...tables.map(asMarkdown),
  ].join("\n\n");
  await Deno.writeTextFile(FILE, withSection(page, `## \`npm run ${kind} -- ${name}\``, body));
}
