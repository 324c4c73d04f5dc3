/** What a bench (scripts/bench/) and a drill (scripts/drill/) are. */

import type { Service } from "../stack/services.ts";
import type { ThrowAwayStack } from "../stack/throwaway.ts";

/** A table for people. Cells that are numbers stand at the right. */
export interface Table {
  title: string;
  columns: string[];
  rows: (string | number)[][];
}

/** What a measurement found. */
export interface Findings {
  tables: Table[];
  /** What the targets are held against, by the names that scripts/measure/targets.json uses. */
  figures: Record<string, number>;
}

export interface MeasurementContext {
  /** A stack of the measurement's own, with all migrations and the seed, on files that survive. */
  stack: ThrowAwayStack;
  /** The options by name: what the command line gave, or the default. */
  options: Record<string, number>;
  /** Tells the reader how far it is. */
  say(text: string): void;
}

export interface Measurement {
  /** As in `npm run bench -- NAME`, and the key of its targets. */
  name: string;
  /** One sentence: what is measured, against what. */
  summary: string;
  /** Whole numbers that `--name N` sets. A size that a target names is also a figure. */
  options?: Record<string, { default: number; description: string }>;
  /** Processes beside the database; all of them when absent. */
  services?: readonly Service[];
  run(context: MeasurementContext): Promise<Findings>;
}
