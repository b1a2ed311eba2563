import { resourceFromAttributes } from '@opentelemetry/resources';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import {
  SAMPLE_LOG_LIMITS,
  SAMPLE_RESOURCE,
  SAMPLE_SPAN_LIMITS,
  emitLogs,
  emitSpans,
} from './telemetry-samples.js';

const { attributes, schemaUrl } = SAMPLE_RESOURCE;
const resource = resourceFromAttributes(attributes, { schemaUrl });

/** The spans of {@link emitSpans}, by SDK 2.x. */
export function realSpans(): ReadableSpan[] {
  const exporter = new InMemorySpanExporter();
  emitSpans(
    new BasicTracerProvider({
      resource,
      spanLimits: SAMPLE_SPAN_LIMITS,
      spanProcessors: [new SimpleSpanProcessor(exporter)],
    }),
  );
  return exporter.getFinishedSpans();
}

/** The log records of {@link emitLogs}, by SDK 2.x. */
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
