/**
 * What has become of an item in the end. The names of all but the first are values of `error.type`, as the semantic conventions
 * have them for exporters; the numbers are what is written to disk and never change.
 */
export const OUTCOMES = {
  delivered: 0,
  rejected: 1,
  expired: 2,
  retry_exhausted: 3,
  spool_full: 4,
  spool_io: 5,
  too_large: 6,
  corrupt: 7,
  serialization: 8,
  queue_full: 9,
  already_shutdown: 10,
  uncollected: 11,
} as const;

export type Outcome = keyof typeof OUTCOMES;

/** Why an item was not delivered. */
export type DropReason = Exclude<Outcome, 'delivered'>;

const BY_NUMBER = new Map<number, Outcome>(
  Object.entries(OUTCOMES).map(([name, number]) => [number, name as Outcome]),
);

/** What is written as a number; undefined for one of a later version. */
export function outcomeOf(number: number): Outcome | undefined {
  return BY_NUMBER.get(number);
}
