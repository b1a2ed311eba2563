/** A median and the interval that holds the true one with a stated confidence. */
export interface Estimate {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  /** Number of values it was made from. */
  readonly samples: number;
}

/** Confidence of every interval that is printed beside a result. */
export const CONFIDENCE = 0.95;

/**
 * Confidence of the interval of an A/A control. A run prints some twenty of them: at 95 % one of them would miss the 1
 * in nearly every run although nothing is wrong, at 99.9 % in one run of fifty.
 */
export const CONTROL_CONFIDENCE = 0.999;

/**
 * The value below which the share `q` of the values lies, interpolated between its neighbours (type 7 of Hyndman and
 * Fan, as in R and NumPy). NaN for none.
 */
export function quantile(values: readonly number[], q: number): number {
  const sorted = ascending(values);
  const position = (sorted.length - 1) * q;
  const below = sorted[Math.floor(position)] ?? NaN;
  const above = sorted[Math.ceil(position)] ?? NaN;
  return below + (above - below) * (position - Math.floor(position));
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/**
 * The confidence interval of the median between two order statistics, which holds for any distribution
 * (https://en.wikipedia.org/wiki/Median#Confidence_intervals; the sign test turned round): the k-th smallest to the
 * k-th largest, where the number of values on one side of the true median is binomial. Unlike a bootstrap it is exact
 * and the same every time. With fewer values than the confidence needs (6 for 95 %) it is their whole range.
 */
export function medianInterval(values: readonly number[], confidence: number): [low: number, high: number] {
  const sorted = ascending(values);
  const k = orderFromEnd(sorted.length, confidence);
  return [sorted[k - 1] ?? NaN, sorted[sorted.length - k] ?? NaN];
}

/** Median and interval in one. */
export function estimate(values: readonly number[], confidence: number = CONFIDENCE): Estimate {
  const [low, high] = medianInterval(values, confidence);
  return { median: median(values), low, high, samples: values.length };
}

/**
 * Slope of the points after Theil and Sen, the median of the slopes of all pairs, which a few outliers cannot turn;
 * NaN if all have the same x.
 */
export function medianSlope(points: readonly (readonly [x: number, y: number])[]): number {
  const slopes = points.flatMap(([x, y], index) =>
    points
      .slice(index + 1)
      .filter(([otherX]) => otherX !== x)
      .map(([otherX, otherY]) => (otherY - y) / (otherX - x)),
  );
  return median(slopes);
}

/**
 * The largest k for which fewer than k of `count` values lie below the true median in no more than half of the
 * remaining (1 − confidence) of all cases; at least 1.
 */
function orderFromEnd(count: number, confidence: number): number {
  const tail = (1 - confidence) / 2;
  // In logarithms: 0.5 ** count is 0 beyond 1,074.
  let logProbability = count * Math.log(0.5);
  let cumulative = 0;
  let k = 0;
  while (k < count / 2) {
    cumulative += Math.exp(logProbability);
    if (cumulative > tail) break;
    logProbability += Math.log((count - k) / (k + 1));
    k += 1;
  }
  return Math.max(k, 1);
}

function ascending(values: readonly number[]): Float64Array {
  return Float64Array.from(values).sort();
}
