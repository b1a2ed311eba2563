import type { Meter } from '@opentelemetry/api';
import { MeterInstrumentation, bindWatch } from 'otel-runtime-kit/otel';
import type { Unbind } from 'otel-runtime-kit/otel';
import { MemoryWatch } from './memory-watch.js';
import { observations } from './observations.js';
import { resolveMemoryMetricsOptions } from './options.js';
import type { MemoryMetricsOptions, ResolvedMemoryMetricsOptions } from './options.js';
import { hostPlatform } from './platform.js';
import type { MemoryPlatform } from './platform.js';
import { EMPTY_SNAPSHOT } from './snapshot.js';
import type { MemorySnapshot } from './snapshot.js';
import { VERSION } from './version.js';

const NAME = 'otel-memory-metrics';

/**
 * Emits what memory the process, its heap and its container use, how fast they grow, and when they reach their limits.
 *
 * Constructing it starts nothing: give it to NodeSDK or `registerInstrumentations`, or call
 * {@link MeterInstrumentation.setMeterProvider}. In a worker thread it emits what belongs to the thread's own heap.
 */
export class MemoryMetricsInstrumentation extends MeterInstrumentation<
  MemoryMetricsOptions,
  ResolvedMemoryMetricsOptions
> {
  readonly #platform: MemoryPlatform;
  #watch: MemoryWatch | undefined;

  /**
   * @param platform the machine, replaceable for tests
   * @throws TypeError or RangeError for an option that does not exist or cannot be, naming package, option and value
   */
  constructor(options: MemoryMetricsOptions = {}, platform: MemoryPlatform = hostPlatform()) {
    super(NAME, VERSION, options, resolveMemoryMetricsOptions, platform.runtime.readings);
    this.#platform = platform;
  }

  /** What the latest readings found; reads nothing itself. Empty before the first start. */
  snapshot(): MemorySnapshot {
    return this.#watch?.snapshot ?? EMPTY_SNAPSHOT;
  }

  protected override bindTo(meter: Meter, options: ResolvedMemoryMetricsOptions): Unbind {
    const watch = new MemoryWatch({ options, platform: this.#platform, problems: this.problems });
    this.#watch = watch;
    return bindWatch(
      meter,
      watch,
      observations(() => watch.snapshot, watch.capabilities, options),
    );
  }
}
