import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { startVitals, vitalsPage } from 'otel-node-vitals';
import type { VitalsOptions } from 'otel-node-vitals';

/** The telemetry of the service. */
export interface Telemetry {
  readonly meterProvider: MeterProvider;
  /** Serves `/metrics`, and the status page at `/`; not listening yet. */
  readonly metricsServer: Server;
  stop(): Promise<void>;
}

/** Milliseconds between two points of the page's charts. */
const PAGE_INTERVAL_MILLIS = 500;

/**
 * Sets OpenTelemetry up as any service would, and adds otel-node-vitals and its page.
 *
 * @param heading what the page calls the service, asked each time
 */
export function startTelemetry(options: VitalsOptions, heading: () => string): Telemetry {
  // Its own server knows no port 0 (it takes that for 9464), hence one of ours around its handler.
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const meterProvider = new MeterProvider({ readers: [exporter] });
  const vitals = startVitals(meterProvider, options);
  const { memory, gc, fd } = vitals;
  const page = vitalsPage(
    {
      memory: () => memory?.snapshot() ?? null,
      gc: () => gc?.summary() ?? null,
      fd: () => fd?.snapshot() ?? null,
      get service() {
        return heading();
      },
    },
    { sampleIntervalMillis: PAGE_INTERVAL_MILLIS },
  );

  const metricsServer = createServer((request, response) => {
    if (request.url === '/metrics') exporter.getMetricsRequestHandler(request, response);
    else if (!page(request, response)) response.writeHead(404).end();
  });
  return {
    meterProvider,
    metricsServer,
    stop: async () => {
      page.close();
      vitals.shutdown();
      await meterProvider.shutdown();
      metricsServer.close();
    },
  };
}
