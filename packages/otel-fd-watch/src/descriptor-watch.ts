import type { Cancel, ProblemSink } from 'otel-runtime-kit/sampling';
import { RobustTrend, SEVEN_DAYS_SECONDS, timeToLimitSeconds } from 'otel-runtime-kit/trend';
import { ConnectionTable } from './connection-states.js';
import { detectCounter } from './descriptor-count.js';
import type { DescriptorCounter } from './descriptor-count.js';
import { DescriptorDirectory } from './descriptor-directory.js';
import { hasReadableLinks } from './descriptor-links.js';
import { describePressure } from './descriptor-pressure.js';
import type { Crossing, DescriptorPressure, FdPressure } from './descriptor-pressure.js';
import { KindWatch } from './kind-watch.js';
import type { KindFindings } from './kind-watch.js';
import { LIMIT_INTERVAL_MILLIS, LimitReader } from './limit-reader.js';
import type { ResolvedFdWatchOptions } from './options.js';
import type { FdPlatform } from './platform.js';
import { EMPTY_SNAPSHOT } from './snapshot.js';
import type { FdSnapshot } from './snapshot.js';

/**
 * How much of the trend window there must be samples of before growth is spoken of: one minute by default. A process
 * that has just started opens its first connections, and those alone would announce the end of its descriptors.
 */
const EVIDENCE_SHARE = 0.2;

/** A window that is short for its interval is widened to this many samples: fewer never make a trend. */
const LEAST_SAMPLES = 12;

/**
 * Blocks of the trend: 10 s each by default, two samples. With one for each sample, its 1,770 slopes were half of all that
 * a tick costs.
 */
const TREND_BLOCKS = 30;

/** Which numbers can be had on this machine with these options. */
export interface FdCapabilities {
  readonly count: boolean;
  readonly limit: boolean;
  readonly kinds: boolean;
  readonly connections: boolean;
}

/** What a {@link DescriptorWatch} works with. */
export interface DescriptorWatchOptions {
  readonly options: ResolvedFdWatchOptions;
  readonly platform: FdPlatform;
  readonly pressure: DescriptorPressure;
  readonly problems: ProblemSink;
  /** Called once for each threshold crossed upwards, with kinds as fresh as they can be. */
  readonly onPressure: (pressure: FdPressure) => void;
}

/** From the kernel to the snapshot: owns the readings, the trend and their cadences while it is started. */
export class DescriptorWatch {
  readonly capabilities: FdCapabilities;
  readonly #with: DescriptorWatchOptions;
  readonly #trend: RobustTrend;
  readonly #trendWindowMillis: number;
  readonly #directory: DescriptorDirectory | undefined;
  readonly #counter: DescriptorCounter | undefined;
  readonly #limitReader: LimitReader | undefined;
  readonly #connectionTable: ConnectionTable | undefined;
  readonly #kinds: KindWatch | undefined;
  #tasks: Cancel[] = [];
  #limitTriedMillis = Infinity;
  #untold: (Crossing & { readonly open: number })[] = [];
  #snapshot: FdSnapshot = EMPTY_SNAPSHOT;

