import type { GcPause, GcType } from 'otel-runtime-kit/gc';
import type { GcCount } from './gc-summary.js';
import { byGcType } from './by-gc-type.js';

/** Over all types, and of each type alone; frozen. */
export interface PauseCountsTold {
  readonly total: GcCount;
  readonly byType: Readonly<Record<GcType, GcCount>>;
}

const NONE: GcCount = Object.freeze({ count: 0, pauseSeconds: 0 });

/** Counts and times of collections. Never fall, as a counter must not. */
export class PauseCounts {
  // Made anew with each collection, and so ready at each tick: most of them have seen none.
  #total = NONE;
  #byType = byGcType(() => NONE);

  add({ type, seconds }: GcPause): void {
    this.#total = withOneMore(this.#total, seconds);
    this.#byType = Object.freeze({ ...this.#byType, [type]: withOneMore(this.#byType[type], seconds) });
  }

  /** As of now. */
  read(): PauseCountsTold {
    return { total: this.#total, byType: this.#byType };
  }
}

function withOneMore({ count, pauseSeconds }: GcCount, seconds: number): GcCount {
  return Object.freeze({ count: count + 1, pauseSeconds: pauseSeconds + seconds });
}
