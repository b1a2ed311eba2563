import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import {
  AggregationTemporalityPreference,
  OTLPMetricExporter,
} from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import type { LogRecordProcessor } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import type { IMetricReader } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { createFlushGuard } from 'telemetry-flush-guard';
import type { FlushGuard } from 'telemetry-flush-guard';
import type { KillSettings } from './messages.js';

/** The telemetry of a service that is killed. */
export interface KilledTelemetry {
  span(name: string): void;
  log(text: string): void;
  count(): void;
  /** What is counted by now is on disk when this is done; without a guard it is only in memory. */
  checkpoint(): Promise<void>;
  readonly guard: FlushGuard | undefined;
}

interface Ways {
  readonly spans: SpanProcessor;
  readonly logs: LogRecordProcessor;
  readonly metrics: IMetricReader;
}

/** Sets OpenTelemetry up as any service would, with a guard or without. */
export function startKilledTelemetry({ isGuarded, endpoint, spool }: KillSettings): KilledTelemetry {
  const spans = new OTLPTraceExporter({ url: `${endpoint}/v1/traces` });
  const logs = new OTLPLogExporter({ url: `${endpoint}/v1/logs` });
  const metrics = new OTLPMetricExporter({
    url: `${endpoint}/v1/metrics`,
    // What was counted adds up, whoever sends it.
    temporalityPreference: AggregationTemporalityPreference.DELTA,
  });
  const guard = isGuarded ? createFlushGuard({ dir: spool }) : undefined;
  const ways: Ways =
    guard === undefined
      ? {
          spans: new BatchSpanProcessor(spans),
          logs: new BatchLogRecordProcessor({ exporter: logs }),
          metrics: new PeriodicExportingMetricReader({ exporter: metrics }),
        }
      : {
          spans: guard.spanProcessor(spans),
          logs: guard.logRecordProcessor(logs),
          metrics: guard.metricReader(metrics),
        };
  const tracer = new BasicTracerProvider({ spanProcessors: [ways.spans] }).getTracer('demo');
  const logger = new LoggerProvider({ processors: [ways.logs] }).getLogger('demo');
  const requests = new MeterProvider({ readers: [ways.metrics] })
    .getMeter('demo')
    .createCounter('demo.requests');
  return {
    span: name => {
      tracer.startSpan(name, { attributes: { 'http.request.method': 'GET', 'url.path': '/' } }).end();
    },
    log: text => {
      logger.emit({ body: text, severityText: 'INFO' });
    },
    count: () => {
      requests.add(1);
    },
    checkpoint: async () => {
      if (guard !== undefined) await ways.metrics.collect();
    },
    guard,
  };
}
