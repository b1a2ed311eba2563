import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { FdWatchInstrumentation } from 'otel-fd-watch';
import type { FdWatchOptions } from 'otel-fd-watch';
import { GcInstrumentation } from 'otel-gc-instrumentation';
import type { GcOptions } from 'otel-gc-instrumentation';
import { MemoryMetricsInstrumentation } from 'otel-memory-metrics';
import type { MemoryMetricsOptions } from 'otel-memory-metrics';

/** The telemetry of the service. */
export interface Telemetry {
  readonly meterProvider: MeterProvider;
  /** Serves `/metrics`; not listening yet. */
  readonly metricsServer: Server;
  stop(): Promise<void>;
}

/** Settings of the three instrumentations. */
export interface TelemetryOptions {
  readonly descriptors: FdWatchOptions;
  readonly memory: MemoryMetricsOptions;
  readonly collections: GcOptions;
}

/** Sets OpenTelemetry up as any service would, and adds the three instrumentations. */
export function startTelemetry({ descriptors, memory, collections }: TelemetryOptions): Telemetry {
  // Its own server knows no port 0 (it takes that for 9464), hence one of ours around its handler.
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const meterProvider = new MeterProvider({ readers: [exporter] });
  const instrumentations = [
    new FdWatchInstrumentation(descriptors),
    new MemoryMetricsInstrumentation(memory),
    new GcInstrumentation(collections),
  ];
  for (const instrumentation of instrumentations) instrumentation.setMeterProvider(meterProvider);

  const metricsServer = createServer((request, response) => {
    if (request.url === '/metrics') exporter.getMetricsRequestHandler(request, response);
    else response.writeHead(404).end();
  });
  return {
    meterProvider,
    metricsServer,
    stop: async () => {
      for (const instrumentation of instrumentations) instrumentation.disable();
      await meterProvider.shutdown();
      metricsServer.close();
    },
  };
}
