import { GuardMetrics } from './accounting/guard-metrics.js';
import type { LaneCounts } from './accounting/ledger.js';
import { PreviousRuns } from './accounting/previous-runs.js';
import type { PreviousCounts } from './accounting/previous-runs.js';
import type { ExporterLike } from './delivery/exporter.js';
import { ExitController } from './exit/exit-controller.js';
import { within } from './delivery/within.js';
import type { LogRecordLike, SpanLike } from './items/otel-types.js';
import { FlushTime } from './flush-time.js';
import { GuardLanes } from './guard-lanes.js';
import { GuardedMetrics } from './guarded-metrics.js';
import { DiskNotices, tellOfPrevious } from './guard-notices.js';
import { logWay, spanWay } from './item-ways.js';
import { resolveGuardOptions } from './options.js';
import type { FlushGuardOptions, ResolvedGuardOptions } from './options.js';
import { Adoption } from './pipeline/adoption.js';
import { GuardDisk } from './pipeline/guard-disk.js';
import type { Lane } from './pipeline/lane.js';
import { logRecordProcessor, spanProcessor } from './sdk/processors.js';
import type { GuardedLogRecordProcessor, GuardedSpanProcessor, LaneKeeper } from './sdk/processors.js';
import type { MetricExporterLike } from './metrics/metric-exporter.js';
import type { MetricReaderOptions } from './metrics/reader-options.js';
import type { GuardedMetricReader } from './metrics/reader-types.js';
import type { GuardedMetricExporter } from './sdk/wrapped-metric-exporter.js';
import { wrappedExporter } from './sdk/wrapped-exporter.js';
import type { GuardedExporter } from './sdk/wrapped-exporter.js';
import { defaultDirectory } from './spool/default-directory.js';
import { realFileSystem } from './spool/file-system.js';
import { HEARTBEAT_MILLIS } from './spool/owner.js';
import { thisProcessView } from './spool/process-view.js';
import { tell } from './tell.js';

/** Anything that can be asked to send what it holds: a provider, a processor, a reader. */
export interface Flushable {
  forceFlush(): Promise<unknown>;
}

/** What to flush at the end besides the guard's own processors. */
export interface ProtectedProviders {
  readonly traces?: Flushable;
  readonly metrics?: Flushable;
  readonly logs?: Flushable;
}

/** Accounts of one signal. */
export interface SignalStats {
  readonly delivered: number;
  readonly pending: number;
  readonly dropped: number;
}

/** Accounts of one exporter. */
export interface LaneStats extends LaneCounts {
  /** What processes that have died had done, and left. None of it is in the other numbers but, as `inherited`, what they have left. */
  readonly previous: PreviousCounts;
}

const RETRY_DISK_MILLIS = 30_000;
const ADOPT_MILLIS = 30_000;

/** Not at once, when the process has other things to do; not much later, as it may be a short one. */
const FIRST_ADOPTION_MILLIS = 250;

