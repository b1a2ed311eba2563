import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ObservableResult } from '@opentelemetry/api';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { Registry, collectDefaultMetrics } from 'prom-client';
import type { Histogram } from 'prom-client';
import type { RecordingMeterProvider } from 'test-helpers/recording-meter';
import { sink } from './harness/candidate.js';

/** Lines of a scrape that carry a number. */
export function countSamples(body: string): number {
  return body.split('\n').filter(line => line !== '' && !line.startsWith('#')).length;
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  const { port } = new URL(await listen(server));
  await new Promise(resolve => server.close(resolve));
  return Number(port);
}

/** A real exporter on a port of its own, with what `watch` wants to be on its provider. */
export async function exporterServer(
  attach: (provider: MeterProvider) => void,
): Promise<{ url: string; collect: PrometheusExporter['collect'] }> {
  // A port of 0 means "the default one" to the exporter.
  const port = await freePort();
  const exporter = new PrometheusExporter({ host: '127.0.0.1', port });
  await exporter.startServer();
  attach(new MeterProvider({ readers: [exporter] }));
  return { url: `http://127.0.0.1:${port}/metrics`, collect: () => exporter.collect() };
}

/** prom-client's registry behind HTTP, as its README shows it. */
export async function registryServer(registry: Registry): Promise<string> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', registry.contentType);
    void registry.metrics().then(text => response.end(text));
  });
  return listen(server);
}

const silentResult: ObservableResult = {
  observe: value => {
    sink.latest = value;
  },
};

/** Our callbacks alone, without an SDK around them. */
export function callbacksOf(provider: RecordingMeterProvider): () => void {
  const callbacks = provider.instruments.flatMap(instrument => [...instrument.callbacks]);
  return () => {
    for (const callback of callbacks) void callback(silentResult);
  };
}

/**
 * prom-client's histogram of collections has series for a kind only once it has seen one. A process that has run for a
 * while has these three (the fourth, weakcb, is rare); here each gets one observation at the start, so that every
 * scrape has as many samples as the next.
 */
function seeUsualCollections(registry: Registry): void {
  const durations = registry.getSingleMetric('nodejs_gc_duration_seconds') as Histogram<'kind'>;
  for (const kind of ['major', 'minor', 'incremental']) durations.observe({ kind }, 0.001);
}

/** prom-client's default metrics in a registry of their own. */
export function defaultMetrics(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  seeUsualCollections(registry);
  return registry;
}
