import { PointType, Temporality } from '../items/metric-types.js';
import type { DataPointLike, ExponentialHistogramLike, HistogramLike } from '../items/metric-types.js';
import { sameNumbers } from '../items/metric-points.js';
import type { HrTime } from '../items/otel-types.js';
import { addedExtremes, addedSums } from './extremes.js';
import { addExponential } from './merge-exponential.js';

/** Two values as one; undefined if they cannot be. */
type Add = (one: unknown, other: unknown) => unknown;

/**
 * Puts points of one series, in the order in which they were collected, together. Those that say what has happened since the one before are
 * added; of those that say what is, the last one is what is.
 *
 * @returns as few as can be: those that cannot be added stay as they are
 */
export function mergePoints(
  type: number,
  temporality: number,
  points: readonly DataPointLike[],
): readonly DataPointLike[] {
  if (points.length < 2) return points;
  switch (type) {
    case PointType.gauge:
      return points.slice(-1).map(latest => ({
        ...latest,
        startTime: points.reduce((start, { startTime }) => earlier(start, startTime), latest.startTime),
      }));
    case PointType.sum:
    case PointType.histogram:
    case PointType.exponentialHistogram:
      return temporality === Temporality.delta ? added(points, ADDITIONS[type]) : points.slice(-1);
    default:
      // Nobody knows what they are, so nothing is done to them.
      return points;
  }
}

const ADDITIONS: Readonly<Record<0 | 1 | 3, Add>> = {
  [PointType.sum]: (one, other) => (one as number) + (other as number),
  [PointType.histogram]: (one, other) => addHistograms(one as HistogramLike, other as HistogramLike),
  [PointType.exponentialHistogram]: (one, other) =>
    addExponential(one as ExponentialHistogramLike, other as ExponentialHistogramLike),
};

function added(points: readonly DataPointLike[], add: Add): readonly DataPointLike[] {
  const sums: DataPointLike[] = [];
  for (const point of points) {
    const added = sums.some((sum, index) => {
      const value = add(sum.value, point.value);
      if (value === undefined) return false;
      sums[index] = {
        attributes: sum.attributes,
        startTime: earlier(sum.startTime, point.startTime),
        endTime: later(sum.endTime, point.endTime),
        value,
      };
      return true;
    });
    if (!added) sums.push(point);
  }
  return sums;
}

/** Undefined if their buckets are not the same ones. */
function addHistograms(one: HistogramLike, other: HistogramLike): HistogramLike | undefined {
  const { boundaries, counts } = one.buckets;
  if (!sameNumbers(boundaries, other.buckets.boundaries)) return undefined;
  return {
    ...addedExtremes(one, other),
    ...addedSums(one, other),
    buckets: {
      boundaries,
      counts: counts.map((count, index) => count + (other.buckets.counts[index] ?? 0)),
    },
    count: one.count + other.count,
  };
}

/** Negative if the one is before the other. */
export function compareTimes(one: HrTime, other: HrTime): number {
  return one[0] - other[0] || one[1] - other[1];
}

function earlier(one: HrTime, other: HrTime): HrTime {
  return compareTimes(one, other) <= 0 ? one : other;
}

function later(one: HrTime, other: HrTime): HrTime {
  return compareTimes(one, other) >= 0 ? one : other;
}
