import { within } from './delivery/within.js';
import type { GuardLanes } from './guard-lanes.js';
import { itemForm } from './items/item-form.js';
import { metricCodec } from './items/metric-codec.js';
import type { MetricItem } from './items/metric-types.js';
import { groupOf } from './metrics/merge-metrics.js';
import { metricDeliverer } from './metrics/metric-deliverer.js';
import type { MetricExporterLike } from './metrics/metric-exporter.js';
import { resolveReaderOptions } from './metrics/reader-options.js';
import type { MetricReaderOptions } from './metrics/reader-options.js';
import { otlpMetricRouteOf } from './otlp/exporter-route.js';
import { jsonRejected, protobufRejected } from './otlp/partial-success.js';
import type { Lane } from './pipeline/lane.js';
import { CheckpointReader } from './sdk/metric-reader.js';
import type { LaneKeeper } from './sdk/processors.js';
import { wrappedMetricExporter } from './sdk/wrapped-metric-exporter.js';
import type { GuardedMetricExporter } from './sdk/wrapped-metric-exporter.js';
import { tell } from './tell.js';

/** As long as the SDK's own reader gives an exporter. */
const EXPORT_MILLIS = 30_000;

interface KnownReader {
  readonly reader: Pick<CheckpointReader<unknown>, 'collectSync' | 'latestPointCount' | 'release'>;
  readonly lane: Lane<MetricItem>;
}

/** The metrics of a guard: what reads them, and what is done with the last of them. */
export class GuardedMetrics {
  readonly #lanes: GuardLanes;
  readonly #keeper: LaneKeeper;
  readonly #memoryItems: number;
  readonly #readers: KnownReader[] = [];
  /** Of which it has been told that the last values could not be had. */
  readonly #missed = new Set<KnownReader>();

  constructor(lanes: GuardLanes, keeper: LaneKeeper, memoryItems: number) {
    this.#lanes = lanes;
    this.#keeper = keeper;
    this.#memoryItems = memoryItems;
  }

  /** @throws RangeError or TypeError for an option that cannot be */
  reader<Metrics>(
    exporter: MetricExporterLike<Metrics>,
    options: MetricReaderOptions | undefined,
  ): CheckpointReader<Metrics> {
    const resolved = resolveReaderOptions(options);
    // Sent when the reader says so. Only what could not be sent then, or what others have left, is sent by itself.
    const lane = this.#lane(exporter, resolved.exportTimeoutMillis, resolved.exportIntervalMillis);
    const reader = new CheckpointReader(exporter, resolved, {
      sink: {
        accept: items => {
          lane.acceptAll(items);
        },
        // An interval that ends is nothing that the process would have to live for.
        flush: millis => lane.flush(performance.now() + millis, false),
        shutDown: async millis => {
          const until = performance.now() + millis;
          await lane.flush(until);
          lane.shutDown();
          lane.persist();
          await within(until - performance.now(), () => lane.shutDownExporter());
        },
      },
      onProblem: message => {
        tell('warn', message);
      },
    });
    this.#readers.push({ reader, lane });
    return reader;
  }

  wrapped<Metrics>(exporter: MetricExporterLike<Metrics>): GuardedMetricExporter<Metrics> {
    return wrappedMetricExporter(exporter, this.#lane(exporter, EXPORT_MILLIS), this.#keeper);
  }

  /** Whether it is a reader that says when that is sent. */
  isRead(lane: Lane<never>): boolean {
    return this.#readers.some(reader => reader.lane === (lane as unknown));
  }

  /** Reads the last values, as the process ends: what cannot be read without waiting is counted. Never throws. */
  collectLast(): void {
    for (const known of this.#readers) {
      const { reader, lane } = known;
      const found = reader.collectSync();
      const missing = found === undefined ? reader.latestPointCount : found.uncollected;
      if (missing === 0 || this.#missed.has(known)) continue;
      this.#missed.add(known);
      lane.lose(missing, 'uncollected');
    }
  }

  /** From now on nothing is collected by itself. */
  release(): void {
    for (const { reader } of this.#readers) reader.release();
  }

  #lane(exporter: MetricExporterLike<never>, timeoutMillis: number, delayMillis?: number): Lane<MetricItem> {
    const route = otlpMetricRouteOf(exporter, (body, format) =>
      format === 'json' ? jsonRejected(body, 'rejectedDataPoints') : protobufRejected(body),
    );
    return this.#lanes.add(
      'metrics',
      { ...itemForm(metricCodec), groupOf },
      {
        deliverer: metricDeliverer(exporter, {
          directly: route && ((metrics, millis) => route.send(metrics, millis)),
        }),
        endpoint: route?.endpoint,
        timeoutMillis,
      },
      // What is put together to one request is not to be cut.
      { batchItems: this.#memoryItems, ...(delayMillis === undefined ? {} : { delayMillis }) },
    );
  }
}
