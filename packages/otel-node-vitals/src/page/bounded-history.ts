/** A history as JSON: times, and one column of numbers per series; `null` is a number that was not known. */
export interface HistoryRows {
  /** Samples that each point stands for. */
  readonly samplesPerPoint: number;
  /** Samples in the last point, which is still filling. */
  readonly samplesInLast: number;
  /** Milliseconds since the Unix epoch. */
  readonly times: readonly number[];
  readonly columns: readonly (readonly (number | null)[])[];
}

/**
 * Samples of a few numbers in a fixed amount of memory, oldest first: 8 bytes a point for its time and 4 for each number.
 *
 * When it is full, it either forgets the oldest point (`slide`), or puts each two neighbours together so that a point
 * stands for twice as many samples from then on (`thin`): then it covers everything since the start, with between
 * half of its capacity and all of it. The page in the browser keeps its copy in the same class.
 */
export class BoundedHistory {
  readonly #capacity: number;
  readonly #whenFull: 'slide' | 'thin';
  readonly #peaks: readonly boolean[];
  readonly #times: Float64Array;
  readonly #columns: readonly Float32Array[];
  #length = 0;
  #samplesPerPoint = 1;
  #samplesInLast = 0;

  /** @param peaks for each column whether two samples put together give the larger one, or else their mean */
  constructor(capacity: number, whenFull: 'slide' | 'thin', peaks: readonly boolean[]) {
    this.#capacity = capacity;
    this.#whenFull = whenFull;
    this.#peaks = peaks;
    this.#times = new Float64Array(capacity);
    this.#columns = peaks.map(() => new Float32Array(capacity));
  }

  get length(): number {
    return this.#length;
  }

  push(timeMillis: number, row: readonly number[]): void {
    if (this.#length > 0 && this.#samplesInLast < this.#samplesPerPoint) {
      const last = this.#length - 1;
      const weight = this.#samplesInLast;
      this.#times[last] = timeMillis;
      this.#columns.forEach((column, index) => {
        column[last] = together(column[last] ?? NaN, weight, row[index] ?? NaN, 1, this.#peaks[index]);
      });
      this.#samplesInLast += 1;
      return;
    }
    if (this.#length === this.#capacity) this.#makeRoom();
    const next = this.#length;
    this.#times[next] = timeMillis;
    this.#columns.forEach((column, index) => {
      column[next] = row[index] ?? NaN;
    });
    this.#length += 1;
    this.#samplesInLast = 1;
  }

  /** The latest `count` points, or all. */
  rows(count = this.#length): HistoryRows {
    const from = Math.max(0, this.#length - count);
    return {
      samplesPerPoint: this.#samplesPerPoint,
      samplesInLast: this.#samplesInLast,
      times: [...this.#times.subarray(from, this.#length)],
      columns: this.#columns.map(column => Array.from(column.subarray(from, this.#length), numberOrNull)),
    };
  }

  /** Becomes a copy of another history's {@link rows}. */
  restore({ times, columns, samplesPerPoint, samplesInLast }: HistoryRows): void {
    const kept = Math.min(times.length, this.#capacity);
    this.#times.set(times.slice(times.length - kept));
    this.#columns.forEach((column, index) => {
      const values = columns[index] ?? [];
      column.set(values.slice(values.length - kept).map(value => value ?? NaN));
    });
    this.#length = kept;
    this.#samplesPerPoint = samplesPerPoint;
    this.#samplesInLast = samplesInLast;
  }

  #makeRoom(): void {
    if (this.#whenFull === 'slide') {
      this.#times.copyWithin(0, 1);
      for (const column of this.#columns) column.copyWithin(0, 1);
      this.#length -= 1;
      return;
    }
    const pairs = Math.floor(this.#length / 2);
    for (let pair = 0; pair < pairs; pair++) {
      this.#times[pair] = this.#times[2 * pair + 1] ?? NaN;
      this.#columns.forEach((column, index) => {
        const [first, second] = [column[2 * pair] ?? NaN, column[2 * pair + 1] ?? NaN];
        column[pair] = together(first, 1, second, 1, this.#peaks[index]);
      });
    }
    this.#length = pairs;
    this.#samplesPerPoint *= 2;
  }
}

/** Two values, each for so many samples, as one. What is not known does not count. */
function together(a: number, weightA: number, b: number, weightB: number, peak = false): number {
  if (Number.isNaN(a)) return b;
  if (Number.isNaN(b)) return a;
  return peak ? Math.max(a, b) : (a * weightA + b * weightB) / (weightA + weightB);
}

/** Seven digits, which is what 32 bits hold: the rest would only be noise in the JSON. */
function numberOrNull(value: number): number | null {
  return Number.isNaN(value) ? null : Number(value.toPrecision(7));
}
