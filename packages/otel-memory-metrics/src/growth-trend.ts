import { RobustTrend } from 'otel-runtime-kit/trend';

/**
 * How much of the trend window there must be samples of before growth is spoken of: six minutes by default. A process
 * that has just started fills its caches, and those alone would announce the end of its memory.
 */
const EVIDENCE_SHARE = 0.2;

/** Growth of one number over the trend window, once there is evidence. */
export class GrowthTrend {
  readonly #trend: RobustTrend;
  readonly #neededMillis: number;

  /** @param evidenceOfMillis the window of which a fifth is evidence enough */
  constructor(windowMillis: number, evidenceOfMillis = windowMillis) {
    this.#trend = new RobustTrend({ windowMillis });
    this.#neededMillis = evidenceOfMillis * EVIDENCE_SHARE;
  }

  add(timeMillis: number, value: number): void {
    this.#trend.add(timeMillis, value);
  }

  /** `null` while there is too little evidence. */
  slopePerSecond(): number | null {
    if (this.#trend.spanMillis < this.#neededMillis) return null;
    return this.#trend.slopePerSecond() ?? null;
  }
}
