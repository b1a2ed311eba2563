import { decodeContext } from '../items/contexts.js';
import type { Origin } from '../items/item-codec.js';
import type { LogRecordLike } from '../items/otel-types.js';
import { LOG } from './protobuf-log.js';
import { HALF_A_BYTE } from './protobuf-reader.js';
import { bodyOf } from './protobuf-request.js';
import { readAttribute, readValue } from './protobuf-values-reader.js';

type Changeable<Type> = { -readonly [Name in keyof Type]: Type[Name] };

/** Flags that are written, and are 0, had nothing in their 32 bits: 0 is not written. */
const BEYOND_32_BITS = 2 ** 32;

/** @throws if the bytes are not those of a log record */
export function readLog(bytes: Uint8Array, { resource, scope }: Origin): LogRecordLike {
  const reader = bodyOf(bytes);
  const attributes = {};
  const log: Changeable<LogRecordLike> = {
    hrTime: [0, 0],
    hrTimeObserved: [0, 0],
    resource,
    instrumentationScope: scope,
    attributes,
    droppedAttributesCount: 0,
  };
  let traceId: string | undefined;
  let spanId: string | undefined;
  let flags: number | undefined;
  while (!reader.atEnd) {
    switch (reader.tag()) {
      case LOG.time:
        log.hrTime = reader.time();
        break;
      case LOG.severityNumber:
        // One that is written, and is 0, was no number: 0 is not written.
        log.severityNumber = reader.varint() || NaN;
        break;
      case LOG.severityText:
        log.severityText = reader.text();
        break;
      case LOG.body:
        log.body = readValue(reader.message());
        break;
      case LOG.attributes:
        readAttribute(reader.message(), attributes);
        break;
      case LOG.droppedAttributes:
        log.droppedAttributesCount = reader.varint();
        break;
      case LOG.flags:
        flags = reader.fixed32() || BEYOND_32_BITS;
        break;
      case LOG.traceId:
        traceId = reader.hexId() || HALF_A_BYTE;
        break;
      case LOG.spanId:
        spanId = reader.hexId() || HALF_A_BYTE;
        break;
      case LOG.observed:
        log.hrTimeObserved = reader.time();
        break;
      case LOG.eventName:
        log.eventName = reader.text();
        break;
      default:
        reader.skip();
    }
  }
  if (traceId !== undefined || spanId !== undefined || flags !== undefined)
    log.spanContext = decodeContext([traceId ?? '', spanId ?? '', flags ?? 0, null, null]);
  return log;
}
