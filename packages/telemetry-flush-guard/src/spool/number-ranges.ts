/** A set of item numbers that is nearly always a few stretches. */
export class NumberRanges {
  /** Sorted, apart from each other: first and the one after the last. */
  #ranges: [first: number, end: number][] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(number: number): boolean {
    return this.#ranges.some(([first, end]) => number >= first && number < end);
  }

  /** Returns how many of them are new. */
  add(first: number, count: number): number {
    const before = this.#size;
    let [from, to] = [first, first + count];
    const kept: [number, number][] = [];
    for (const range of this.#ranges) {
      if (range[1] < from || range[0] > to) kept.push(range);
      else [from, to] = [Math.min(from, range[0]), Math.max(to, range[1])];
    }
    kept.push([from, to]);
    this.#ranges = kept.sort(([one], [other]) => one - other);
    this.#size = kept.reduce((sum, [start, end]) => sum + end - start, 0);
    return this.#size - before;
  }

  /** The numbers from `first` to before `end` that are not in it. */
  *missing(first: number, end: number): Generator<number> {
    let number = first;
    for (const [from, to] of this.#ranges) {
      for (; number < Math.min(from, end); number += 1) yield number;
      number = Math.max(number, to);
    }
    for (; number < end; number += 1) yield number;
  }
}
