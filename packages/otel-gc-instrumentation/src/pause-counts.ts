import { GC_TYPES } from 'otel-runtime-kit/gc';
import type { GcPause, GcType } from 'otel-runtime-kit/gc';
import type { GcCount } from './gc-summary.js';
import { byGcType } from './by-gc-type.js';

/** Counts and times of collections. Never fall, as a counter must not. */
export class PauseCounts {
  readonly #byType = byGcType(() => ({ count: 0, pauseSeconds: 0 }));

  add({ type, seconds }: GcPause): void {
    const counted = this.#byType[type];
    counted.count += 1;
    counted.pauseSeconds += seconds;
  }

  /** Over all types, as of now. */
  total(): GcCount {
    let count = 0;
    let pauseSeconds = 0;
    for (const type of GC_TYPES) {
      count += this.#byType[type].count;
      pauseSeconds += this.#byType[type].pauseSeconds;
    }
    return Object.freeze({ count, pauseSeconds });
  }

  /** Each type alone, as of now. */
  byType(): Readonly<Record<GcType, GcCount>> {
    return byGcType(type => Object.freeze({ ...this.#byType[type] }));
  }
}
