import type { LiveHeap } from 'otel-runtime-kit/gc';
import { GrowthTrend } from './growth-trend.js';

/** Growth of the live heap: one sample for each major collection, however seldom they come. */
export class LiveHeapTrend {
  readonly #trend: GrowthTrend;
  readonly #windowMillis: number;
  #collectedMillis: number | undefined;
  #seenMillis = -Infinity;

  constructor(windowMillis: number) {
    this.#trend = new GrowthTrend(windowMillis);
    this.#windowMillis = windowMillis;
  }

  /** Takes the heap as the latest major collection left it; the same one again is no new sample. */
  update(nowMillis: number, live: LiveHeap | undefined): void {
    if (live === undefined || live.atMillis === this.#collectedMillis) return;
    this.#collectedMillis = live.atMillis;
    this.#seenMillis = nowMillis;
    this.#trend.add(live.atMillis, live.usedBytes);
  }

  /**
   * `null` while there is too little evidence. 0 once a whole window has gone by without a major collection: a heap
   * that grows needs them, and the slope of a load that is long over would stand for ever.
   */
  slopePerSecond(nowMillis: number): number | null {
    const slopePerSecond = this.#trend.slopePerSecond();
    return slopePerSecond === null || nowMillis - this.#seenMillis <= this.#windowMillis ? slopePerSecond : 0;
  }
}
