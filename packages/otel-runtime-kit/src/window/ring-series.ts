/** One sample of a series. */
export interface TimedValue {
  readonly timeMillis: number;
  readonly value: number;
}

/**
 * The latest `capacity` samples (time, value), oldest first, in 16 bytes each.
 *
 * ```
 *        oldest          next push overwrites the oldest once full
 *          v             v
 *   [ . . [3][4][5][6] . . ]     #start = 2, length = 4
 * ```
 *
 * Times never decrease: a time that goes backwards is stored as the latest time seen, so that readers may rely on
 * the order. A sample whose time is not finite is dropped; values are kept as given.
 */
export class RingSeries {
  readonly capacity: number;
  readonly #times: Float64Array;
  readonly #values: Float64Array;
  #start = 0;
  #length = 0;
  #latestMillis = -Infinity;

  /** @throws RangeError unless capacity is a whole number of at least 1. */
  constructor(capacity: number) {
    if (!Number.isSafeInteger(capacity) || capacity < 1) {
      throw new RangeError(`RingSeries: capacity must be a whole number >= 1, got ${capacity}`);
    }
    this.capacity = capacity;
    this.#times = new Float64Array(capacity);
    this.#values = new Float64Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  get oldest(): TimedValue | undefined {
    return this.#length === 0 ? undefined : this.#sampleAt(0);
  }

  get latest(): TimedValue | undefined {
    return this.#length === 0 ? undefined : this.#sampleAt(this.#length - 1);
  }

  push(timeMillis: number, value: number): void {
    if (!Number.isFinite(timeMillis)) return;
    if (timeMillis > this.#latestMillis) this.#latestMillis = timeMillis;
    let slot = this.#start + this.#length;
    if (slot >= this.capacity) slot -= this.capacity;
    this.#times[slot] = this.#latestMillis;
    this.#values[slot] = value;
    if (this.#length < this.capacity) this.#length += 1;
    else this.#start = this.#start + 1 === this.capacity ? 0 : this.#start + 1;
  }

  /**
   * Time of sample `index`; 0 is the oldest.
   * @throws RangeError outside [0, length).
   */
  timeAt(index: number): number {
    return this.#times[this.#slotOf(index)] ?? NaN;
  }

  /**
   * Value of sample `index`; 0 is the oldest.
   * @throws RangeError outside [0, length).
   */
  valueAt(index: number): number {
    return this.#values[this.#slotOf(index)] ?? NaN;
  }

  /** Forgets every sample strictly older than `timeMillis`. */
  dropBefore(timeMillis: number): void {
    while (this.#length > 0 && (this.#times[this.#start] ?? NaN) < timeMillis) {
      this.#start = this.#start + 1 === this.capacity ? 0 : this.#start + 1;
      this.#length -= 1;
    }
  }

  /** Copies the samples, oldest first, into arrays of at least `length` elements; returns how many were copied. */
  copyTo(times: Float64Array, values: Float64Array): number {
    for (let index = 0; index < this.#length; index++) {
      const slot = this.#slotOf(index);
      times[index] = this.#times[slot] ?? NaN;
      values[index] = this.#values[slot] ?? NaN;
    }
    return this.#length;
  }

  /** Empties the series; the latest time seen is forgotten too. */
  clear(): void {
    this.#start = 0;
    this.#length = 0;
    this.#latestMillis = -Infinity;
  }

  #sampleAt(index: number): TimedValue {
    return { timeMillis: this.timeAt(index), value: this.valueAt(index) };
  }

  #slotOf(index: number): number {
    if (!Number.isInteger(index) || index < 0 || index >= this.#length) {
      throw new RangeError(`RingSeries: index must be a whole number in [0, ${this.#length}), got ${index}`);
    }
    const slot = this.#start + index;
    return slot >= this.capacity ? slot - this.capacity : slot;
  }
}
