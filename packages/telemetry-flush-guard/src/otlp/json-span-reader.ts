import { decodeContext } from '../items/contexts.js';
import type { Origin } from '../items/item-codec.js';
import type { SpanEventLike, SpanLike, SpanLinkLike } from '../items/otel-types.js';
import { numberFieldOf, readNumber, readObject, readTime } from './json-fields.js';
import type { JsonNumber } from './json-fields.js';
import { readAttributes } from './json-values-reader.js';
import type { JsonPair } from './json-values-reader.js';
import { TRACE_FLAGS } from './span-fields.js';
import { isRemoteIn, spanOf } from './span-of.js';

interface JsonEvent {
  readonly attributes: readonly JsonPair[];
  readonly name: string;
  readonly timeUnixNano: string;
  /** null: infinite. Of an event or link, one that is no number is written as 0. */
  readonly droppedAttributesCount: JsonNumber;
}

interface JsonLink {
  readonly attributes: readonly JsonPair[];
  readonly spanId: string;
  readonly traceId: string;
  readonly traceState?: string;
  readonly droppedAttributesCount: JsonNumber;
  readonly flags: number;
}

interface JsonSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly traceState?: string;
  readonly name: string;
  readonly kind: JsonNumber;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly JsonPair[];
  readonly droppedAttributesCount?: JsonNumber;
  readonly events: readonly JsonEvent[];
  readonly droppedEventsCount?: JsonNumber;
  readonly status: { readonly code?: JsonNumber; readonly message?: string };
  readonly links: readonly JsonLink[];
  readonly droppedLinksCount?: JsonNumber;
  readonly flags: number;
}

/** @throws if the bytes are not those of a span */
export function readSpan(bytes: Uint8Array, origin: Origin): SpanLike {
  const span = readObject(bytes) as JsonSpan;
  const { code, message } = span.status;
  return spanOf(
    {
      traceId: span.traceId,
      spanId: span.spanId,
      traceState: span.traceState,
      parentSpanId: span.parentSpanId,
      name: span.name,
      kind: readNumber(span.kind),
      startTime: readTime(span.startTimeUnixNano),
      endTime: readTime(span.endTimeUnixNano),
      attributes: readAttributes(span.attributes),
      ...numberFieldOf('droppedAttributesCount', span.droppedAttributesCount),
      events: span.events.map(readEvent),
      ...numberFieldOf('droppedEventsCount', span.droppedEventsCount),
      links: span.links.map(readLink),
      ...numberFieldOf('droppedLinksCount', span.droppedLinksCount),
      status: { ...numberFieldOf('code', code), ...(message === undefined ? {} : { message }) },
      flags: span.flags,
    },
    origin,
  );
}

function readEvent({ name, timeUnixNano, attributes, droppedAttributesCount }: JsonEvent): SpanEventLike {
  return {
    name,
    time: readTime(timeUnixNano),
    attributes: readAttributes(attributes),
    droppedAttributesCount: droppedAttributesCount ?? Infinity,
  };
}

function readLink({ traceId, spanId, traceState, flags, ...more }: JsonLink): SpanLinkLike {
  return {
    context: decodeContext([traceId, spanId, flags & TRACE_FLAGS, isRemoteIn(flags), traceState ?? null]),
    attributes: readAttributes(more.attributes),
    droppedAttributesCount: more.droppedAttributesCount ?? Infinity,
  };
}
