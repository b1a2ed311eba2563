import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { FdWatchInstrumentation } from 'otel-fd-watch';
import type { FdWatchOptions } from 'otel-fd-watch';

/** The telemetry of the service. */
export interface Telemetry {
  readonly meterProvider: MeterProvider;
  /** Serves `/metrics`; not listening yet. */
  readonly metricsServer: Server;
  stop(): Promise<void>;
}

/** Sets OpenTelemetry up as any service would, and adds otel-fd-watch. */
export function startTelemetry(options: FdWatchOptions): Telemetry {
  // Its own server knows no port 0 (it takes that for 9464), hence one of ours around its handler.
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const meterProvider = new MeterProvider({ readers: [exporter] });
  const fdWatch = new FdWatchInstrumentation(options);
  fdWatch.setMeterProvider(meterProvider);

  const metricsServer = createServer((request, response) => {
    if (request.url === '/metrics') exporter.getMetricsRequestHandler(request, response);
    else response.writeHead(404).end();
  });
  return {
    meterProvider,
    metricsServer,
    stop: async () => {
      fdWatch.disable();
      await meterProvider.shutdown();
      metricsServer.close();
    },
  };
}
