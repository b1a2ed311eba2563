import { GC_TYPES } from 'otel-runtime-kit/gc';
import type { GcPause, GcType } from 'otel-runtime-kit/gc';
import type { GcCount } from './gc-summary.js';
import { byGcType } from './by-gc-type.js';

/** Over all types, and of each type alone; frozen. */
export interface PauseCountsTold {
  readonly total: GcCount;
  readonly byType: Readonly<Record<GcType, GcCount>>;
}

/** Counts and times of collections. Never fall, as a counter must not. */
export class PauseCounts {
  readonly #byType = byGcType(() => ({ count: 0, pauseSeconds: 0 }));
  /** As last told, while nothing has come since: most ticks of a quiet process see no collection. */
  #told: PauseCountsTold | undefined;

  add({ type, seconds }: GcPause): void {
    this.#told = undefined;
    const counted = this.#byType[type];
    counted.count += 1;
    counted.pauseSeconds += seconds;
  }

  /** As of now. */
  read(): PauseCountsTold {
    return (this.#told ??= {
      total: this.#total(),
      byType: byGcType(type => Object.freeze({ ...this.#byType[type] })),
    });
  }

  #total(): GcCount {
    let count = 0;
    let pauseSeconds = 0;
    for (const type of GC_TYPES) {
      count += this.#byType[type].count;
      pauseSeconds += this.#byType[type].pauseSeconds;
    }
    return Object.freeze({ count, pauseSeconds });
  }
}
