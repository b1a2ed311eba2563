import type { PushMetricExporter, MeterProviderOptions } from '@opentelemetry/sdk-metrics';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { repositoryRoot } from 'test-helpers/repository';
import { whyNotHere } from 'test-helpers/sdk-line';
import { skipBecause } from 'test-helpers/skip-because';
import type { GuardedMetricReader } from '../../packages/telemetry-flush-guard/src/metrics/reader-types.js';
import type { CheckpointReader } from '../../packages/telemetry-flush-guard/src/sdk/metric-reader.js';
import type * as LineSuite from '../../packages/telemetry-flush-guard/test/sdk/line-suite.js';
import type * as RealMetrics from './real-metrics.js';

// The suite is that of the package, which runs it on SDK 2.x.
const suite = createRequire(__filename)(
  join(repositoryRoot, 'packages', 'telemetry-flush-guard', 'dist', 'test', 'sdk', 'line-suite.js'),
) as typeof LineSuite;

describe('telemetry-flush-guard', () => {
  let line: typeof RealMetrics | undefined;
  before(async function () {
    const reason = whyNotHere(3);
    if (reason !== undefined) skipBecause(this, reason);
    line = await import('./real-metrics.js');
  });

  suite.describeLine('OpenTelemetry SDK 3.x', () => line as never);
});

/** The reader is taken by type, without a cast. That this compiles is the test. */
export function takesReader(
  reader: CheckpointReader<ResourceMetrics>,
  guarded: GuardedMetricReader<ResourceMetrics>,
): MeterProviderOptions {
  return { readers: [reader, guarded] };
}

/** And its `Metrics` are found out by the exporter. */
export function infersFrom(
  exporter: PushMetricExporter,
  metricReader: LineSuite.MetricReaderOf,
): MeterProviderOptions {
  return { readers: [metricReader(exporter)] };
}
