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
  /** How often it has become another container: its trend begins anew then, or the step would pass for growth. */
  readonly containerMoves: number;
  readonly liveHeap: LiveHeap | undefined;
}

/**
 * Growth in bytes per second; `null` while there is too little evidence. Once it was known, 0 stands for "not known any
 * more": the SDK repeats a series that is no longer observed for ever (open-telemetry/opentelemetry-js#4096), and an old slope
 * would announce an end that is not coming.
 */
export type Growth = Readonly<Record<MemorySignal | 'container', number | null>>;

/** The trends of everything that can grow. */
export class MemoryTrends {
  readonly #rss: GrowthTrend;
  readonly #external: GrowthTrend;
  readonly #native: GrowthTrend;
  #container: GrowthTrend;
  #containerMoves = 0;
  readonly #liveHeap: LiveHeapTrend;
  readonly #known = new Set<keyof Growth>();
  readonly #windowMillis: number;

  constructor(options: { readonly trendWindowMillis: number; readonly sampleIntervalMillis: number }) {
    const windowMillis = Math.max(options.trendWindowMillis, LEAST_SAMPLES * options.sampleIntervalMillis);
    this.#windowMillis = windowMillis;
    this.#rss = new GrowthTrend(windowMillis);
    this.#external = new GrowthTrend(windowMillis);
    this.#native = new GrowthTrend(windowMillis);
    this.#container = new GrowthTrend(windowMillis);
    this.#liveHeap = new LiveHeapTrend(windowMillis);
  }

  /** Takes a sample, and tells how all of it grows. */
  update(nowMillis: number, sample: TrendSample): Growth {
    this.#liveHeap.update(sample.liveHeap);
    if (sample.containerMoves !== this.#containerMoves) {
      this.#containerMoves = sample.containerMoves;
      this.#container = new GrowthTrend(this.#windowMillis);
    }
    return {
      rss: this.#lasting('rss', growth(this.#rss, nowMillis, sample.rss)),
      heap_live: this.#lasting('heap_live', this.#liveHeap.slopePerSecond(nowMillis)),
      external: this.#lasting('external', growth(this.#external, nowMillis, sample.external)),
      native: this.#lasting('native', growth(this.#native, nowMillis, sample.native)),
      container: this.#lasting('container', growth(this.#container, nowMillis, sample.container)),
    };
  }

  #lasting(name: keyof Growth, slopePerSecond: number | null): number | null {
    if (slopePerSecond !== null) this.#known.add(name);
    return slopePerSecond ?? (this.#known.has(name) ? 0 : null);
  }
}

function growth(trend: GrowthTrend, nowMillis: number, value: number | null): number | null {
  if (value === null) return null;
  trend.add(nowMillis, value);
  return trend.slopePerSecond();
}
