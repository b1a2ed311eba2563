// A hand-made meter provider in ECMAScript modules, with memory, garbage collection and descriptors added.
import { metrics } from '@opentelemetry/api';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { FdWatchInstrumentation } from 'otel-fd-watch'; // added
import { GcInstrumentation } from 'otel-gc-instrumentation'; // added
import { MemoryMetricsInstrumentation } from 'otel-memory-metrics'; // added

const prometheus = new PrometheusExporter({ host: '127.0.0.1' }, error => {
  if (error) return console.error('no metrics:', error.message);
  const port = process.env.OTEL_EXPORTER_PROMETHEUS_PORT || 9464;
  console.log(`metrics http://127.0.0.1:${port}/metrics`);
});

const meterProvider = new MeterProvider({ readers: [prometheus] });
metrics.setGlobalMeterProvider(meterProvider);

const instrumentations = [
  new MemoryMetricsInstrumentation(), // added
  new GcInstrumentation(), // added
  new FdWatchInstrumentation({ onPressure: ({ message }) => console.warn(message) }), // added
];
for (const instrumentation of instrumentations) instrumentation.setMeterProvider(meterProvider); // added

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => meterProvider.shutdown());
