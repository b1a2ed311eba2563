import type { Meter } from '@opentelemetry/api';
import { MeterInstrumentation, bindWatch } from 'otel-runtime-kit/otel';
import type { Unbind } from 'otel-runtime-kit/otel';
import { EMPTY_SUMMARY } from './empty-summary.js';
import type { GcSummary } from './gc-summary.js';
import { GcWatch } from './gc-watch.js';
import { observations } from './observations.js';
import { resolveGcOptions } from './options.js';
import type { GcOptions, ResolvedGcOptions } from './options.js';
import { PauseCounts } from './pause-counts.js';
import { PauseRecorder } from './pause-recorder.js';
import { hostPlatform } from './platform.js';
import type { GcInstrumentationPlatform } from './platform.js';
import { VERSION } from './version.js';

/**
 * Emits what garbage collection costs and does: every pause, P95, maximum, share of the time, bytes reclaimed, promoted and
 * allocated, and the heap that is really in use.
 *
 * Constructing it starts nothing: give it to NodeSDK or `registerInstrumentations`, or call
 * {@link MeterInstrumentation.setMeterProvider}. It speaks for the thread that it runs in: each worker thread has a heap
 * and collections of its own.
 */
export class GcInstrumentation extends MeterInstrumentation<GcOptions, ResolvedGcOptions> {
  readonly #platform: GcInstrumentationPlatform;
  /** Kept over restarts: a counter must not fall because the options or the meter provider changed. */
  readonly #counts = new PauseCounts();
  #watch: GcWatch | undefined;

  /**
   * @param platform the isolate, replaceable for tests
   * @throws TypeError or RangeError for an option that does not exist or cannot be, naming package, option and value
   */
  constructor(options: GcOptions = {}, platform: GcInstrumentationPlatform = hostPlatform()) {
    super('otel-gc-instrumentation', VERSION, options, resolveGcOptions, platform.runtime.readings);
    this.#platform = platform;
  }

  /** What garbage collection has cost and done, as of the latest tick; reads nothing itself. Empty before the first start. */
  summary(): GcSummary {
    return this.#watch?.summary ?? EMPTY_SUMMARY;
  }

  protected override bindTo(meter: Meter, options: ResolvedGcOptions): Unbind {
    const recorder = options.v8js ? new PauseRecorder(meter, options.buckets) : undefined;
    const watch = new GcWatch({
      options,
      platform: this.#platform,
      counts: this.#counts,
      problems: this.problems,
      record: pause => recorder?.record(pause),
    });
    this.#watch = watch;
    const recorded = {
      start: () => {
        watch.start();
      },
      stop: () => {
        recorder?.stop();
        watch.stop();
      },
    };
    return bindWatch(
      meter,
      recorded,
      observations(() => watch.summary, watch.measuresHeapEffects),
    );
  }
}
