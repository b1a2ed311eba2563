// Starts a worker thread, which inherits the flags, and has the worker set up an SDK of its own.
'use strict';
const { Worker, isMainThread, parentPort } = require('node:worker_threads');

if (isMainThread) {
  const worker = new Worker(__filename);
  worker.on('message', result => process.stdout.write(`${JSON.stringify({ result })}\n`));
  process.stdin.setEncoding('utf8').on('data', text => {
    for (const line of text.trim().split('\n')) worker.postMessage(line);
  });
  process.stdin.once('end', () => worker.terminate());
} else {
  const { metrics } = require('@opentelemetry/api');
  const { MeterProvider } = require('@opentelemetry/sdk-metrics');
  const { PrometheusExporter } = require('@opentelemetry/exporter-prometheus');
  const exporter = new PrometheusExporter({ preventServerStart: true });
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [exporter] }));
  parentPort.on('message', () => {
    exporter.getMetricsRequestHandler({}, { setHeader() {}, end: text => parentPort.postMessage(text) });
  });
  parentPort.postMessage('ready');
}
