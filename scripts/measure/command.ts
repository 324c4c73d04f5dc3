/** The command line of `npm run bench` and `npm run drill`. */

import { parseArgs } from "node:util";
import { Failure } from "../stack/failure.ts";
import { startThrowAwayStack } from "../stack/throwaway.ts";
import type { Findings, Measurement } from "./measurement.ts";
import { record } from "./record.ts";
import { asText, figureTable } from "./report.ts";
import { allKept, type Kind, targetsOf } from "./targets.ts";

/**
 * What a small server of one's own would have. With PostgreSQL's own defaults every measurement of
 * writes is one of the disk: 128 MB of buffers are written out all the time.
 */
const SERVER = {
  shared_buffers: "1GB",
  // no checkpoint in the middle, which would fall on one side of a comparison
  max_wal_size: "16GB",
  checkpoint_timeout: "1h",
};

export interface Request {
  measurement: Measurement;
  options: Record<string, number>;
  /** Whether docs/benchmarks.md gets the result. */
  record: boolean;
}

/** Reads `NAME [--option N …] [--record]`. */
export function readArguments(kind: Kind, known: Measurement[], args: string[]): Request {
  const list = known.map(({ name, summary }) => `  ${name.padEnd(12)} ${summary}`).join("\n");
  const [name, ...rest] = args;
  const measurement = known.find((measurement) => measurement.name === name);
  if (!measurement) {
    throw new Failure(`${name ? `There is no ${kind} ${name}. ` : ""}Known are:\n${list}`);
  }
  const options = Object.entries(measurement.options ?? {});
  let values: Record<string, string | boolean | undefined>;
  try {
    ({ values } = parseArgs({
      args: rest,
      options: {
        record: { type: "boolean" },
        ...Object.fromEntries(options.map(([option]) => [option, { type: "string" as const }])),
      },
    }));
  } catch (error) {
    const help = options.map(([option, { default: value, description }]) =>
      `  --${option} ${value}  ${description}`
    );
    const lines = [
      "The options, with their defaults:",
      ...help,
      "  --record  into docs/benchmarks.md",
    ];
    throw new Failure([(error as Error).message, ...lines].join("\n"));
  }
  const numbers = options.map(([option, { default: value }]) => {
    const number = Number(values[option] ?? value);
    if (Number.isInteger(number) && number > 0) return [option, number] as const;
    throw new Failure(`--${option} takes a whole number above 0, not ${values[option]}.`);
  });
  return { measurement, options: Object.fromEntries(numbers), record: values.record === true };
}

/** Runs one measurement and prints what it found. Returns the exit code: 0 when targets are kept. */
export async function measure(kind: Kind, known: Measurement[], args: string[]): Promise<number> {
  const { measurement, options, ...request } = readArguments(kind, known, args);
  const say = (text: string) => console.error(`  ${text}`);
  say(`${kind} ${measurement.name}: ${measurement.summary}`);
  let findings: Findings;
  {
    await using stack = await startThrowAwayStack({
      durable: true,
      services: measurement.services,
      settings: SERVER,
    });
    findings = await measurement.run({ stack, options, say });
  }
  const { figures, tables } = findings;
  const targets = targetsOf(kind, measurement.name);
  const all = [...tables, figureTable(figures, targets)];
  console.log(all.map(asText).join("\n\n"));
  if (request.record) await record(kind, measurement, all);
  const ok = allKept(figures, targets);
  console.log(JSON.stringify({ name: measurement.name, figures, targets, ok }));
  return ok ? 0 : 1;
}
