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
import { decodeNumber, numberJson } from './numbers.js';
import type { EncodedNumber } from './numbers.js';
import { originIn } from './origins.js';
import { timeJson } from './times.js';
import type { Encoded } from './values.js';

/** Name, time, attributes (null: none given), attributes dropped (null: not told). */
type EncodedEvent = [string, HrTime, Encoded, EncodedNumber];

/** Context, attributes, attributes dropped. */
type EncodedLink = [EncodedContext, Encoded, EncodedNumber];

/** Fields in a fixed order: names would be half of the bytes. */
type EncodedSpan = [
  name: string,
  kind: EncodedNumber,
  context: EncodedContext,
  parent: EncodedContext | string | null,
  start: HrTime,
  end: HrTime,
  duration: HrTime,
  status: [EncodedNumber] | [EncodedNumber, string],
  attributes: Encoded,
  droppedAttributes: EncodedNumber,
  events: EncodedEvent[],
  droppedEvents: EncodedNumber,
  links: EncodedLink[],
  droppedLinks: EncodedNumber,
];

const NO_SCOPE: ScopeLike = { name: '' };
const NONE: readonly never[] = [];

export const spanCodec: ItemCodec<SpanLike> = {
  signal: 'span',

  originOf({ resource, instrumentationScope, instrumentationLibrary }: SpanLike): Origin {
    return originIn('span', resource, instrumentationScope ?? instrumentationLibrary ?? NO_SCOPE);
  },

  // A join of parts makes one string. Templates make a chain of pieces, which it takes as long again to copy together when it is written.
  encode(span: SpanLike): string {
    const { parentSpanContext, parentSpanId, status } = span;
    // Not every maker of spans fills in what it has none of.
    const { events = NONE, links = NONE } = span as Partial<SpanLike>;
    const parent =
      parentSpanContext === undefined ? JSON.stringify(parentSpanId ?? null) : contextJson(parentSpanContext);
    const message = status.message === undefined ? '' : `,${JSON.stringify(status.message)}`;
    return [
      `[${JSON.stringify(span.name)}`,
      numberJson(span.kind),
      contextJson(span.spanContext()),
      parent,
      timeJson(span.startTime),
      timeJson(span.endTime),
      timeJson(span.duration),
      `[${numberJson(status.code)}${message}]`,
      attributesJson(span.attributes),
      numberJson(span.droppedAttributesCount),
      events.length === 0 ? '[]' : `[${events.map(eventJson).join()}]`,
      numberJson(span.droppedEventsCount),
      links.length === 0 ? '[]' : `[${links.map(linkJson).join()}]`,
      `${numberJson(span.droppedLinksCount)}]`,
    ].join();
  },

  decode(text: string, { resource, scope }: Origin): SpanLike {
    const fields = JSON.parse(text) as EncodedSpan;
    const [name, kind, context, parent, startTime, endTime, duration, [code, message]] = fields;
    const spanContext = decodeContext(context);
    return {
      name,
      kind: decodeNumber(kind, 0),
      spanContext: () => spanContext,
      ...parentOf(parent),
      startTime,
      endTime,
      duration,
      ended: true,
      status: statusOf(code, message),
      attributes: decodeAttributes(fields[8]),
      droppedAttributesCount: decodeNumber(fields[9], 0),
      events: fields[10].map(decodeEvent),
      droppedEventsCount: decodeNumber(fields[11], 0),
      links: fields[12].map(decodeLink),
      droppedLinksCount: decodeNumber(fields[13], 0),
      resource,
      instrumentationScope: scope,
      instrumentationLibrary: scope,
    };
  },
};

function statusOf(encoded: EncodedNumber, message: string | undefined): SpanLike['status'] {
  const code = decodeNumber(encoded, 0);
  return message === undefined ? { code } : { code, message };
}

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
  return `[${JSON.stringify(name)},${timeJson(time)},${attributesJson(attributes)},${numberJson(droppedAttributesCount)}]`;
}

function decodeEvent([name, time, attributes, dropped]: EncodedEvent): SpanEventLike {
  return { name, time, ...more(attributes, dropped) };
}

function linkJson({ context, attributes, droppedAttributesCount }: SpanLinkLike): string {
  return `[${contextJson(context)},${attributesJson(attributes)},${numberJson(droppedAttributesCount)}]`;
}

function decodeLink([context, attributes, dropped]: EncodedLink): SpanLinkLike {
  return { context: decodeContext(context), ...more(attributes, dropped) };
}

function more(
  attributes: Encoded,
  dropped: EncodedNumber,
): { attributes?: Record<string, unknown>; droppedAttributesCount?: number } {
  return {
    ...(attributes === null ? {} : { attributes: decodeAttributes(attributes) }),
    ...(dropped === null ? {} : { droppedAttributesCount: decodeNumber(dropped, 0) }),
  };
}