  constructor(watch: DescriptorWatchOptions) {
    this.#with = watch;
    const { options, platform, problems } = watch;
    this.#trendWindowMillis = Math.max(
      options.trendWindowMillis,
      LEAST_SAMPLES * options.sampleIntervalMillis,
    );
    this.#trend = new RobustTrend({ windowMillis: this.#trendWindowMillis, blockCount: TREND_BLOCKS });
    this.#directory = platform.directory && new DescriptorDirectory(platform.directory);
    this.#counter = this.#directory && detectCounter(this.#directory);
    this.#limitReader = LimitReader.open(platform.processRoot);
    if (
      this.#directory !== undefined &&
      options.byKindIntervalMillis > 0 &&
      hasReadableLinks(this.#directory)
    ) {
      if (options.connections && platform.processRoot !== undefined) {
        this.#connectionTable = new ConnectionTable(platform.processRoot);
      }
      this.#kinds = new KindWatch({
        runtime: platform.runtime,
        directory: this.#directory,
        maximum: options.byKindMaximum,
        connectionTable: this.#connectionTable,
        problems,
        onFindings: findings => {
          this.#takeKinds(findings);
        },
      });
    }
    this.capabilities = {
      count: this.#counter !== undefined,
      limit: this.#limitReader !== undefined,
      kinds: this.#kinds !== undefined,
      connections: this.#connectionTable !== undefined,
    };
  }

  /** The latest snapshot. */
  get snapshot(): FdSnapshot {
    return this.#snapshot;
  }

  /** Takes the first readings and goes on at their intervals. */
  start(): void {
    const { options, platform } = this.#with;
    const every = (intervalMillis: number, run: (nowMillis: number) => void): void => {
      this.#tasks.push(platform.runtime.sampler.add({ intervalMillis, run }));
    };
    // In this order: the count is judged against the limit of the same tick.
    if (this.#limitReader !== undefined) every(LIMIT_INTERVAL_MILLIS, this.#readLimit);
    if (this.#kinds !== undefined) every(options.byKindIntervalMillis, this.#scanKinds);
    if (this.#counter !== undefined) every(options.sampleIntervalMillis, this.#readCount);
  }

  /** Stops, and gives back every timer and descriptor. */
  stop(): void {
    for (const cancel of this.#tasks.splice(0)) cancel();
    this.#kinds?.stop();
    // NodeSDK starts us twice in a row: what still waited for its scan has to be told by the second start.
    for (const { reason } of this.#untold.splice(0)) this.#with.pressure.rearm(reason);
    this.#limitReader?.close();
    this.#connectionTable?.close();
    this.#directory?.close();
  }

  readonly #readLimit = (nowMillis: number): void => {
    this.#limitTriedMillis = nowMillis;
    const { platform, problems } = this.#with;
    const limit = platform.runtime.readings.run('fd.limit', () => this.#limitReader?.read(), problems);
    // One that cannot be read now has most likely not changed.
    if (limit !== undefined) this.#publish({ limit: Object.freeze(limit) });
  };

  readonly #scanKinds = (): void => {
    this.#kinds?.start();
  };

  readonly #readCount = (nowMillis: number): void => {
    const { platform, problems, pressure } = this.#with;
    // Out of descriptors at the very start, the file could not be opened: it is tried again until it can.
    if (this.#snapshot.limit === EMPTY_SNAPSHOT.limit && nowMillis > this.#limitTriedMillis) {
      this.#readLimit(nowMillis);
    }
    const open = platform.runtime.readings.run('fd.count', () => this.#counter?.read(), problems) ?? null;
    if (open === null) {
      this.#publish({
        open: null,
        utilization: null,
        growthPerSecond: null,
        timeToLimitSeconds: SEVEN_DAYS_SECONDS,
      });
      return;
    }
    this.#trend.add(nowMillis, open);
    const { soft } = this.#snapshot.limit;
    const crossings = pressure.update(open, soft);
    const slopePerSecond = this.#slopePerSecond();
    this.#publish({
      takenAtMillis: platform.runtime.clock.epochMillis(),
      open,
      utilization: soft === null ? null : open / soft,
      growthPerSecond: slopePerSecond ?? null,
      timeToLimitSeconds: timeToLimitSeconds({ current: open, limit: soft ?? Infinity, slopePerSecond }),
      pressure: Object.freeze(pressure.crossed),
    });
    if (crossings.length === 0) return;
    for (const crossing of crossings) this.#untold.push({ ...crossing, open });
    // "What are they?" is the question then: answer it with a fresh scan.
    if (this.#kinds === undefined) this.#tell();
    else this.#kinds.start(this.#tell);
  };

  #slopePerSecond(): number | undefined {
    const neededMillis = this.#trendWindowMillis * EVIDENCE_SHARE;
    return this.#trend.spanMillis >= neededMillis ? this.#trend.slopePerSecond() : undefined;
  }

  /** Taken off one by one, as the host may stop us from there. */
  readonly #tell = (): void => {
    for (let crossing = this.#untold.shift(); crossing !== undefined; crossing = this.#untold.shift()) {
      this.#with.onPressure(describePressure(crossing, crossing.open, this.#snapshot));
    }
  };

  /** What a failed scan leaves is nothing: kinds of an earlier one would look like those of now. */
  #takeKinds(findings: KindFindings | undefined): void {
    this.#publish({
      byKind: findings === undefined ? null : Object.freeze(findings.byKind),
      byKindTakenAtMillis: findings === undefined ? null : this.#with.platform.runtime.clock.epochMillis(),
      byKindSampled: findings?.sampled ?? false,
      connections: Object.freeze(findings?.connections ?? null),
    });
  }

  #publish(changes: Partial<FdSnapshot>): void {
    this.#snapshot = Object.freeze({ ...this.#snapshot, ...changes });
  }
}
