// The OpenTelemetry set-up of an ordinary service, with memory, garbage collection and descriptors added.
const { NodeSDK } = require('@opentelemetry/sdk-node');
const { PrometheusExporter } = require('@opentelemetry/exporter-prometheus');
const { FdWatchInstrumentation } = require('otel-fd-watch'); // added
const { GcInstrumentation } = require('otel-gc-instrumentation'); // added
const { MemoryMetricsInstrumentation } = require('otel-memory-metrics'); // added

const prometheus = new PrometheusExporter({ host: '127.0.0.1' }, error => {
  if (error) return console.error('no metrics:', error.message);
  const port = process.env.OTEL_EXPORTER_PROMETHEUS_PORT || 9464;
  console.log(`metrics http://127.0.0.1:${port}/metrics`);
});

const sdk = new NodeSDK({
  serviceName: 'existing-node-sdk',
  metricReaders: [prometheus],
  instrumentations: [
    // …whatever was there before
    new MemoryMetricsInstrumentation(), // added
    new GcInstrumentation(), // added
    new FdWatchInstrumentation(), // added
  ],
});
sdk.start();

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => sdk.shutdown());
