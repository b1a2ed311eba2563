import type { LiveHeap } from 'otel-runtime-kit/gc';
import { GrowthTrend } from './growth-trend.js';

/** How much longer the second window is: major collections 10 to 30 minutes apart leave too little in the first. */
const LONG_WINDOWS = 8;

/** A heap that grows is collected about as often as before: with none for this many times as long, it does not grow. */
const OVERDUE_SPACINGS = 2.5;

/**
 * Growth of the live heap: one sample for each major collection, however seldom they come. Where there are too few in the
 * trend window, those of a window eight times as long count.
 */
export class LiveHeapTrend {
  readonly #trend: GrowthTrend;
  readonly #longTrend: GrowthTrend;
  readonly #windowMillis: number;
  #collectedMillis: number | undefined;
  #spacingMillis = 0;

  constructor(windowMillis: number) {
    this.#trend = new GrowthTrend(windowMillis);
    this.#longTrend = new GrowthTrend(windowMillis * LONG_WINDOWS, windowMillis);
    this.#windowMillis = windowMillis;
  }

  /** Takes the heap as the latest major collection left it; the same one again is no new sample. */
  update(live: LiveHeap | undefined): void {
    if (live === undefined || live.atMillis === this.#collectedMillis) return;
    if (this.#collectedMillis !== undefined) this.#spacingMillis = live.atMillis - this.#collectedMillis;
    this.#collectedMillis = live.atMillis;
    this.#trend.add(live.atMillis, live.usedBytes);
    this.#longTrend.add(live.atMillis, live.usedBytes);
  }

  /**
   * `null` while there is too little evidence. 0 once a major collection is overdue, by a whole window at least: the
   * slope of a load that is long over would stand for ever.
   */
  slopePerSecond(nowMillis: number): number | null {
    const slopePerSecond = this.#trend.slopePerSecond() ?? this.#longTrend.slopePerSecond();
    if (slopePerSecond === null || this.#collectedMillis === undefined) return null;
    const overdueMillis = Math.max(this.#windowMillis, OVERDUE_SPACINGS * this.#spacingMillis);
    return nowMillis - this.#collectedMillis <= overdueMillis ? slopePerSecond : 0;
  }
}
