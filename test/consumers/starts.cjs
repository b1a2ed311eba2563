// An application that sets up an SDK and says so in a line. With `vitals` as its argument it adds ours in its code.
const { metrics } = require('@opentelemetry/api');
const { PrometheusExporter } = require('@opentelemetry/exporter-prometheus');
const { MeterProvider } = require('@opentelemetry/sdk-metrics');

const provider = new MeterProvider({ readers: [new PrometheusExporter({ preventServerStart: true })] });
metrics.setGlobalMeterProvider(provider);
if (process.argv[2] === 'vitals') require('otel-node-vitals').startVitals(provider);
process.stdout.write('started\n');
