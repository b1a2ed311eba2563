import { decodeContext, encodeContext } from './contexts.js';
import type { EncodedContext } from './contexts.js';
import type { ItemCodec, Origin } from './item-codec.js';
import type { HrTime, ScopeLike, SpanContextLike, SpanEventLike, SpanLike, SpanLinkLike } from './otel-types.js';
import { decodeAttributes, encodeAttributes } from './values.js';
import type { Encoded } from './values.js';

/** Name, time, attributes (null: none given), attributes dropped (null: not told). */
type EncodedEvent = [string, HrTime, Encoded, number | null];

/** Context, attributes, attributes dropped. */
type EncodedLink = [EncodedContext, Encoded, number | null];

/** Fields in a fixed order: names would be half of the bytes. */
type EncodedSpan = [
  name: string,
  kind: number,
  context: EncodedContext,
  parent: EncodedContext | string | null,
  start: HrTime,
  end: HrTime,
  duration: HrTime,
  status: [number] | [number, string],
  attributes: Encoded,
  droppedAttributes: number,
  events: EncodedEvent[],
  droppedEvents: number,
  links: EncodedLink[],
  droppedLinks: number,
];

const NO_SCOPE: ScopeLike = { name: '' };

export const spanCodec: ItemCodec<SpanLike> = {
  signal: 'span',

  originOf({ resource, instrumentationScope, instrumentationLibrary }: SpanLike): Origin {
    return { resource, scope: instrumentationScope ?? instrumentationLibrary ?? NO_SCOPE };
  },

  encode(span: SpanLike): string {
    const { parentSpanContext, parentSpanId, status } = span;
    const fields: EncodedSpan = [
      span.name,
      span.kind,
      encodeContext(span.spanContext()),
      parentSpanContext === undefined ? (parentSpanId ?? null) : encodeContext(parentSpanContext),
      span.startTime,
      span.endTime,
      span.duration,
      status.message === undefined ? [status.code] : [status.code, status.message],
      encodeAttributes(span.attributes),
      span.droppedAttributesCount,
      span.events.map(encodeEvent),
      span.droppedEventsCount,
      span.links.map(encodeLink),
      span.droppedLinksCount,
    ];
    return JSON.stringify(fields);
  },

  decode(text: string, { resource, scope }: Origin): SpanLike {
    const fields = JSON.parse(text) as EncodedSpan;
    const [name, kind, context, parent, startTime, endTime, duration, [code, message]] = fields;
    const spanContext = decodeContext(context);
    return {
      name,
      kind,
      spanContext: () => spanContext,
      ...parentOf(parent),
      startTime,
      endTime,
      duration,
      ended: true,
      status: message === undefined ? { code } : { code, message },
      attributes: decodeAttributes(fields[8]),
      droppedAttributesCount: fields[9],
      events: fields[10].map(decodeEvent),
      droppedEventsCount: fields[11],
      links: fields[12].map(decodeLink),
      droppedLinksCount: fields[13],
      resource,
      instrumentationScope: scope,
      instrumentationLibrary: scope,
    };
  },
};

/** Both as SDK 1.x and as later ones have it. */
function parentOf(
  parent: EncodedContext | string | null,
): { parentSpanContext?: SpanContextLike; parentSpanId?: string } {
  if (parent === null) return {};
  if (typeof parent === 'string') return { parentSpanId: parent };
  const parentSpanContext = decodeContext(parent);
  return { parentSpanContext, parentSpanId: parentSpanContext.spanId };
}

function encodeEvent({ name, time, attributes, droppedAttributesCount }: SpanEventLike): EncodedEvent {
  return [
    name,
    time,
    attributes === undefined ? null : encodeAttributes(attributes),
    droppedAttributesCount ?? null,
  ];
}

function decodeEvent([name, time, attributes, dropped]: EncodedEvent): SpanEventLike {
  return { name, time, ...more(attributes, dropped) };
}

function encodeLink({ context, attributes, droppedAttributesCount }: SpanLinkLike): EncodedLink {
  return [
    encodeContext(context),
    attributes === undefined ? null : encodeAttributes(attributes),
    droppedAttributesCount ?? null,
  ];
}

function decodeLink([context, attributes, dropped]: EncodedLink): SpanLinkLike {
  return { context: decodeContext(context), ...more(attributes, dropped) };
}

function more(
  attributes: Encoded,
  dropped: number | null,
): { attributes?: Record<string, unknown>; droppedAttributesCount?: number } {
  return {
    ...(attributes === null ? {} : { attributes: decodeAttributes(attributes) }),
    ...(dropped === null ? {} : { droppedAttributesCount: dropped }),
  };
}
