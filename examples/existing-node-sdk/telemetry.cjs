// The OpenTelemetry set-up of an ordinary service, with three lines added.
const { NodeSDK } = require('@opentelemetry/sdk-node');
const { PrometheusExporter } = require('@opentelemetry/exporter-prometheus');
const { FdWatchInstrumentation } = require('otel-fd-watch'); // added: 1

const prometheus = new PrometheusExporter({ host: '127.0.0.1' }, error => {
  if (error) return console.error('no metrics:', error.message);
  const port = process.env.OTEL_EXPORTER_PROMETHEUS_PORT || 9464;
  console.log(`metrics http://127.0.0.1:${port}/metrics`);
});

const fdWatch = new FdWatchInstrumentation(); // added: 2

const sdk = new NodeSDK({
  serviceName: 'existing-node-sdk',
  metricReaders: [prometheus],
  instrumentations: [
    // …whatever was there before
    fdWatch, // added: 3
  ],
});
sdk.start();

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => sdk.shutdown());
