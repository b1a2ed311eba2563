import type { FakeClock } from './fake-clock.js';

interface Entry {
  readonly startTime: number;
  readonly duration: number;
  readonly detail: { readonly kind: number; readonly flags: number };
}

/** A V8 whose collections the test makes. Has the shape of the kit's `GcPlatform`, without a profiler. */
export class FakeCollections {
  readonly #observers = new Set<(entries: readonly Entry[]) => void>();
  #clock: FakeClock | undefined;
  #made = 0;

  /** Goes by this clock from now on. */
  at(clock: FakeClock): this {
    this.#clock = clock;
    return this;
  }

  readonly observe = (onEntries: (entries: readonly Entry[]) => void): (() => void) => {
    this.#observers.add(onEntries);
    return () => {
      this.#observers.delete(onEntries);
    };
  };

  readonly usedHeapBytes = (): number => 10_000_000 + 1_000 * this.#made;

  readonly provokeMajorGc = (): void => {};

  /** A forced major collection of some milliseconds, each longer than the one before. */
  collect(): void {
    this.#made += 1;
    const entry = {
      startTime: this.#clock?.nowMillis() ?? 0,
      duration: 2 + this.#made,
      detail: { kind: 4, flags: 4 },
    };
    for (const onEntries of this.#observers) onEntries([entry]);
  }
}