/** See the README: what it promises, and what it cannot. */
export class FlushGuard {
  readonly #options: ResolvedGuardOptions;
  readonly #lanes: GuardLanes;
  readonly #guarded: GuardedMetrics;
  readonly #flushables = new Set<Flushable>();
  readonly #disk: GuardDisk;
  readonly #adoption: Adoption;
  readonly #exit: ExitController;
  readonly #metrics: GuardMetrics;
  readonly #previous = new PreviousRuns();
  readonly #notices: DiskNotices;
  readonly #flushTime: FlushTime;
  readonly #timers: NodeJS.Timeout[] = [];
  #shuttingDown: Promise<void> | undefined;
  readonly #keeper: LaneKeeper = {
    flush: async (lane, millis) => {
      await lane.flush(performance.now() + millis);
    },
    shutDown: async lane => {
      const until = performance.now() + this.#options.budgetMillis;
      await lane.flush(until);
      lane.shutDown();
      lane.persist();
      // Exporters wait for what is under way. All is on disk: there is nothing to wait for beyond the time.
      await within(until - performance.now(), () => lane.shutDownExporter());
    },
  };

  /** @throws RangeError or TypeError for an option that cannot be */
  constructor(options: FlushGuardOptions) {
    this.#options = resolveGuardOptions(options);
    const view = thisProcessView();
    const dir = this.#options.dir ?? defaultDirectory(process.env);
    this.#notices = new DiskNotices(dir);
    this.#flushTime = new FlushTime(this.#options.budgetMillis);
    this.#disk = new GuardDisk({
      files: realFileSystem,
      dir,
      limitBytes: this.#options.diskBytes,
      maxAgeMillis: this.#options.maxAgeMillis,
      overflow: this.#options.overflow,
      view,
      uid: process.getuid?.(),
      onTrouble: trouble => {
        this.#notices.trouble(trouble);
      },
    });
    this.#lanes = new GuardLanes(this.#options, this.#disk);
    this.#guarded = new GuardedMetrics(this.#lanes, this.#keeper, this.#options.memoryItems);
    this.#adoption = new Adoption({
      files: realFileSystem,
      view,
      disk: this.#disk,
      laneOf: name => this.#lanes.byName.get(name),
      onProblem: (path, thrown) => {
        tell('warn', `${path} is left alone: ${String(thrown)}`);
      },
      onPrevious: (run, folder) => {
        this.#previous.add(run);
        tellOfPrevious(run, folder);
      },
    });
    if (this.#disk.trouble === undefined) this.#notices.opened(this.#disk.newer);
    this.#metrics = new GuardMetrics(
      { lanes: () => this.#lanes.all, spool: () => this.#disk.accounts },
      this.#options.meterProvider,
    );
    this.#metrics.look();
    this.#exit = new ExitController(
      {
        persist: () => {
          this.persistSync();
          this.#notices.release();
        },
        persistForGood: () => {
          this.#guarded.collectLast();
          this.#disk.persistForGood();
          this.#notices.release();
        },
        isWorthFlushing: () =>
          this.#flushables.size > 0 || this.#lanes.all.some(lane => lane.isWorthAnAttempt),
        flush: millis => this.#flushAll(millis),
        close: () => {
          this.#disk.close();
        },
      },
      this.#options,
    );
    this.#exit.install();
    this.#every(HEARTBEAT_MILLIS, () => {
      this.#disk.beat(Date.now());
      this.#metrics.look();
    });
    this.#every(RETRY_DISK_MILLIS, () => {
      this.#disk.recover();
    });
    this.#every(ADOPT_MILLIS, () => {
      this.#disk.expire(Date.now());
      void this.#adoption.run(Date.now());
    });
    this.#timers.push(
      setTimeout(() => {
        this.#notices.release();
        this.#metrics.look();
        void this.#adoption.run(Date.now());
      }, FIRST_ADOPTION_MILLIS).unref(),
    );
  }

  /** Replaces a BatchSpanProcessor. */
  spanProcessor(exporter: ExporterLike<never>): GuardedSpanProcessor {
    return spanProcessor(this.#spans(exporter), this.#keeper);
  }

  /** Replaces a BatchLogRecordProcessor. */
  logRecordProcessor(exporter: ExporterLike<never>): GuardedLogRecordProcessor {
    return logRecordProcessor(this.#logs(exporter), this.#keeper);
  }

  /**
   * An exporter to be given to a BatchSpanProcessor that stays: what has left that processor is on disk before it is sent. What is still in
   * it is not here yet: a SIGKILL takes it.
   */
  wrapSpanExporter(exporter: ExporterLike<never>): GuardedExporter<SpanLike> {
    return wrappedExporter(this.#spans(exporter), this.#keeper);
  }

  /** As {@link wrapSpanExporter}, for a BatchLogRecordProcessor. */
  wrapLogRecordExporter(exporter: ExporterLike<never>): GuardedExporter<LogRecordLike> {
    return wrappedExporter(this.#logs(exporter), this.#keeper);
  }

  /**
   * Replaces a PeriodicExportingMetricReader: `new MeterProvider({ readers: [guard.metricReader(exporter)] })`. What it collects is on disk at
   * each checkpoint, put together and sent at the end of each export interval.
   *
   * @throws RangeError or TypeError for an option that cannot be
   */
  metricReader<Metrics>(
    exporter: MetricExporterLike<Metrics>,
    options?: MetricReaderOptions,
  ): GuardedMetricReader<Metrics> {
    const reader = this.#guarded.reader(exporter, options);
    this.#flushables.add(reader);
    return reader;
  }

  /** As {@link wrapSpanExporter}, for a reader that stays. What it has not yet collected is not here: a kill takes it. */
  wrapMetricExporter<Metrics>(exporter: MetricExporterLike<Metrics>): GuardedMetricExporter<Metrics> {
    return this.#guarded.wrapped(exporter);
  }

  /** Flushes something else too, at the end of the process and in {@link flush}: what it holds is not on disk. */
  protect(providers: ProtectedProviders): void {
    for (const flushable of Object.values(providers) as (Flushable | undefined)[]) {
      if (flushable !== undefined) this.#flushables.add(flushable);
    }
  }

  /**
   * Sends what is there now, within the time. Never rejects.
   *
   * @param options `timeoutMillis`: finite, and not negative; default, and instead of what is not: the budget
   */
  async flush(options?: {
    readonly timeoutMillis?: number | undefined;
  }): Promise<Record<string, SignalStats>> {
    // Callers in plain JavaScript may hand in null.
    await this.#flushAll(this.#flushTime.millisOf((options as typeof options | null)?.timeoutMillis));
    return Object.fromEntries(
      [...this.#lanes.byName].map(([name, { counts }]) => [
        name,
        {
          delivered: counts.delivered,
          pending: counts.pendingInMemory + counts.pendingOnDisk,
          dropped: Object.values(counts.dropped).reduce((sum, count) => sum + count, 0),
        },
      ]),
    );
  }

  /** Writes all that is in memory only, now. */
  persistSync(): void {
    for (const lane of this.#lanes.all) lane.persist();
  }

  /** Accounts of each exporter: `spans`, `logs`, `spans-2` for a second one. */
  stats(): Record<string, LaneStats> {
    return Object.fromEntries(
      [...this.#lanes.byName].map(([name, { counts }]) => [
        name,
        { ...counts, previous: this.#previous.of(name) },
      ]),
    );
  }

  /** `process.exit` that sends first, within the budget. */
  async exit(code?: number): Promise<never> {
    this.persistSync();
    await this.#exit.flush();
    return process.exit(code);
  }

  /** Sends within the budget, writes the rest, and closes everything. */
  shutdown(): Promise<void> {
    return (this.#shuttingDown ??= this.#shutDown());
  }

  /**
   * Takes away every listener and timer. What is not sent is written, and from now on what comes is too, as nobody sees the end of the
   * process any more; it stays for the next start.
   */
  release(): void {
    // After a shutdown the disk is closed, and all is written.
    if (this.#shuttingDown === undefined) {
      this.#guarded.collectLast();
      this.#disk.persistForGood();
    }
    this.#letGo();
  }

  #letGo(): void {
    this.#notices.release();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#guarded.release();
    this.#exit.remove();
    this.#metrics.release();
  }

  async #shutDown(): Promise<void> {
    const until = performance.now() + this.#options.budgetMillis;
    await this.#exit.flush();
    for (const lane of this.#lanes.all) {
      lane.shutDown();
      lane.persist();
    }
    await within(until - performance.now(), () =>
      Promise.allSettled(this.#lanes.all.map(lane => lane.shutDownExporter())),
    );
    this.#disk.close();
    this.#letGo();
  }

  async #flushAll(millis: number): Promise<void> {
    this.#notices.release();
    // The metrics may be among what is flushed.
    this.#metrics.look();
    const until = performance.now() + millis;
    const flush = async (lanes: readonly Lane<never>[]): Promise<unknown> =>
      Promise.all(lanes.map(lane => lane.flush(until)));
    const others = [...this.#flushables].map(async flushable => flushable.forceFlush());
    // Side by side: one of the others that does not answer is not to take the time of the lanes. What they emit is sent afterwards; so is
    // what readers collect, together with what they have collected before.
    const unread = this.#lanes.all.filter(lane => !this.#guarded.isRead(lane));
    await Promise.all([flush(unread), within(millis, () => Promise.allSettled(others))]);
    if (others.length > 0) await flush(this.#lanes.all);
  }

  #spans(exporter: ExporterLike<never>): Lane<SpanLike, never> {
    const { form, destination } = spanWay(exporter);
    return this.#lanes.add('spans', form, destination);
  }

  #logs(exporter: ExporterLike<never>): Lane<LogRecordLike, never> {
    const { form, destination } = logWay(exporter);
    return this.#lanes.add('logs', form, destination);
  }

  #every(millis: number, step: () => void): void {
    this.#timers.push(setInterval(step, millis).unref());
  }
}
