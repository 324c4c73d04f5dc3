/** The targets of all benches and drills, and how figures are held against them. */

import targets from "./targets.json" with { type: "json" };

/** A bound on one figure; exactly one of the two is set. */
export interface Target {
  at_least?: number;
  at_most?: number;
}

export type Targets = Record<string, Target>;

export type Kind = "bench" | "drill";

/** The targets of a measurement; none when the file does not name it. */
export const targetsOf = (kind: Kind, name: string): Targets =>
  (targets as Record<Kind, Record<string, Targets>>)[kind][name] ?? {};

/** Whether a figure keeps its target. One that is missing or no number does not. */
export function keeps(figure: number | undefined, { at_least, at_most }: Target): boolean {
  if (figure === undefined || !Number.isFinite(figure)) return false;
  return figure >= (at_least ?? -Infinity) && figure <= (at_most ?? Infinity);
}

/** Whether all targets are kept; a measurement without targets has nothing to keep, and fails. */
export const allKept = (figures: Record<string, number>, targets: Targets): boolean =>
  Object.keys(targets).length > 0 &&
  Object.entries(targets).every(([name, target]) => keeps(figures[name], target));

/** A target in words, as in `≥ 0.45`. */
export const inWords = ({ at_least, at_most }: Target): string =>
  at_least !== undefined ? `≥ ${at_least}` : `≤ ${at_most}`;
