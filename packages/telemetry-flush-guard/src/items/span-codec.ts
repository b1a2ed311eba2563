import { contextJson, decodeContext } from './contexts.js';
import type { EncodedContext } from './contexts.js';
import type { ItemCodec, Origin } from './item-codec.js';
import type {
  HrTime,
  ScopeLike,
  SpanContextLike,
  SpanEventLike,
  SpanLike,
  SpanLinkLike,
} from './otel-types.js';
import { attributesJson, decodeAttributes } from './values.js';
import { timeJson } from './times.js';
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

  // A join of parts makes one string. Templates make a chain of pieces, which it takes as long again to copy together when it is written.
  encode(span: SpanLike): string {
    const { parentSpanContext, parentSpanId, status, events, links } = span;
    const parent =
      parentSpanContext === undefined ? JSON.stringify(parentSpanId ?? null) : contextJson(parentSpanContext);
    const message = status.message === undefined ? '' : `,${JSON.stringify(status.message)}`;
    return [
      `[${JSON.stringify(span.name)}`,
      span.kind,
      contextJson(span.spanContext()),
      parent,
      timeJson(span.startTime),
      timeJson(span.endTime),
      timeJson(span.duration),
      `[${status.code}${message}]`,
      attributesJson(span.attributes),
      span.droppedAttributesCount,
      events.length === 0 ? '[]' : `[${events.map(eventJson).join()}]`,
      span.droppedEventsCount,
      links.length === 0 ? '[]' : `[${links.map(linkJson).join()}]`,
      `${span.droppedLinksCount}]`,
    ].join();
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
function parentOf(parent: EncodedContext | string | null): {
  parentSpanContext?: SpanContextLike;
  parentSpanId?: string;
} {
  if (parent === null) return {};
  if (typeof parent === 'string') return { parentSpanId: parent };
  const parentSpanContext = decodeContext(parent);
  return { parentSpanContext, parentSpanId: parentSpanContext.spanId };
}

function eventJson({ name, time, attributes, droppedAttributesCount }: SpanEventLike): string {
  return `[${JSON.stringify(name)},${timeJson(time)},${attributesJson(attributes)},${droppedAttributesCount ?? null}]`;
}

function decodeEvent([name, time, attributes, dropped]: EncodedEvent): SpanEventLike {
  return { name, time, ...more(attributes, dropped) };
}

function linkJson({ context, attributes, droppedAttributesCount }: SpanLinkLike): string {
  return `[${contextJson(context)},${attributesJson(attributes)},${droppedAttributesCount ?? null}]`;
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
