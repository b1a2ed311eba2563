import { JsonMetricsSerializer, ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import * as sdk from '@opentelemetry/sdk-metrics';
import type { CheckpointReader } from '../../src/sdk/metric-reader.js';
import { describeLine } from './line-suite.js';
import type { MetricReaderOf } from './line-suite.js';

describeLine('OpenTelemetry SDK 2.x', () => ({
  sdk,
  resourceFromAttributes,
  json: JsonMetricsSerializer,
  protobuf: ProtobufMetricsSerializer,
}));

/** The reader is taken by type, without a cast, and its `Metrics` are found out by the exporter. That this compiles is the test. */
export function takesReader(
  reader: CheckpointReader<sdk.ResourceMetrics>,
  metricReader: MetricReaderOf,
  exporter: sdk.PushMetricExporter,
): sdk.MeterProviderOptions {
  return { readers: [reader, metricReader(exporter)] };
}

export function refusesMistakes(
  metricReader: MetricReaderOf,
  spans: { export(spans: string[]): void },
): void {
  // @ts-expect-error -- not an exporter of metrics
  metricReader(spans);
  // @ts-expect-error -- not a reader
  new sdk.MeterProvider({ readers: [{}] });
}
