import type { GcPause, GcType, LiveHeap } from 'otel-runtime-kit/gc';
import type { Cancel, ProblemSink } from 'otel-runtime-kit/sampling';
import { byGcType } from './by-gc-type.js';
import { EMPTY_SUMMARY } from './empty-summary.js';
import type { GcHeapEffects, GcSummary } from './gc-summary.js';
import { UTILIZATION_WINDOWS_MILLIS } from './metric-definitions.js';
import type { ResolvedGcOptions } from './options.js';
import type { PauseCounts } from './pause-counts.js';
import { PauseShare } from './pause-share.js';
import { NO_PAUSES, PauseWindow } from './pause-window.js';
import type { GcInstrumentationPlatform } from './platform.js';

/** A window must not forget a pause before a tick has seen it. */
const LEAST_SAMPLES = 2;

/** What a {@link GcWatch} works with. */
export interface GcWatchOptions {
  readonly options: ResolvedGcOptions;
  readonly platform: GcInstrumentationPlatform;
  readonly counts: PauseCounts;
  readonly problems: ProblemSink;
  /** Called with each pause, after it was counted. */
  readonly record: (pause: GcPause) => void;
}

/** From the source of collections to the summary: owns its subscription, windows and tick while it is started. */
export class GcWatch {
  /** Whether what collections do to the heap is wanted and can be had. */
  readonly measuresHeapEffects: boolean;
  readonly #with: GcWatchOptions;
  readonly #windowMillis: number;
  readonly #pauses: PauseWindow;
  readonly #pausesByType = new Map<GcType, PauseWindow>();
  readonly #lastMinute: PauseShare;
  readonly #lastFiveMinutes: PauseShare;
  #tasks: Cancel[] = [];
  #limitOf: { readonly heap: LiveHeap; readonly bytes: number | null } | undefined;
  #summary: GcSummary = EMPTY_SUMMARY;

  constructor(watch: GcWatchOptions) {
    this.#with = watch;
    const { options, platform } = watch;
    this.measuresHeapEffects = options.heapEffects && platform.runtime.gc.measuresHeapEffects;
    this.#windowMillis = Math.max(options.pauseWindowMillis, LEAST_SAMPLES * options.sampleIntervalMillis);
    this.#pauses = new PauseWindow(this.#windowMillis);
    const startMillis = platform.runtime.clock.nowMillis();
    this.#lastMinute = new PauseShare(UTILIZATION_WINDOWS_MILLIS['1m'], startMillis);
    this.#lastFiveMinutes = new PauseShare(UTILIZATION_WINDOWS_MILLIS['5m'], startMillis);
  }

  /** As of the latest tick. */
  get summary(): GcSummary {
    return this.#summary;
  }

  /** Takes a first summary and goes on at its interval. */
  start(): void {
    const { options, platform } = this.#with;
    const { gc, sampler } = platform.runtime;
    const intervalMillis = options.sampleIntervalMillis;
    // In this order: what the source drains at a tick is in the summary of the same tick.
    this.#tasks.push(
      gc.subscribe({ intervalMillis, wantsHeapEffects: this.measuresHeapEffects, onPause: this.#take }),
    );
    this.#tasks.push(sampler.add({ intervalMillis, run: this.#summarize }));
  }

  /** Stops: no further pause is counted. The latest summary stays. */
  stop(): void {
    for (const cancel of this.#tasks.splice(0).reverse()) cancel();
  }

  readonly #take = (pause: GcPause): void => {
    const { options, platform, counts, record } = this.#with;
    const { type, startMillis, seconds } = pause;
    const endMillis = Math.min(startMillis + seconds * 1000, platform.runtime.clock.nowMillis());
    counts.add(pause);
    this.#pauses.add(endMillis, seconds);
    if (options.pauseByType) this.#windowOf(type).add(endMillis, seconds);
    this.#lastMinute.add(endMillis, seconds);
    this.#lastFiveMinutes.add(endMillis, seconds);
    // Last: the meter is the host's code.
    record(pause);
  };

  /** Made when it is first needed: each takes 91 kB, and most processes never see some of the types. */
  #windowOf(type: GcType): PauseWindow {
    let window = this.#pausesByType.get(type);
    if (window === undefined) this.#pausesByType.set(type, (window = new PauseWindow(this.#windowMillis)));
    return window;
  }

  readonly #summarize = (nowMillis: number): void => {
    const { platform, problems } = this.#with;
    const summary = platform.runtime.readings.run('gc.summary', () => this.#summaryAt(nowMillis), problems);
    if (summary !== undefined) this.#summary = summary;
  };

  #summaryAt(nowMillis: number): GcSummary {
    const { options, platform, counts } = this.#with;
    const { clock, gc } = platform.runtime;
    const heap = gc.liveHeap;
    const limitBytes = heap === undefined ? null : this.#limitAt(heap);
    return Object.freeze({
      takenAtMillis: clock.epochMillis(),
      ...counts.read(),
      forced: gc.forcedGcs,
      pauses: this.#pauses.read(nowMillis),
      pausesByType: options.pauseByType
        ? byGcType(type => this.#pausesByType.get(type)?.read(nowMillis) ?? NO_PAUSES)
        : null,
      utilization: Object.freeze({
        '1m': this.#lastMinute.read(nowMillis),
        '5m': this.#lastFiveMinutes.read(nowMillis),
      }),
      heapEffects: this.measuresHeapEffects ? this.#heapEffects() : null,
      liveHeapBytes: heap?.usedBytes ?? null,
      liveHeapUtilization: heap === undefined || limitBytes === null ? null : heap.usedBytes / limitBytes,
      majorAgeSeconds: heap === undefined ? null : Math.max(0, nowMillis - heap.atMillis) / 1000,
      source: Object.freeze({ ...gc.state }),
    });
  }

  #heapEffects(): GcHeapEffects {
    const { totals } = this.#with.platform.runtime.gc;
    return Object.freeze(totals);
  }

  /** Asked once for each live heap: it is a share of the limit that held then, and seldom changes. */
  #limitAt(heap: LiveHeap): number | null {
    if (this.#limitOf?.heap.atMillis === heap.atMillis) return this.#limitOf.bytes;
    const { platform, problems } = this.#with;
    let bytes: number | null = null;
    try {
      bytes = platform.heapLimitBytes();
    } catch (thrown) {
      platform.runtime.readings.fail('gc.summary', thrown, problems);
    }
    this.#limitOf = { heap, bytes };
    return bytes;
  }
}
