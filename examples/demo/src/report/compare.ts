import { whole } from '../number-format.js';
import type { Check } from '../signals/signal.js';

/** Numbers of others beside our own. */
export interface Comparison {
  readonly theirs: readonly number[];
  readonly ours: readonly number[];
  /** How far one may be from the other; 0 is exactly the same. */
  readonly tolerance?: (theirs: number) => number;
  readonly format?: (value: number) => string;
}

/** Whether somebody else's numbers are ours too. */
export function compare(
  subject: string,
  { theirs, ours, tolerance = () => 0, format = shown }: Comparison,
): Check {
  const holds =
    theirs.length === ours.length &&
    theirs.every((value, index) => {
      const other = ours[index] ?? NaN;
      return value === other || Math.abs(value - other) <= tolerance(value);
    });
  const list = (values: readonly number[]): string => values.map(format).join(' and ');
  if (!holds) return { holds, subject, finding: `${list(theirs)}, but scraped ${list(ours)}` };
  const asScraped = list(theirs) === list(ours) ? 'as scraped' : `scraped ${list(ours)}`;
  return { holds, subject, finding: `${list(theirs)}, ${asScraped}` };
}

function shown(value: number): string {
  return Number.isFinite(value) ? whole(value) : 'none';
}
