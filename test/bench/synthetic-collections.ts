import type { FakeClock } from 'test-helpers/fake-clock';
import type { GcPerformanceEntry, GcPlatform, GcRecord } from './product-internals.js';

const [MINOR, MAJOR] = [1, 4];
const MEGABYTE = 1_000_000;

/** One collection in so many is a major one. */
const MAJOR_EVERY = 20;

/**
 * A garbage collector on a clock that is turned by hand, where the real one, with its real times, would make no sense:
 * each collection is announced as `PerformanceObserver` does, and recorded as `v8.GCProfiler` does.
 */
export class SyntheticCollections implements GcPlatform {
  readonly #clock: FakeClock;
  #onEntries: ((entries: readonly GcPerformanceEntry[]) => void) | undefined;
  #records: GcRecord[] = [];
  #collections = 0;
  /** Recordings that have aged, and wait for a major collection to take them. */
  #aged: (() => void)[] = [];

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  /** `count` collections now, in one batch. */
  collect(count: number): void {
    const entries = Array.from({ length: count }, () => {
      this.#collections += 1;
      const isMajor = this.#collections % MAJOR_EVERY === 0;
      this.#records.push(recordOf(isMajor));
      if (isMajor) for (const tell of this.#aged.splice(0)) tell();
      return {
        startTime: this.#clock.nowMillis(),
        duration: isMajor ? 5 : 0.8 + (this.#collections % 7) / 10,
        detail: { kind: isMajor ? MAJOR : MINOR, flags: 0 },
      };
    });
    this.#onEntries?.(entries);
  }

  observe(onEntries: (entries: readonly GcPerformanceEntry[]) => void): () => void {
    this.#onEntries = onEntries;
    return () => {
      this.#onEntries = undefined;
    };
  }

  readonly startRecording: NonNullable<GcPlatform['startRecording']> = () => {
    this.#records = [];
    return {
      stop: () => this.#records.splice(0),
      onCollected: tell => {
        this.#aged.push(tell);
      },
    };
  };

  usedHeapBytes(): number {
    return 30 * MEGABYTE + (this.#collections % MAJOR_EVERY) * MEGABYTE;
  }

  provokeMajorGc(): void {}
}

function recordOf(isMajor: boolean): GcRecord {
  const moment = (young: number, old: number): GcRecord['beforeGC'] => ({
    heapStatistics: { usedHeapSize: (young + old) * MEGABYTE },
    heapSpaceStatistics: [
      { spaceName: 'new_space', spaceUsedSize: young * MEGABYTE },
      { spaceName: 'old_space', spaceUsedSize: old * MEGABYTE },
    ],
  });
  return isMajor
    ? { gcType: 'MarkSweepCompact', cost: 5_000, beforeGC: moment(8, 60), afterGC: moment(1, 30) }
    : { gcType: 'Scavenge', cost: 800, beforeGC: moment(16, 30), afterGC: moment(1, 31) };
}
