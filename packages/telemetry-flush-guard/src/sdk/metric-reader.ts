import { randomBytes } from 'node:crypto';
import type { MetricItem, ResourceMetricsLike, ScopeMetricsLike } from '../items/metric-types.js';
import type { ResourceLike } from '../items/otel-types.js';
import { Checkpoints } from '../metrics/checkpoints.js';
import { collectNow } from '../metrics/collect-now.js';
import { itemsOf } from '../metrics/collected-items.js';
import type { AggregationLike, MetricExporterLike } from '../metrics/metric-exporter.js';
import { newsOf } from '../metrics/news.js';
import { realClock, waitWithin } from '../metrics/reader-clock.js';
import type { ReaderClock } from '../metrics/reader-clock.js';
import type { ResolvedReaderOptions } from '../metrics/reader-options.js';
import type {
  CollectionLike,
  GuardedMetricReader,
  MetricProducerLike,
  MetricSink,
  SyncCollection,
} from '../metrics/reader-types.js';
import { Rounds } from '../metrics/rounds.js';

interface Surroundings {
  readonly sink: MetricSink;
  /** Told once of what goes on being wrong. Never throws. */
  readonly onProblem: (message: string) => void;
  /** Default: the real one. */
  readonly clock?: ReaderClock;
}

/** As the SDK's own readers have it. */
const DEFAULT_AGGREGATION: AggregationLike = { type: 0 };
const CUMULATIVE = 1;

/** As long as nobody needs to be told again how things stand. */
const MOMENT_MILLIS = 1_000;

/** The SDK ends a collection in time itself. If it does not, it is not waited for. */
const GRACE_MILLIS = 1_000;

/**
 * Collects at each checkpoint, and hands on what it finds before anything else is done, so that it is on disk; sends it at the end of each
 * export interval.
 */
export class CheckpointReader<Metrics> implements GuardedMetricReader<Metrics> {
  readonly #exporter: MetricExporterLike<Metrics>;
  readonly #options: ResolvedReaderOptions;
  readonly #sink: MetricSink;
  readonly #onProblem: (message: string) => void;
  readonly #clock: ReaderClock;
  readonly #id = randomBytes(6).toString('hex');
  readonly #rounds = new Rounds(() => this.#collectContained());
  #producer: MetricProducerLike<Metrics> | undefined;
  #checkpoints: Checkpoints | undefined;
  #collections = 0;
  /** What the latest collection has found, and when that was. */
  #latest: readonly MetricItem[] = [];
  #latestMillis = -Infinity;
  /** Collections that have begun and are not done. */
  #underWay = 0;
  #problem: string | undefined;
  #flush: { readonly collection: Promise<void>; readonly done: Promise<void> } | undefined;
  #ending: Promise<void> | undefined;
  #isShutDown = false;

  constructor(
    exporter: MetricExporterLike<Metrics>,
    options: ResolvedReaderOptions,
    { sink, onProblem, clock = realClock }: Surroundings,
  ) {
    this.#exporter = exporter;
    this.#options = options;
    this.#sink = sink;
    this.#onProblem = onProblem;
    this.#clock = clock;
  }

  /** Points of the latest collection: what is not collected at the end if {@link collectSync} cannot. */
  get latestPointCount(): number {
    return this.#latest.length;
  }

