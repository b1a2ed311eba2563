import { numberIn } from './plain-numbers.js';
import { DELIMITED, FIXED32, FIXED64, VARINT } from './protobuf-wire.js';
import type { ProtobufWriter } from './protobuf-writer.js';
import { writeAttributes, writeValue } from './protobuf-values.js';
import type { LogRecordLike } from '../items/otel-types.js';

// https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/logs/v1/logs.proto

/** Tags of LogRecord. */
export const LOG = {
  time: (1 << 3) | FIXED64,
  severityNumber: (2 << 3) | VARINT,
  severityText: (3 << 3) | DELIMITED,
  body: (5 << 3) | DELIMITED,
  attributes: (6 << 3) | DELIMITED,
  droppedAttributes: (7 << 3) | VARINT,
  flags: (8 << 3) | FIXED32,
  traceId: (9 << 3) | DELIMITED,
  spanId: (10 << 3) | DELIMITED,
  observed: (11 << 3) | FIXED64,
  eventName: (12 << 3) | DELIMITED,
} as const;

/**
 * The body of a LogRecord.
 *
 * @throws if it cannot be written
 */
export function writeLog(writer: ProtobufWriter, log: LogRecordLike): void {
  const { spanContext, severityText, body, eventName } = log;
  writer.time(LOG.time, log.hrTime);
  const severity = numberIn(log.severityNumber);
  // Only what is left out, or says so itself, is not written: null is written as 0.
  if (severity !== undefined && severity !== 0) writer.varint(LOG.severityNumber, severity ?? 0);
  if (severityText) writer.text(LOG.severityText, severityText);
  if (body !== undefined) {
    const start = writer.open(LOG.body);
    writeValue(writer, body);
    writer.close(start);
  }
  writeAttributes(writer, LOG.attributes, log.attributes);
  writer.varint(LOG.droppedAttributes, numberIn(log.droppedAttributesCount) ?? 0);
  if (spanContext) {
    const flags = numberIn(spanContext.traceFlags);
    if (flags) {
      writer.byte(LOG.flags);
      writer.fixed32(flags);
    }
    if (spanContext.traceId) writer.hexId(LOG.traceId, spanContext.traceId);
    if (spanContext.spanId) writer.hexId(LOG.spanId, spanContext.spanId);
  }
  writer.time(LOG.observed, log.hrTimeObserved);
  if (eventName) writer.text(LOG.eventName, eventName);
}
