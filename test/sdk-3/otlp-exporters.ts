import { OTLPLogExporter as JsonLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter as ProtobufLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPTraceExporter as JsonTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base';
import {
  JsonLogsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { TracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { ITEM_NAMES } from 'test-helpers/otlp-route-suite';
import type { ExporterConfig, ExporterUnderTest } from 'test-helpers/otlp-route-suite';

/** Spans by those names. */
export function namedSpans(names: readonly string[] = ITEM_NAMES): ReadableSpan[] {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  for (const name of names) provider.getTracer('a tracer').startSpan(name).end();
  return exporter.getFinishedSpans();
}

/** Log records with those texts. */
export function namedLogs(names: readonly string[] = ITEM_NAMES): ReadableLogRecord[] {
  const exporter = new InMemoryLogRecordExporter();
  const provider = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] });
  for (const body of names) provider.getLogger('a logger').emit({ body });
  return exporter.getFinishedLogRecords();
}

/** As their exporters take it. */
const told = ({
  compression = 'none',
  ...config
}: ExporterConfig): Omit<ExporterConfig, 'compression'> & { readonly compression: CompressionAlgorithm } => ({
  ...config,
  compression: compression === 'gzip' ? CompressionAlgorithm.GZIP : CompressionAlgorithm.NONE,
});

const [spans, logs] = [namedSpans(), namedLogs()];

/** The exporters of OTLP over HTTP, of this workspace's SDK. */
export const EXPORTERS: readonly ExporterUnderTest[] = [
  {
    signal: 'traces',
    format: 'json',
    items: spans,
    serializer: JsonTraceSerializer,
    make: config => new JsonTraceExporter(told(config)),
  },
  {
    signal: 'traces',
    format: 'protobuf',
    items: spans,
    serializer: ProtobufTraceSerializer,
    make: config => new ProtobufTraceExporter(told(config)),
  },
  {
    signal: 'logs',
    format: 'json',
    items: logs,
    serializer: JsonLogsSerializer,
    make: config => new JsonLogExporter(told(config)),
  },
  {
    signal: 'logs',
    format: 'protobuf',
    items: logs,
    serializer: ProtobufLogsSerializer,
    make: config => new ProtobufLogExporter(told(config)),
  },
];
