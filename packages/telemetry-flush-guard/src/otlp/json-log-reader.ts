import type { Origin } from '../items/item-codec.js';
import type { LogRecordLike, SpanContextLike } from '../items/otel-types.js';
import { numberFieldOf, readObject, readTime } from './json-fields.js';
import type { JsonNumber } from './json-fields.js';
import { readAttributes, readValue } from './json-values-reader.js';
import type { JsonPair, JsonValue } from './json-values-reader.js';

interface JsonLog {
  readonly timeUnixNano: string;
  readonly observedTimeUnixNano: string;
  readonly severityNumber?: JsonNumber;
  readonly severityText?: string;
  readonly body: JsonValue;
  readonly eventName?: string;
  readonly attributes: readonly JsonPair[];
  readonly droppedAttributesCount?: JsonNumber;
  readonly flags?: JsonNumber;
  readonly traceId?: string;
  readonly spanId?: string;
}

/** @throws if the bytes are not those of a log record */
export function readLog(bytes: Uint8Array, { resource, scope }: Origin): LogRecordLike {
  const log = readObject(bytes) as JsonLog;
  const { severityText, eventName } = log;
  const spanContext = contextOf(log);
  const body = readValue(log.body);
  return {
    hrTime: readTime(log.timeUnixNano),
    hrTimeObserved: readTime(log.observedTimeUnixNano),
    ...(spanContext === undefined ? {} : { spanContext }),
    ...(severityText === undefined ? {} : { severityText }),
    ...numberFieldOf('severityNumber', log.severityNumber),
    ...(body === undefined ? {} : { body }),
    ...(eventName === undefined ? {} : { eventName }),
    resource,
    instrumentationScope: scope,
    attributes: readAttributes(log.attributes),
    ...numberFieldOf('droppedAttributesCount', log.droppedAttributesCount),
  };
}

/** With the fields that the first one had. */
function contextOf({ traceId, spanId, flags }: JsonLog): SpanContextLike | undefined {
  if (traceId === undefined && spanId === undefined && flags === undefined) return undefined;
  const context = {
    ...(traceId === undefined ? {} : { traceId }),
    ...(spanId === undefined ? {} : { spanId }),
    ...numberFieldOf('traceFlags', flags),
  };
  return context as SpanContextLike;
}
