import { WindowQuantile } from 'otel-runtime-kit/window';
import type { GcPauses } from './gc-summary.js';

/** What is said of a window in which nothing was collected. */
export const NO_PAUSES: GcPauses = Object.freeze({ count: 0, p95Seconds: null, maxSeconds: null });

/** Pauses during the sliding window: P95 within 0.5 % of the exact order statistic, the maximum exact. */
export class PauseWindow {
  readonly #quantiles: WindowQuantile;

  constructor(windowMillis: number) {
    this.#quantiles = new WindowQuantile({ windowMillis });
  }

  add(endMillis: number, seconds: number): void {
    this.#quantiles.add(endMillis, seconds);
  }

  read(nowMillis: number): GcPauses {
    // The last rank is the exact maximum: one pass over the window gives both.
    const [p95Seconds, maxSeconds] = this.#quantiles.quantiles([0.95, 1], nowMillis) ?? [];
    if (p95Seconds === undefined || maxSeconds === undefined) return NO_PAUSES;
    return Object.freeze({ count: this.#quantiles.count(nowMillis), p95Seconds, maxSeconds });
  }
}
