import type { LiveHeap } from 'otel-runtime-kit/gc';
import { GrowthTrend } from './growth-trend.js';
import { LiveHeapTrend } from './live-heap-trend.js';
import type { MemorySignal } from './snapshot.js';

/** A window that is short for its interval is widened to this many samples: fewer never make a trend. */
const LEAST_SAMPLES = 12;

/** The values of one moment; `null` where there is none. */
export interface TrendSample {
  readonly rss: number | null;
  readonly external: number | null;
  readonly native: number | null;
  /** Working set of the container. */
  readonly container: number | null;
  readonly liveHeap: LiveHeap | undefined;
}

/** Growth in bytes per second; `null` while there is too little evidence, and where there is no value now. */
export type Growth = Readonly<Record<MemorySignal | 'container', number | null>>;

/** The trends of everything that can grow. */
export class MemoryTrends {
  readonly #rss: GrowthTrend;
  readonly #external: GrowthTrend;
  readonly #native: GrowthTrend;
  readonly #container: GrowthTrend;
  readonly #liveHeap: LiveHeapTrend;

  constructor(options: { readonly trendWindowMillis: number; readonly sampleIntervalMillis: number }) {
    const windowMillis = Math.max(options.trendWindowMillis, LEAST_SAMPLES * options.sampleIntervalMillis);
    this.#rss = new GrowthTrend(windowMillis);
    this.#external = new GrowthTrend(windowMillis);
    this.#native = new GrowthTrend(windowMillis);
    this.#container = new GrowthTrend(windowMillis);
    this.#liveHeap = new LiveHeapTrend(windowMillis);
  }

  /** Takes a sample, and tells how all of it grows. */
  update(nowMillis: number, sample: TrendSample): Growth {
    this.#liveHeap.update(nowMillis, sample.liveHeap);
    return {
      rss: growth(this.#rss, nowMillis, sample.rss),
      heap_live: this.#liveHeap.slopePerSecond(nowMillis),
      external: growth(this.#external, nowMillis, sample.external),
      native: growth(this.#native, nowMillis, sample.native),
      container: growth(this.#container, nowMillis, sample.container),
    };
  }
}

function growth(trend: GrowthTrend, nowMillis: number, value: number | null): number | null {
  if (value === null) return null;
  trend.add(nowMillis, value);
  return trend.slopePerSecond();
}
