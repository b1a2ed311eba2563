import type { JsonMetricsSerializer, ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer';
import type { resourceFromAttributes } from '@opentelemetry/resources';
import type * as SdkMetrics from '@opentelemetry/sdk-metrics';
import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { metricCodec } from '../../src/items/metric-codec.js';
import type { MetricItem, ResourceMetricsLike } from '../../src/items/metric-types.js';
import { Origins, encodeResource, encodeScope } from '../../src/items/origins.js';
import { resolveReaderOptions } from '../../src/metrics/reader-options.js';
import type { MetricReaderOptions } from '../../src/metrics/reader-options.js';
import type { ReaderClock } from '../../src/metrics/reader-clock.js';
import type { MetricSink } from '../../src/metrics/reader-types.js';
import { CheckpointReader } from '../../src/sdk/metric-reader.js';

/** One line of the SDK, as the tests use it: each line has packages of its own. Typed by 2.x. */
export interface Line {
  readonly sdk: typeof SdkMetrics;
  readonly resourceFromAttributes: typeof resourceFromAttributes;
  readonly json: typeof JsonMetricsSerializer;
  readonly protobuf: typeof ProtobufMetricsSerializer;
}

/** An exporter that wants what the tests want. What it is given is kept. */
export class WantingExporter implements PushMetricExporter {
  readonly exported: ResourceMetrics[] = [];
  readonly selectAggregationTemporality: () => SdkMetrics.AggregationTemporality;
  readonly selectAggregation: (type: string) => SdkMetrics.AggregationOption;
  flushes = 0;
  isShutDown = false;

  constructor(
    temporality: number,
    aggregationOf: (type: string) => { readonly type: number; readonly options?: object } = () => ({
      type: 0,
    }),
  ) {
    this.selectAggregationTemporality = () => temporality;
    this.selectAggregation = type => aggregationOf(type);
  }

  export(metrics: ResourceMetrics, callback: (result: { code: number }) => void): void {
    this.exported.push(metrics);
    callback({ code: 0 });
  }

  forceFlush(): Promise<void> {
    this.flushes += 1;
    return Promise.resolve();
  }

  shutdown(): Promise<void> {
    this.isShutDown = true;
    return Promise.resolve();
  }
}

/** Keeps what a reader hands on, and the order of what it asks for. */
export class KeepingSink implements MetricSink {
  items: MetricItem[] = [];
  readonly calls: string[] = [];

  accept(items: readonly MetricItem[]): void {
    this.items.push(...items);
    this.calls.push('accept');
  }

  flush(timeoutMillis: number): Promise<void> {
    this.calls.push(`flush ${timeoutMillis}`);
    return Promise.resolve();
  }

  shutDown(timeoutMillis: number): Promise<void> {
    this.calls.push(`shutDown ${timeoutMillis}`);
    return Promise.resolve();
  }

  /** What has come since the last call, as it comes back from disk. */
  take(): MetricItem[] {
    const items = this.items.map(throughDisk);
    this.items = [];
    return items;
  }
}

/** A reader, and what belongs to it. */
export interface ReaderUnderTest {
  readonly reader: CheckpointReader<ResourceMetrics>;
  readonly sink: KeepingSink;
  readonly problems: string[];
}

export function readerFor(
  exporter: PushMetricExporter,
  clock: ReaderClock,
  options: MetricReaderOptions = {},
): ReaderUnderTest {
  const sink = new KeepingSink();
  const problems: string[] = [];
  const onProblem = (message: string): void => void problems.push(message);
  const reader = new CheckpointReader(exporter, resolveReaderOptions(options), { sink, onProblem, clock });
  return { reader, sink, problems };
}

const origins = new Origins();

/** As an item comes back from disk, where its resource and scope are texts. */
export function throughDisk(item: MetricItem): MetricItem {
  const { resource, scope } = metricCodec.originOf(item);
  return metricCodec.decode(Buffer.from(metricCodec.encode(item)).toString(), {
    resource: origins.resource(encodeResource(resource)),
    scope: origins.scope(encodeScope(scope)),
  });
}

/** OTLP as JSON, then as protobuf in hexadecimal digits: two texts that say where they differ. */
export function otlpOf({ json, protobuf }: Line, metrics: ResourceMetricsLike): string[] {
  return [json, protobuf].map((serializer, index) =>
    Buffer.from(serializer.serializeRequest(metrics as never)!).toString(index === 0 ? 'utf8' : 'hex'),
  );
}

/** All that is under way in promises that wait for nothing else. */
export function settled(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}
