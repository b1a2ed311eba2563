import { diag } from '@opentelemetry/api';
import type { Meter } from '@opentelemetry/api';
import { MeterInstrumentation, bindWatch, observeNumber, observeNumberBy } from 'otel-runtime-kit/otel';
import type { ObservableBinding, Unbind } from 'otel-runtime-kit/otel';
import { CONNECTION_STATES } from './connection-states.js';
import { FD_KINDS } from './descriptor-kind.js';
import { DescriptorPressure } from './descriptor-pressure.js';
import type { FdPressure } from './descriptor-pressure.js';
import { DescriptorWatch } from './descriptor-watch.js';
import {
  ATTR_CONNECTION_STATE,
  ATTR_FD_KIND,
  ATTR_FD_LIMIT_TYPE,
  metricDefinitions,
} from './metric-definitions.js';
import { resolveFdWatchOptions } from './options.js';
import type { FdWatchOptions, ResolvedFdWatchOptions } from './options.js';
import { hostPlatform } from './platform.js';
import type { FdPlatform } from './platform.js';
import { EMPTY_SNAPSHOT } from './snapshot.js';
import type { FdSnapshot } from './snapshot.js';
import { VERSION } from './version.js';

const NAME = 'otel-fd-watch';

/**
 * Emits how many file descriptors the process has open, of which kind, how fast they grow, and when they run out.
 *
 * Constructing it starts nothing: give it to NodeSDK or `registerInstrumentations`, or call
 * {@link MeterInstrumentation.setMeterProvider}. Only the main thread emits; in a worker thread it does nothing.
 */
export class FdWatchInstrumentation extends MeterInstrumentation<FdWatchOptions, ResolvedFdWatchOptions> {
  readonly #platform: FdPlatform;
  #watch: DescriptorWatch | undefined;
  #pressure: { readonly options: ResolvedFdWatchOptions; readonly state: DescriptorPressure } | undefined;

  /**
   * @param platform the machine, replaceable for tests
   * @throws TypeError or RangeError for an option that does not exist or cannot be, naming package, option and value
   */
  constructor(options: FdWatchOptions = {}, platform: FdPlatform = hostPlatform()) {
    super(NAME, VERSION, options, resolveFdWatchOptions, platform.runtime.readings);
    this.#platform = platform;
  }

  /** What the latest readings found; reads nothing itself. Empty before the first start. */
  snapshot(): FdSnapshot {
    return this.#watch?.snapshot ?? EMPTY_SNAPSHOT;
  }

  protected override bindTo(meter: Meter, options: ResolvedFdWatchOptions): Unbind {
    if (!this.#platform.isMainThread) {
      diag.debug(`${NAME}: descriptors belong to the process, so only its main thread emits them`);
      return () => {};
    }
    const watch = new DescriptorWatch({
      options,
      platform: this.#platform,
      pressure: this.#pressureOf(options),
      problems: this.problems,
      onPressure: pressure => {
        this.#warn(options, pressure);
      },
    });
    this.#watch = watch;
    if (!watch.capabilities.count) this.problems.report('no count', 'descriptors cannot be counted here');
    return bindWatch(meter, watch, observations(watch));
  }

  /** Kept while the thresholds stay the same: another meter provider or another callback is no new crossing. */
  #pressureOf(options: ResolvedFdWatchOptions): DescriptorPressure {
    const { warnAtRatio, warnAtCount } = options;
    const kept = this.#pressure;
    if (kept?.options.warnAtRatio === warnAtRatio && kept.options.warnAtCount === warnAtCount)
      return kept.state;
    this.#pressure = { options, state: new DescriptorPressure(options) };
    return this.#pressure.state;
  }

  /** Tells the host. The logger and the callback are its own code, and may do anything. */
  #warn({ onPressure }: ResolvedFdWatchOptions, pressure: FdPressure): void {
    const { readings } = this.#platform.runtime;
    const guarded = (tell: () => unknown): void => {
      readings.run(
        'fd.on_pressure',
        () => {
          // An async callback that rejects would end the host as an unhandled rejection.
          Promise.resolve(tell()).catch((thrown: unknown) => {
            readings.fail('fd.on_pressure', thrown, this.problems);
          });
        },
        this.problems,
      );
    };
    guarded(() => {
      diag.warn(`${NAME}: ${pressure.message}`);
    });
    if (onPressure !== undefined) guarded(() => onPressure(pressure));
  }
}

/** What each instrument reports: pure reads of the watch's snapshot. */
function observations(watch: DescriptorWatch): ObservableBinding[] {
  const { count, limit, kinds, connections } = watch.capabilities;
  const latest = (): FdSnapshot => watch.snapshot;
  const all: [boolean, ObservableBinding][] = [
    [count, observeNumber(latest, metricDefinitions.count, snapshot => snapshot.open)],
    [count, observeNumber(latest, metricDefinitions.growth, snapshot => snapshot.growthPerSecond)],
    [
      limit,
      observeNumberBy(
        latest,
        metricDefinitions.limit,
        ATTR_FD_LIMIT_TYPE,
        ['soft', 'hard'],
        snapshot => snapshot.limit,
      ),
    ],
    [count && limit, observeNumber(latest, metricDefinitions.utilization, snapshot => snapshot.utilization)],
    [
      count && limit,
      // Without a count or a limit there is no time to it: 7 days would be a guess.
      observeNumber(latest, metricDefinitions.timeToLimit, snapshot =>
        snapshot.open === null || snapshot.limit.soft === null ? null : snapshot.timeToLimitSeconds,
      ),
    ],
    [
      kinds,
      observeNumberBy(latest, metricDefinitions.open, ATTR_FD_KIND, FD_KINDS, snapshot => snapshot.byKind),
    ],
    [
      connections,
      observeNumberBy(
        latest,
        metricDefinitions.connections,
        ATTR_CONNECTION_STATE,
        CONNECTION_STATES,
        snapshot => snapshot.connections,
      ),
    ],
  ];
  return all.filter(([present]) => present).map(([, binding]) => binding);
}
