import { contextJson, decodeContext } from './contexts.js';
import type { EncodedContext } from './contexts.js';
import type { ItemCodec, Origin } from './item-codec.js';
import { originIn } from './origins.js';
import type { HrTime, LogRecordLike } from './otel-types.js';
import { decodeNumber, numberJson } from './numbers.js';
import type { EncodedNumber } from './numbers.js';
import { timeJson } from './times.js';
import { attributesJson, decodeAttributes, decodeValue, encodeValue } from './values.js';
import type { Encoded } from './values.js';

/** Fields in a fixed order; null: not given. */
type EncodedLog = [
  time: HrTime,
  observed: HrTime,
  context: EncodedContext | null,
  severityText: string | null,
  severityNumber: EncodedNumber,
  body: [Encoded] | null,
  eventName: string | null,
  attributes: Encoded,
  droppedAttributes: EncodedNumber,
];

export const logCodec: ItemCodec<LogRecordLike> = {
  signal: 'log',

  originOf({ resource, instrumentationScope }: LogRecordLike): Origin {
    return originIn('log record', resource, instrumentationScope);
  },

  encode(log: LogRecordLike): string {
    const { spanContext, severityText, body, eventName } = log;
    return [
      `[${timeJson(log.hrTime)}`,
      timeJson(log.hrTimeObserved),
      spanContext === undefined ? 'null' : contextJson(spanContext),
      severityText === undefined ? 'null' : JSON.stringify(severityText),
      numberJson(log.severityNumber),
      body === undefined ? 'null' : `[${JSON.stringify(encodeValue(body))}]`,
      eventName === undefined ? 'null' : JSON.stringify(eventName),
      attributesJson(log.attributes),
      `${numberJson(log.droppedAttributesCount)}]`,
    ].join();
  },

  decode(text: string, { resource, scope }: Origin): LogRecordLike {
    const [
      hrTime,
      hrTimeObserved,
      context,
      severityText,
      severityNumber,
      body,
      eventName,
      attributes,
      dropped,
    ] = JSON.parse(text) as EncodedLog;
    return {
      hrTime,
      hrTimeObserved,
      ...(context === null ? {} : { spanContext: decodeContext(context) }),
      ...(severityText === null ? {} : { severityText }),
      ...(severityNumber === null ? {} : { severityNumber: decodeNumber(severityNumber, undefined) }),
      ...(body === null ? {} : { body: decodeValue(body[0]) }),
      ...(eventName === null ? {} : { eventName }),
      resource,
      instrumentationScope: scope,
      attributes: decodeAttributes(attributes),
      droppedAttributesCount: decodeNumber(dropped, 0),
    };
  },
};
