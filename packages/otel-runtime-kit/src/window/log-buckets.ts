// Built a little finer than the 0.5 % that is promised, so that rounding in Math.log at a bucket's edge stays inside it.
const BUILT_RELATIVE_ERROR = 0.00499;

/**
 * Buckets of equal width on a logarithmic scale: `valueOf(indexOf(v))` is within 0.5 % of v for every v in
 * [lowest, highest].
 *
 * A bucket (l, u) speaks with the value 2lu / (l + u), which is off by the same share (u - l) / (u + l) at both ends:
 * the smallest possible worst case, as in DDSketch (Masson, Rim, Lee: https://arxiv.org/abs/1908.10693, section 2.1).
 * Index 0 holds what is below `lowest`, the last index what is above `highest`; these two have no value of their own.
 */
export class LogBuckets {
  readonly lowest: number;
  readonly highest: number;
  /** How many buckets there are, the one below and the one above the range included. */
  readonly count: number;
  readonly #logLowest: number;
  readonly #logWidth: number;
  /** From a bucket's lower edge l to 2lu / (l + u), as a logarithm: a product would overflow near the largest double. */
  readonly #logMiddle: number;

  /** @throws RangeError unless 0 < lowest < highest, both finite. */
  constructor(lowest: number, highest: number) {
    if (!Number.isFinite(lowest) || lowest <= 0) {
      throw new RangeError(`LogBuckets: lowest must be a finite number > 0, got ${lowest}`);
    }
    const rangeLog = Math.log(highest) - Math.log(lowest);
    // Compared as logarithms: two neighbouring doubles may share one.
    if (!Number.isFinite(highest) || !(rangeLog > 0)) {
      throw new RangeError(
        `LogBuckets: highest must be a finite number > lowest (${lowest}), got ${highest}`,
      );
    }
    const widestLog = Math.log((1 + BUILT_RELATIVE_ERROR) / (1 - BUILT_RELATIVE_ERROR));
    const inRange = Math.ceil(rangeLog / widestLog);
    this.lowest = lowest;
    this.highest = highest;
    this.count = inRange + 2;
    this.#logLowest = Math.log(lowest);
    this.#logWidth = rangeLog / inRange;
    const ratio = Math.exp(this.#logWidth);
    this.#logMiddle = Math.log((2 * ratio) / (1 + ratio));
  }

  /** The bucket of a value that is not negative and not NaN. */
  indexOf(value: number): number {
    if (value < this.lowest) return 0;
    if (value > this.highest) return this.count - 1;
    const index = 1 + Math.floor((Math.log(value) - this.#logLowest) / this.#logWidth);
    // `highest` itself ends the last bucket of the range.
    return Math.min(index, this.count - 2);
  }

  /** What the bucket reports; -Infinity for the one below the range, Infinity for the one above. */
  valueOf(index: number): number {
    if (index <= 0) return -Infinity;
    if (index >= this.count - 1) return Infinity;
    return Math.exp(this.#logLowest + (index - 1) * this.#logWidth + this.#logMiddle);
  }
}
