import fc from 'fast-check';

/** The slot rule on an array that keeps everything; slots of whole milliseconds, so that nothing is rounded. */
export class NaiveWindow {
  readonly #slotMillis: number;
  readonly #slotCount: number;
  readonly #all: { timeMillis: number; value: number }[] = [];
  #latestMillis = 0;

  constructor(slotMillis: number, slotCount: number) {
    this.#slotMillis = slotMillis;
    this.#slotCount = slotCount;
  }

  add(nowMillis: number, value: number): void {
    this.#latestMillis = Math.max(this.#latestMillis, nowMillis);
    this.#all.push({ timeMillis: this.#latestMillis, value });
  }

  live(nowMillis: number): number[] {
    this.#latestMillis = Math.max(this.#latestMillis, nowMillis);
    const slotStart = this.#latestMillis - (this.#latestMillis % this.#slotMillis);
    const liveFrom = slotStart - (this.#slotCount - 1) * this.#slotMillis;
    return this.#all.filter(({ timeMillis }) => timeMillis >= liveFrom).map(({ value }) => value);
  }
}

export interface Step {
  readonly stepMillis: number;
  readonly value: number;
}

/** Times that stay, creep, jump by whole slots and windows, sleep for days, and go backwards. */
export function steps(value: fc.Arbitrary<number>, maxLength = 120): fc.Arbitrary<Step[]> {
  const stepMillis = fc.oneof(
    { weight: 3, arbitrary: fc.constant(0) },
    { weight: 8, arbitrary: fc.nat({ max: 60 }) },
    { weight: 3, arbitrary: fc.nat({ max: 12 }).map(n => n * 50) },
    { weight: 1, arbitrary: fc.nat({ max: 1_000_000_000 }) },
    { weight: 2, arbitrary: fc.integer({ min: -2000, max: -1 }) },
  );
  return fc.array(fc.record({ stepMillis, value }), { maxLength });
}

/** Slot lengths and counts, 1 included. */
export const slotShape = fc.record({
  slotMillis: fc.constantFrom(1, 7, 50, 100),
  slotCount: fc.integer({ min: 1, max: 12 }),
});
