import { numberIn } from './plain-numbers.js';
import { DELIMITED, FIXED32, FIXED64, VARINT } from './protobuf-wire.js';
import type { ProtobufWriter } from './protobuf-writer.js';
import { writeAttributes } from './protobuf-values.js';
import { NONE, flagsOf, kindOf, parentIdOf } from './span-fields.js';
import type { SpanEventLike, SpanLike, SpanLinkLike } from '../items/otel-types.js';

// https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto

/** Tags of Span. */
export const SPAN = {
  traceId: (1 << 3) | DELIMITED,
  spanId: (2 << 3) | DELIMITED,
  traceState: (3 << 3) | DELIMITED,
  parentSpanId: (4 << 3) | DELIMITED,
  name: (5 << 3) | DELIMITED,
  kind: (6 << 3) | VARINT,
  start: (7 << 3) | FIXED64,
  end: (8 << 3) | FIXED64,
  attributes: (9 << 3) | DELIMITED,
  droppedAttributes: (10 << 3) | VARINT,
  events: (11 << 3) | DELIMITED,
  droppedEvents: (12 << 3) | VARINT,
  links: (13 << 3) | DELIMITED,
  droppedLinks: (14 << 3) | VARINT,
  status: (15 << 3) | DELIMITED,
  /** As a varint, two bytes. */
  flags: (16 << 3) | FIXED32,
} as const;

/** Tags of Span.Event. */
export const EVENT = {
  time: (1 << 3) | FIXED64,
  name: (2 << 3) | DELIMITED,
  attributes: (3 << 3) | DELIMITED,
  droppedAttributes: (4 << 3) | VARINT,
} as const;

/** Tags of Span.Link. */
export const LINK = {
  traceId: (1 << 3) | DELIMITED,
  spanId: (2 << 3) | DELIMITED,
  traceState: (3 << 3) | DELIMITED,
  attributes: (4 << 3) | DELIMITED,
  droppedAttributes: (5 << 3) | VARINT,
  flags: (6 << 3) | FIXED32,
} as const;

/** Tags of Status. */
export const STATUS = {
  message: (2 << 3) | DELIMITED,
  code: (3 << 3) | VARINT,
} as const;

/**
 * The body of a Span.
 *
 * @throws if it cannot be written
 */
export function writeSpan(writer: ProtobufWriter, span: SpanLike): void {
  const context = span.spanContext();
  // Not every maker of spans fills in what it has none of.
  const { events = NONE, links = NONE } = span as Partial<SpanLike>;
  writer.hexId(SPAN.traceId, context.traceId);
  writer.hexId(SPAN.spanId, context.spanId);
  const state = context.traceState?.serialize();
  if (state) writer.text(SPAN.traceState, state);
  const parentId = parentIdOf(span);
  if (parentId) writer.hexId(SPAN.parentSpanId, parentId);
  writer.text(SPAN.name, span.name);
  const kind = kindOf(span);
  if (kind !== 0) writer.varint(SPAN.kind, kind);
  writer.time(SPAN.start, span.startTime);
  writer.time(SPAN.end, span.endTime);
  writeAttributes(writer, SPAN.attributes, span.attributes);
  writer.varint(SPAN.droppedAttributes, numberIn(span.droppedAttributesCount) ?? 0);
  for (const event of events) writeEvent(writer, event);
  writer.varint(SPAN.droppedEvents, numberIn(span.droppedEventsCount) ?? 0);
  for (const link of links) writeLink(writer, link);
  writer.varint(SPAN.droppedLinks, numberIn(span.droppedLinksCount) ?? 0);
  writeStatus(writer, span.status);
  writer.byte((SPAN.flags & 0x7f) | 0x80);
  writer.byte(SPAN.flags >>> 7);
  writer.fixed32(flagsOf(context.traceFlags, span.parentSpanContext?.isRemote));
}

function writeEvent(writer: ProtobufWriter, event: SpanEventLike): void {
  const start = writer.open(SPAN.events);
  writer.time(EVENT.time, event.time);
  writer.text(EVENT.name, event.name);
  writeAttributes(writer, EVENT.attributes, event.attributes);
  writer.varint(EVENT.droppedAttributes, numberIn(event.droppedAttributesCount) ?? 0);
  writer.close(start);
}

function writeLink(
  writer: ProtobufWriter,
  { context, attributes, droppedAttributesCount }: SpanLinkLike,
): void {
  const start = writer.open(SPAN.links);
  writer.hexId(LINK.traceId, context.traceId);
  writer.hexId(LINK.spanId, context.spanId);
  const state = context.traceState?.serialize();
  if (state) writer.text(LINK.traceState, state);
  writeAttributes(writer, LINK.attributes, attributes);
  writer.varint(LINK.droppedAttributes, numberIn(droppedAttributesCount) ?? 0);
  writer.byte(LINK.flags);
  writer.fixed32(flagsOf(context.traceFlags, context.isRemote));
  writer.close(start);
}

function writeStatus(writer: ProtobufWriter, { code, message }: SpanLike['status']): void {
  const start = writer.open(SPAN.status);
  if (message) writer.text(STATUS.message, message);
  writer.varint(STATUS.code, numberIn(code) ?? 0);
  writer.close(start);
}
