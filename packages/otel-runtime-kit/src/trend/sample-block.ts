import { medianInPlace } from './quick-select.js';

/** Even, so that thinning drops exactly every second sample. */
const KEPT_MAXIMUM = 64;

/**
 * The samples of one block of time, at most 64 of them: when more come, every second is dropped and from then on only
 * every second (fourth, eighth, …) is kept, so that those kept stay spread evenly over all that came.
 */
export class SampleBlock {
  readonly #times = new Float64Array(KEPT_MAXIMUM);
  readonly #values = new Float64Array(KEPT_MAXIMUM);
  #kept = 0;
  #seen = 0;
  #stride = 1;

  get isEmpty(): boolean {
    return this.#kept === 0;
  }

  add(timeMillis: number, value: number): void {
    const keep = this.#seen % this.#stride === 0;
    this.#seen += 1;
    if (!keep) return;
    if (this.#kept === KEPT_MAXIMUM) this.#thin();
    this.#times[this.#kept] = timeMillis;
    this.#values[this.#kept] = value;
    this.#kept += 1;
  }

  /** Mean time of the samples kept; NaN when empty. */
  meanTimeMillis(): number {
    // Summed as distances from the first, which are small: no digit is lost to a clock that has run for years.
    const first = this.#times[0] ?? NaN;
    let distance = 0;
    for (let i = 0; i < this.#kept; i++) distance += (this.#times[i] ?? NaN) - first;
    return first + distance / this.#kept;
  }

  /** Median value of the samples kept, NaN when empty; the block must be cleared before it is used again. */
  takeMedianValue(): number {
    return medianInPlace(this.#values, this.#kept) ?? NaN;
  }

  clear(): void {
    this.#kept = 0;
    this.#seen = 0;
    this.#stride = 1;
  }

  /** A full block has seen 64 * stride samples before this one, so this one is due under the doubled stride too. */
  #thin(): void {
    this.#kept = KEPT_MAXIMUM / 2;
    this.#stride *= 2;
    for (let i = 0; i < this.#kept; i++) {
      this.#times[i] = this.#times[2 * i] ?? NaN;
      this.#values[i] = this.#values[2 * i] ?? NaN;
    }
  }
}
