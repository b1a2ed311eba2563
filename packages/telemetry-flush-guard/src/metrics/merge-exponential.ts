import type { BucketsLike, ExponentialHistogramLike } from '../items/metric-types.js';
import { addedExtremes, addedSums } from './extremes.js';

/** Buckets of each sign that the SDK has by default, and so what it would have come to itself. */
const MOST_BUCKETS = 160;

/** Two exponential histograms as one, as if all values had been recorded in it. */
export function addExponential(
  one: ExponentialHistogramLike,
  other: ExponentialHistogramLike,
): ExponentialHistogramLike {
  // One of nothing but zeros has a scale too, which says nothing: that of the SDK is 0, far coarser than most.
  const scales = [one, other].filter(hasBuckets).map(({ scale }) => scale);
  const common = Math.min(...(scales.length > 0 ? scales : [one.scale, other.scale]));
  const sizes = [one, other].flatMap(({ positive, negative }) => [
    positive.bucketCounts.length,
    negative.bucketCounts.length,
  ]);
  const most = Math.max(MOST_BUCKETS, ...sizes);
  const scale = Math.min(
    fittingScale(common, most, [
      at(one.positive, one.scale, common),
      at(other.positive, other.scale, common),
    ]),
    fittingScale(common, most, [
      at(one.negative, one.scale, common),
      at(other.negative, other.scale, common),
    ]),
  );
  return {
    ...addedExtremes(one, other),
    ...addedSums(one, other),
    count: one.count + other.count,
    scale,
    zeroCount: one.zeroCount + other.zeroCount,
    positive: added(at(one.positive, one.scale, scale), at(other.positive, other.scale, scale)),
    negative: added(at(one.negative, one.scale, scale), at(other.negative, other.scale, scale)),
  };
}

function hasBuckets({ positive, negative }: ExponentialHistogramLike): boolean {
  return positive.bucketCounts.length > 0 || negative.bucketCounts.length > 0;
}

/** The finest scale at which all of them together take no more than so many buckets. */
function fittingScale(scale: number, most: number, ranges: readonly BucketsLike[]): number {
  const filled = ranges.filter(({ bucketCounts }) => bucketCounts.length > 0);
  let low = Math.min(...filled.map(({ offset }) => offset));
  let high = Math.max(...filled.map(({ offset, bucketCounts }) => offset + bucketCounts.length - 1));
  let fitting = scale;
  while (high - low >= most) {
    low = Math.floor(low / 2);
    high = Math.floor(high / 2);
    fitting -= 1;
  }
  return fitting;
}

/** Buckets at a coarser scale: with each step two neighbours become one. */
function at({ offset, bucketCounts }: BucketsLike, scale: number, coarser: number): BucketsLike {
  if (bucketCounts.length === 0 || scale === coarser) return { offset, bucketCounts };
  const width = 2 ** (scale - coarser);
  const first = Math.floor(offset / width);
  const last = Math.floor((offset + bucketCounts.length - 1) / width);
  const counts = new Array<number>(last - first + 1).fill(0);
  for (const [index, count] of bucketCounts.entries()) {
    const place = Math.floor((offset + index) / width) - first;
    counts[place] = (counts[place] ?? 0) + count;
  }
  return { offset: first, bucketCounts: counts };
}

/** Buckets of one scale, added. */
function added(one: BucketsLike, other: BucketsLike): BucketsLike {
  if (other.bucketCounts.length === 0) return one;
  if (one.bucketCounts.length === 0) return other;
  const offset = Math.min(one.offset, other.offset);
  const end = Math.max(one.offset + one.bucketCounts.length, other.offset + other.bucketCounts.length);
  const counts = new Array<number>(end - offset).fill(0);
  for (const buckets of [one, other]) {
    for (const [index, count] of buckets.bucketCounts.entries()) {
      const place = buckets.offset + index - offset;
      counts[place] = (counts[place] ?? 0) + count;
    }
  }
  return { offset, bucketCounts: counts };
}
