import { medianInPlace } from './quick-select.js';

/** How many slopes `points` points have between them, i.e. how long the scratch array has to be. */
export function pairCount(points: number): number {
  return (points * (points - 1)) / 2;
}

/**
 * The Theil–Sen slope of the first `length` points: the median of the slopes of all pairs, in units of value per
 * millisecond. Up to 29 % of the points may be anything without carrying it away
 * (https://en.wikipedia.org/wiki/Theil%E2%80%93Sen_estimator). `undefined` without two points of different time.
 *
 * Times need no order; a pair of equal times has no slope and is left out. The cost grows with the square of `length`:
 * meant for up to 60 points (1,770 slopes, 14 µs).
 *
 * @param scratch overwritten; pass one array again and again to allocate nothing.
 * @throws RangeError if scratch has fewer than length * (length - 1) / 2 elements.
 */
export function theilSenSlope(
  times: Float64Array,
  values: Float64Array,
  length: number,
  scratch: Float64Array = new Float64Array(pairCount(length)),
): number | undefined {
  if (scratch.length < pairCount(length)) {
    throw new RangeError(
      `theilSenSlope: ${length} points need ${pairCount(length)} scratch elements, got ${scratch.length}`,
    );
  }
  let slopes = 0;
  for (let i = 0; i < length - 1; i++) {
    const time = times[i] ?? NaN;
    const value = values[i] ?? NaN;
    for (let j = i + 1; j < length; j++) {
      const slope = ((values[j] ?? NaN) - value) / ((times[j] ?? NaN) - time);
      if ((times[j] ?? NaN) === time || Number.isNaN(slope)) continue;
      scratch[slopes] = slope;
      slopes += 1;
    }
  }
  return medianInPlace(scratch, slopes);
}
