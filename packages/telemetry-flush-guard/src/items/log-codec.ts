import { decodeContext, encodeContext } from './contexts.js';
import type { EncodedContext } from './contexts.js';
import type { ItemCodec, Origin } from './item-codec.js';
import type { HrTime, LogRecordLike } from './otel-types.js';
import { decodeAttributes, decodeValue, encodeAttributes, encodeValue } from './values.js';
import type { Encoded } from './values.js';

/** Fields in a fixed order; null: not given. */
type EncodedLog = [
  time: HrTime,
  observed: HrTime,
  context: EncodedContext | null,
  severityText: string | null,
  severityNumber: number | null,
  body: [Encoded] | null,
  eventName: string | null,
  attributes: Encoded,
  droppedAttributes: number,
];

export const logCodec: ItemCodec<LogRecordLike> = {
  signal: 'log',

  originOf({ resource, instrumentationScope }: LogRecordLike): Origin {
    return { resource, scope: instrumentationScope };
  },

  encode(log: LogRecordLike): string {
    const fields: EncodedLog = [
      log.hrTime,
      log.hrTimeObserved,
      log.spanContext === undefined ? null : encodeContext(log.spanContext),
      log.severityText ?? null,
      log.severityNumber ?? null,
      log.body === undefined ? null : [encodeValue(log.body)],
      log.eventName ?? null,
      encodeAttributes(log.attributes),
      log.droppedAttributesCount,
    ];
    return JSON.stringify(fields);
  },

  decode(text: string, { resource, scope }: Origin): LogRecordLike {
    const [hrTime, hrTimeObserved, context, severityText, severityNumber, body, eventName, attributes, dropped] =
      JSON.parse(text) as EncodedLog;
    return {
      hrTime,
      hrTimeObserved,
      ...(context === null ? {} : { spanContext: decodeContext(context) }),
      ...(severityText === null ? {} : { severityText }),
      ...(severityNumber === null ? {} : { severityNumber }),
      ...(body === null ? {} : { body: decodeValue(body[0]) }),
      ...(eventName === null ? {} : { eventName }),
      resource,
      instrumentationScope: scope,
      attributes: decodeAttributes(attributes),
      droppedAttributesCount: dropped,
    };
  },
};
