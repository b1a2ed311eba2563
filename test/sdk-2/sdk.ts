import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import type { Instrumentation } from '@opentelemetry/instrumentation';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { NodeSDK } from '@opentelemetry/sdk-node';
import type { RunningSdk, SdkUnderTest } from 'test-helpers/sdk-under-test';

/** A pull reader and a push reader. Nothing is collected or served but when the test says so. */
function makeReaders(): { prometheus: PrometheusExporter; periodic: PeriodicExportingMetricReader } {
  return {
    prometheus: new PrometheusExporter({ preventServerStart: true }),
    periodic: new PeriodicExportingMetricReader({
      exporter: new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE),
      exportIntervalMillis: 3_600_000,
    }),
  };
}

function running(
  { prometheus, periodic }: ReturnType<typeof makeReaders>,
  shutdown: () => Promise<void>,
): RunningSdk {
  return {
    readers: [prometheus, periodic],
    scrape: (request, response) => {
      prometheus.getMetricsRequestHandler(request, response);
    },
    shutdown,
  };
}

/** This workspace's SDK, for whatever instrumentation a test has: all of ours are taken by type. */
export function sdkFor<Ours extends Instrumentation>(): SdkUnderTest<Ours, MeterProvider> {
  return {
    startProvider() {
      const readers = makeReaders();
      const provider = new MeterProvider({ readers: [readers.prometheus, readers.periodic] });
      return { provider, ...running(readers, () => provider.shutdown()) };
    },
    startNodeSdk(instrumentations) {
      const readers = makeReaders();
      const nodeSdk = new NodeSDK({
        instrumentations,
        metricReaders: [readers.prometheus, readers.periodic],
        autoDetectResources: false,
      });
      nodeSdk.start();
      return running(readers, () => nodeSdk.shutdown());
    },
    register(instrumentations, meterProvider) {
      return registerInstrumentations({ instrumentations, meterProvider });
    },
  };
}
