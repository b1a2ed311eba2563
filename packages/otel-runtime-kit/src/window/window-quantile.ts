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
 * and NaN values are ignored and counted. A bucket counts to 2^32 - 1 over the window.
 *
 * What all live slots hold together is kept beside them, so that reading costs what the upper quantiles need and no more;
 * it is added up anew when a slot expires.
 *
 * Memory, allocated once: 4 * (slotCount + 1) bytes for each of about ln(highest / lowest) / 0.00998 buckets; with the
 * defaults 2,079 buckets and 91 kB.
 */
export class WindowQuantile {
  readonly #buckets: LogBuckets;
  readonly #slots: RotatingSlots<QuantileSlot>;
  /** Of all live slots. */
  readonly #live: QuantileSlot;
  /** The newest slot's number when `#live` was added up. */
  #liveTick = 0;
  #ignored = 0;

  /** @throws RangeError for a window, a slot count or a range that is impossible. */
  constructor({ windowMillis, slotCount = 10, lowest = 1e-6, highest = 1e3 }: WindowQuantileOptions) {
    const buckets = new LogBuckets(lowest, highest);
    this.#buckets = buckets;
    this.#live = new QuantileSlot(buckets.count);
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
    const slot = this.#slots.current(nowMillis);
    const bucket = this.#buckets.indexOf(value);
    this.#refresh(nowMillis);
    slot.add(value, bucket);
    this.#live.add(value, bucket);
  }

  /** How many values the quantiles stand for. */
  count(nowMillis: number): number {
    this.#refresh(nowMillis);
    return this.#live.total;
  }

  /**
   * One quantile, `undefined` when nothing was added during the window.
   * @throws RangeError unless q is in [0, 1].
   */
  quantile(q: number, nowMillis: number): number | undefined {
    return this.quantiles([q], nowMillis)?.[0];
  }

  /**
   * Several quantiles, in the order asked for: all speak of the same moment. `undefined`
   * when nothing was added during the window.
   * @throws RangeError unless every q is in [0, 1].
   */
  quantiles(qs: readonly number[], nowMillis: number): number[] | undefined {
    for (const q of qs) {
      if (!(q >= 0 && q <= 1)) throw new RangeError(`WindowQuantile: q must be in [0, 1], got ${q}`);
    }
    this.#refresh(nowMillis);
    const { total, minimum, maximum } = this.#live;
    if (total === 0) return undefined;
    return qs.map(q => {
      const rank = nearestRank(q, total);
      if (rank === 1) return minimum;
      if (rank === total) return maximum;
      const bucket = this.#bucketOfRank(rank);
      return Math.min(Math.max(this.#buckets.valueOf(bucket), minimum), maximum);
    });
  }

  /** Adds the live slots up anew if there is a newer one than the last time, as older ones may have expired. */
  #refresh(nowMillis: number): void {
    const tick = this.#slots.newestTick(nowMillis);
    if (tick === this.#liveTick) return;
    this.#liveTick = tick;
    this.#live.clear();
    this.#slots.forEachLive(nowMillis, slot => {
      this.#live.addAll(slot);
    });
  }

  /** The first bucket that reaches `rank`, from the top: the quantiles that are asked for lie there. */
  #bucketOfRank(rank: number): number {
    const { counts, total, lastBucket } = this.#live;
    let below = total;
    for (let bucket = lastBucket; ; bucket--) {
      below -= counts[bucket] ?? total;
      if (below < rank) return bucket;
    }
  }
}

/** 0.07 * 100 is 7.000000000000001 in doubles: without the correction, ceil would name the 8th of 100. */
function nearestRank(q: number, total: number): number {
  return Math.max(1, Math.ceil(q * total * (1 - 4 * Number.EPSILON)));
}