  /** @throws Error if it has one, as the SDK demands it */
  setMetricProducer(producer: MetricProducerLike<Metrics>): void {
    if (this.#producer !== undefined) {
      throw new Error('telemetry-flush-guard: a metric reader can only be given to one MeterProvider');
    }
    this.#producer = producer;
    this.#checkpoints = new Checkpoints(this.#options, this.#clock, isLastOfWindow => {
      void this.#rounds.fresh().then(() => {
        if (isLastOfWindow) void this.#send();
      });
    });
  }

  selectAggregation(instrumentType: string): AggregationLike {
    return this.#exporter.selectAggregation?.(instrumentType as never) ?? DEFAULT_AGGREGATION;
  }

  selectAggregationTemporality(instrumentType: string): number {
    return this.#exporter.selectAggregationTemporality?.(instrumentType as never) ?? CUMULATIVE;
  }

  selectCardinalityLimit(instrumentType: string): number {
    return this.#options.cardinalityLimitOf(instrumentType);
  }

  /** @throws Error if no MeterProvider has it, or it is shut down, as the SDK's own readers do */
  async collect(options?: { timeoutMillis?: number }): Promise<CollectionLike<Metrics>> {
    const producer = this.#producer;
    if (producer === undefined || this.#isShutDown) {
      throw new Error(
        `telemetry-flush-guard: a metric reader that ${this.#isShutDown ? 'is shut down' : 'no MeterProvider has'} cannot collect`,
      );
    }
    const window = this.#checkpoints?.window ?? 0;
    const timeoutMillis = options?.timeoutMillis ?? this.#options.collectTimeoutMillis;
    const collected = await this.#collectFrom(producer, timeoutMillis);
    const { resource, scopeMetrics } = collected.resourceMetrics as ResourceMetricsLike;
    this.#handOn(resource, scopeMetrics, window);
    return collected;
  }

  async forceFlush(options?: { timeoutMillis?: number }): Promise<void> {
    if (this.#ending !== undefined) return;
    const collection = this.#rounds.fresh();
    if (this.#flush?.collection !== collection) {
      this.#flush = { collection, done: collection.then(() => this.#send(true)) };
    }
    await waitWithin(
      this.#clock,
      options?.timeoutMillis ?? this.#options.exportTimeoutMillis,
      this.#flush.done,
    );
  }

  shutdown(options?: { timeoutMillis?: number }): Promise<void> {
    return (this.#ending ??= this.#end(options?.timeoutMillis ?? this.#options.exportTimeoutMillis));
  }

  /** Collects no more by itself. */
  release(): void {
    this.#checkpoints?.stop();
  }

  /**
   * Collects without a promise, for when none is done any more: as the process ends. Never throws.
   *
   * @returns undefined if the SDK does not let itself be read so; then {@link latestPointCount} says about how much is lost
   */
  collectSync(): SyncCollection | undefined {
    if (this.#producer === undefined || this.#isShutDown) return { collected: 0, uncollected: 0 };
    const before = this.#latest.length;
    const found = collectNow(this.#producer, this.#clock.epochMillis());
    if (found === undefined) return undefined;
    const { resource, scopeMetrics, unread } = found;
    const isMomentsLater = this.#clock.nowMillis() - this.#latestMillis < MOMENT_MILLIS;
    const collected = this.#handOn(
      resource,
      scopeMetrics,
      this.#checkpoints?.window ?? 0,
      // An orderly end has collected just now, and sent that: what it left on disk would wait for a next start to say the same.
      isMomentsLater ? items => newsOf(items, this.#latest) : undefined,
    );
    // A collection that is under way has taken some of it, and will never get to hand it on.
    const taken = this.#underWay > 0 ? Math.max(0, before - collected - unread) : 0;
    return { collected, uncollected: unread + taken };
  }

  async #collectFrom(
    producer: MetricProducerLike<Metrics>,
    timeoutMillis: number,
  ): Promise<CollectionLike<Metrics>> {
    this.#underWay += 1;
    try {
      return await producer.collect({ timeoutMillis });
    } finally {
      this.#underWay -= 1;
    }
  }

  #handOn(
    resource: ResourceLike,
    scopeMetrics: readonly ScopeMetricsLike[],
    window: number,
    choose: (items: readonly MetricItem[]) => readonly MetricItem[] = items => items,
  ): number {
    const taken = { reader: this.#id, window, collection: this.#collections };
    this.#collections += 1;
    const items = itemsOf(resource, scopeMetrics, taken);
    const chosen = choose(items);
    if (chosen.length > 0) this.#sink.accept(chosen);
    this.#latest = items;
    this.#latestMillis = this.#clock.nowMillis();
    return chosen.length;
  }

  /** Never rejects, and is done in time. What comes too late is handed on when it comes. */
  async #collectContained(): Promise<void> {
    if (this.#producer === undefined || this.#isShutDown) return;
    const collecting = this.collect().then(
      ({ errors }) => {
        const failures = errors.map(String).join(', ');
        this.#told(failures === '' ? undefined : `callbacks of instruments have failed: ${failures}`);
      },
      (thrown: unknown) => {
        this.#told(`metrics could not be collected: ${String(thrown)}`);
      },
    );
    const millis = this.#options.collectTimeoutMillis + GRACE_MILLIS;
    if (await waitWithin(this.#clock, millis, collecting)) return;
    this.#told(`metrics were not collected within ${millis} ms`);
  }

  /** What goes on is told once. */
  #told(problem: string | undefined): void {
    if (problem !== undefined && problem !== this.#problem) this.#onProblem(problem);
    this.#problem = problem;
  }

  async #send(flushesExporter = false): Promise<void> {
    const untilMillis = this.#clock.nowMillis() + this.#options.exportTimeoutMillis;
    await this.#sink.flush(this.#options.exportTimeoutMillis);
    if (!flushesExporter) return;
    const flushing = (async () => this.#exporter.forceFlush?.())();
    await waitWithin(this.#clock, untilMillis - this.#clock.nowMillis(), flushing);
  }

  async #end(millis: number): Promise<void> {
    const untilMillis = this.#clock.nowMillis() + millis;
    this.release();
    await waitWithin(this.#clock, millis, this.#rounds.fresh());
    this.#isShutDown = true;
    await this.#sink.shutDown(Math.max(0, untilMillis - this.#clock.nowMillis()));
  }
}
