// A hand-made meter provider in ECMAScript modules, with otel-fd-watch added.
import { metrics } from '@opentelemetry/api';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { FdWatchInstrumentation } from 'otel-fd-watch'; // added: 1

const prometheus = new PrometheusExporter({ host: '127.0.0.1' }, error => {
  if (error) return console.error('no metrics:', error.message);
  const port = process.env.OTEL_EXPORTER_PROMETHEUS_PORT || 9464;
  console.log(`metrics http://127.0.0.1:${port}/metrics`);
});

const meterProvider = new MeterProvider({ readers: [prometheus] });
metrics.setGlobalMeterProvider(meterProvider);

const fdWatch = new FdWatchInstrumentation({ onPressure: ({ message }) => console.warn(message) }); // added: 2
fdWatch.setMeterProvider(meterProvider); // added: 3

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => meterProvider.shutdown());
