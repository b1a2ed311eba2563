import { catalogue } from '../catalogue/catalogue.js';
import type { Labels, Shape, TestSeries } from './test-group.js';

/** How many pauses of each length there have been by a minute: seconds → number. */
export type Pauses = readonly (readonly [seconds: number, count: Shape])[];

/** As the instrument has them. */
export const BOUNDARIES: readonly number[] =
  catalogue.find(({ name }) => name === 'v8js.gc.duration')?.buckets ?? [];

/** The series of `v8js.gc.duration` for these pauses. */
export function pauseHistogram(labels: Labels, type: string, pauses: Pauses): TestSeries[] {
  const series = (part: string, shape: Shape, le?: string): TestSeries => ({
    metric: `<v8js.gc.duration:${part}{v8js.gc.type="${type}"}>`,
    labels: le === undefined ? labels : { ...labels, le },
    shape,
  });
  const countUpTo =
    (boundary: number): Shape =>
    minute => {
      let sum = 0;
      for (const [seconds, count] of pauses) {
        const now = count(minute);
        if (now === undefined) return undefined;
        if (seconds <= boundary) sum += now;
      }
      return sum;
    };
  return [
    series('count', countUpTo(Infinity)),
    ...BOUNDARIES.map(boundary => series('bucket', countUpTo(boundary), String(boundary))),
    series('bucket', countUpTo(Infinity), '+Inf'),
  ];
}

/**
 * A percentile of pauses that come at these rates, as buckets tell it: evenly spread within the bucket that it falls into.
 */
export function percentile(
  share: number,
  rates: readonly (readonly [seconds: number, perSecond: number])[],
): number {
  const total = rates.reduce((sum, [, rate]) => sum + rate, 0);
  let below = 0;
  let lower = 0;
  for (const boundary of BOUNDARIES) {
    const inside = rates
      .filter(([seconds]) => seconds > lower && seconds <= boundary)
      .reduce((sum, [, rate]) => sum + rate, 0);
    if (below + inside >= share * total)
      return lower + ((boundary - lower) * (share * total - below)) / inside;
    below += inside;
    lower = boundary;
  }
  return lower;
}
