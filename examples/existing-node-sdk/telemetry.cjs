// The OpenTelemetry set-up of an ordinary service, with memory, garbage collection and descriptors added, and a guard that loses nothing.
const { NodeSDK } = require('@opentelemetry/sdk-node');
const { OTLPLogExporter } = require('@opentelemetry/exporter-logs-otlp-proto');
const { OTLPMetricExporter } = require('@opentelemetry/exporter-metrics-otlp-proto');
const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-proto');
const { PrometheusExporter } = require('@opentelemetry/exporter-prometheus');
const { FdWatchInstrumentation } = require('otel-fd-watch'); // added
const { GcInstrumentation } = require('otel-gc-instrumentation'); // added
const { MemoryMetricsInstrumentation } = require('otel-memory-metrics'); // added
const { createFlushGuard } = require('telemetry-flush-guard'); // added

const prometheus = new PrometheusExporter({ host: '127.0.0.1' }, error => {
  if (error) return console.error('no metrics:', error.message);
  const port = process.env.OTEL_EXPORTER_PROMETHEUS_PORT || 9464;
  console.log(`metrics http://127.0.0.1:${port}/metrics`);
});

const guard = createFlushGuard(); // added

const sdk = new NodeSDK({
  serviceName: 'existing-node-sdk',
  spanProcessors: [guard.spanProcessor(new OTLPTraceExporter())], // was: new BatchSpanProcessor(…)
  logRecordProcessors: [guard.logRecordProcessor(new OTLPLogExporter())], // was: new BatchLogRecordProcessor(…)
  metricReaders: [prometheus, guard.metricReader(new OTLPMetricExporter())], // was: new PeriodicExportingMetricReader(…)
  instrumentations: [
    // …whatever was there before
    new MemoryMetricsInstrumentation(), // added
    new GcInstrumentation(), // added
    new FdWatchInstrumentation(), // added
  ],
});
sdk.start();

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => sdk.shutdown());
