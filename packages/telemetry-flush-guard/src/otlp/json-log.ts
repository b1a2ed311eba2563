import { fragmentOf } from './byte-writer.js';
import { writeAttributes, writeValue } from './json-values.js';
import type { JsonWriter } from './json-writer.js';
import type { LogRecordLike } from '../items/otel-types.js';

// Fields in the order in which the real serializers have them.

const CLOSE = 0x7d;

const LOG = {
  time: fragmentOf('{"timeUnixNano":'),
  observed: fragmentOf(',"observedTimeUnixNano":'),
  severityNumber: fragmentOf(',"severityNumber":'),
  severityText: fragmentOf(',"severityText":'),
  body: fragmentOf(',"body":'),
  eventName: fragmentOf(',"eventName":'),
  attributes: fragmentOf(',"attributes":'),
  droppedAttributes: fragmentOf(',"droppedAttributesCount":'),
  flags: fragmentOf(',"flags":'),
  traceId: fragmentOf(',"traceId":'),
  spanId: fragmentOf(',"spanId":'),
};

/**
 * A log record as an object.
 *
 * @throws if it cannot be written
 */
export function writeLog(writer: JsonWriter, log: LogRecordLike): void {
  const { spanContext } = log;
  writer.fragment(LOG.time);
  writer.time(log.hrTime);
  writer.fragment(LOG.observed);
  writer.time(log.hrTimeObserved);
  writer.numberField(LOG.severityNumber, log.severityNumber);
  writer.textField(LOG.severityText, log.severityText);
  writer.fragment(LOG.body);
  writeValue(writer, log.body);
  writer.textField(LOG.eventName, log.eventName);
  writer.fragment(LOG.attributes);
  writeAttributes(writer, log.attributes);
  writer.numberField(LOG.droppedAttributes, log.droppedAttributesCount);
  writer.numberField(LOG.flags, spanContext?.traceFlags);
  writer.textField(LOG.traceId, spanContext?.traceId);
  writer.textField(LOG.spanId, spanContext?.spanId);
  writer.byte(CLOSE);
}
