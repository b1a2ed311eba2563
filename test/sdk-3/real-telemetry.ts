import {
  JsonLogsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import {
  SAMPLE_LOG_LIMITS,
  SAMPLE_RESOURCE,
  SAMPLE_SPAN_LIMITS,
  emitLogs,
  emitSpans,
} from 'test-helpers/telemetry-samples';

const { attributes, schemaUrl } = SAMPLE_RESOURCE;
const resource = resourceFromAttributes(attributes, { schemaUrl });

/** The spans of {@link emitSpans}, by this workspace's SDK. */
export function realSpans(): ReadableSpan[] {
  const exporter = new InMemorySpanExporter();
  emitSpans(
    new TracerProvider({
      resource,
      spanLimits: SAMPLE_SPAN_LIMITS,
      spanProcessors: [new SimpleSpanProcessor({ exporter })],
    }),
  );
  return exporter.getFinishedSpans();
}

/** The log records of {@link emitLogs}, by this workspace's SDK. */
export function realLogs(): ReadableLogRecord[] {
  const exporter = new InMemoryLogRecordExporter();
  emitLogs(
    new LoggerProvider({
      resource,
      logRecordLimits: SAMPLE_LOG_LIMITS,
      processors: [new SimpleLogRecordProcessor({ exporter })],
    }),
  );
  return exporter.getFinishedLogRecords();
}

/** Of this workspace's line of the SDK. */
export const serializers = {
  json: { span: JsonTraceSerializer, log: JsonLogsSerializer },
  protobuf: { span: ProtobufTraceSerializer, log: ProtobufLogsSerializer },
} as const;

/** OTLP as JSON, then as protobuf in hexadecimal digits: two texts that say where they differ. */
export function otlpOfSpans(spans: ReadableSpan[]): string[] {
  return [
    Buffer.from(JsonTraceSerializer.serializeRequest(spans)!).toString(),
    Buffer.from(ProtobufTraceSerializer.serializeRequest(spans)!).toString('hex'),
  ];
}

/** As {@link otlpOfSpans}. */
export function otlpOfLogs(logs: ReadableLogRecord[]): string[] {
  return [
    Buffer.from(JsonLogsSerializer.serializeRequest(logs)!).toString(),
    Buffer.from(ProtobufLogsSerializer.serializeRequest(logs)!).toString('hex'),
  ];
}
