import type { Outcome } from './outcome.js';

/** Counts of a lane: what was accepted, and what of it is done with, by outcome. */
export interface LaneTotals {
  readonly accepted: number;
  readonly done: Readonly<Partial<Record<Outcome, number>>>;
}

export const NO_TOTALS: LaneTotals = Object.freeze({ accepted: 0, done: Object.freeze({}) });

export function sumOfTotals(one: LaneTotals, other: LaneTotals): LaneTotals {
  const done: Partial<Record<Outcome, number>> = { ...one.done };
  for (const [name, count] of Object.entries(other.done)) {
    done[name as Outcome] = (done[name as Outcome] ?? 0) + count;
  }
  return { accepted: one.accepted + other.accepted, done };
}

/** How many are neither delivered nor dropped. */
export function pendingOf({ accepted, done }: LaneTotals): number {
  return Object.values(done).reduce((left, count) => left - count, accepted);
}
