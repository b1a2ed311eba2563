import { LogBuckets } from './log-buckets.js';
import { QuantileSlot } from './quantile-slot.js';
import { RotatingSlots } from './rotating-slots.js';

export interface WindowQuantileOptions {
  readonly windowMillis: number;
  /** Default 10: quantiles stand for the last 90 to 100 % of the window. */
  readonly slotCount?: number;
  /** Values from here on are told apart; default 1e-6 (a microsecond, for seconds). */
  readonly lowest?: number;
  /** Values up to here are told apart; default 1e3. */
  readonly highest?: number;
}

/**
 * Quantiles of what was added during the window, each within 0.5 % of the exact order statistic: the nearest rank,
 * i.e. the ceil(q * n)-th smallest of the n values in the live slots (the smallest for q = 0). The span covered is
 * that of {@link RotatingSlots}.
 *
 * The first and the last rank, the smallest and the largest value, are exact. Of the other ranks one that falls below
 * `lowest` is reported as the exact minimum of the window, one above `highest` as its exact maximum. Negative, infinite
 * and NaN values are ignored and counted. A bucket counts to 2^32 - 1 in each slot.
 *
 * Memory, allocated once: (4 * slotCount + 8) bytes for each of about ln(highest / lowest) / 0.00998 buckets; with the
 * defaults 2,079 buckets and 100 kB.
 */
export class WindowQuantile {
  readonly #buckets: LogBuckets;
  readonly #slots: RotatingSlots<QuantileSlot>;
  /** For one reading: how many values are in this bucket and those before it, over all live slots. */
  readonly #cumulative: Float64Array;
  #ignored = 0;

  /** @throws RangeError for a window, a slot count or a range that is impossible. */
  constructor({ windowMillis, slotCount = 10, lowest = 1e-6, highest = 1e3 }: WindowQuantileOptions) {
    const buckets = new LogBuckets(lowest, highest);
    this.#buckets = buckets;
    this.#cumulative = new Float64Array(buckets.count);
    this.#slots = new RotatingSlots({
      windowMillis,
      slotCount,
      create: () => new QuantileSlot(buckets.count),
      reset: slot => {
        slot.clear();
      },
    });
  }

  /** Values that were negative, infinite or NaN, since construction. */
  get ignored(): number {
    return this.#ignored;
  }

  add(nowMillis: number, value: number): void {
    if (!(value >= 0 && value < Infinity)) {
      this.#ignored += 1;
      return;
    }
    this.#slots.current(nowMillis).add(value, this.#buckets.indexOf(value));
  }

  /** How many values the quantiles stand for. */
  count(nowMillis: number): number {
    let count = 0;
    this.#slots.forEachLive(nowMillis, slot => {
      count += slot.total;
    });
    return count;
  }

  /**
   * One quantile, `undefined` when nothing was added during the window.
   * @throws RangeError unless q is in [0, 1].
   */
  quantile(q: number, nowMillis: number): number | undefined {
    return this.quantiles([q], nowMillis)?.[0];
  }

  /**
   * Several quantiles, in the order asked for, from one pass over the slots: all speak of the same moment. `undefined`
   * when nothing was added during the window.
   * @throws RangeError unless every q is in [0, 1].
   */
  quantiles(qs: readonly number[], nowMillis: number): number[] | undefined {
    for (const q of qs) {
      if (!(q >= 0 && q <= 1)) throw new RangeError(`WindowQuantile: q must be in [0, 1], got ${q}`);
    }
    const { total, minimum, maximum, firstBucket, lastBucket } = this.#accumulate(nowMillis);
    if (total === 0) return undefined;
    return qs.map(q => {
      const rank = nearestRank(q, total);
      if (rank === 1) return minimum;
      if (rank === total) return maximum;
      const bucket = this.#bucketOfRank(rank, firstBucket, lastBucket);
      return Math.min(Math.max(this.#buckets.valueOf(bucket), minimum), maximum);
    });
  }

  /** Fills `#cumulative` from firstBucket to lastBucket, and returns the rest of what the live slots hold. */
  #accumulate(nowMillis: number): Omit<QuantileSlot, 'counts' | 'add' | 'clear'> {
    const cumulative = this.#cumulative.fill(0);
    const all = { total: 0, minimum: Infinity, maximum: -Infinity, firstBucket: Infinity, lastBucket: -1 };
    this.#slots.forEachLive(nowMillis, slot => {
      all.total += slot.total;
      all.minimum = Math.min(all.minimum, slot.minimum);
      all.maximum = Math.max(all.maximum, slot.maximum);
      all.firstBucket = Math.min(all.firstBucket, slot.firstBucket);
      all.lastBucket = Math.max(all.lastBucket, slot.lastBucket);
      for (let bucket = slot.firstBucket; bucket <= slot.lastBucket; bucket++) {
        cumulative[bucket] = (cumulative[bucket] ?? 0) + (slot.counts[bucket] ?? 0);
      }
    });
    for (let bucket = all.firstBucket + 1; bucket <= all.lastBucket; bucket++) {
      cumulative[bucket] = (cumulative[bucket] ?? 0) + (cumulative[bucket - 1] ?? 0);
    }
    return all;
  }

  /** The first bucket that reaches `rank`. */
  #bucketOfRank(rank: number, firstBucket: number, lastBucket: number): number {
    let low = firstBucket;
    let high = lastBucket;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#cumulative[middle] ?? 0) >= rank) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** 0.07 * 100 is 7.000000000000001 in doubles: without the correction, ceil would name the 8th of 100. */
function nearestRank(q: number, total: number): number {
  return Math.max(1, Math.ceil(q * total * (1 - 4 * Number.EPSILON)));
}
