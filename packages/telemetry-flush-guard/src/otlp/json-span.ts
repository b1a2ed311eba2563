import { fragmentOf } from './byte-writer.js';
import { closeList, writeAttributes } from './json-values.js';
import type { JsonWriter } from './json-writer.js';
import { numberIn } from './plain-numbers.js';
import { NONE, flagsOf, kindOf, parentIdOf } from './span-fields.js';
import type { SpanContextLike, SpanEventLike, SpanLike, SpanLinkLike } from '../items/otel-types.js';

// Fields in the order in which the real serializers have them. A field may be left out, so each brings the comma before it, and the first
// of an object brings none.

const OPEN = 0x7b;
const CLOSE = 0x7d;
const COMMA = 0x2c;

const SPAN = {
  traceId: fragmentOf(',"traceId":'),
  spanId: fragmentOf(',"spanId":'),
  parentSpanId: fragmentOf(',"parentSpanId":'),
  traceState: fragmentOf(',"traceState":'),
  name: fragmentOf(',"name":'),
  kind: fragmentOf(',"kind":'),
  start: fragmentOf(',"startTimeUnixNano":'),
  end: fragmentOf(',"endTimeUnixNano":'),
  attributes: fragmentOf(',"attributes":'),
  droppedAttributes: fragmentOf(',"droppedAttributesCount":'),
  events: fragmentOf(',"events":'),
  droppedEvents: fragmentOf(',"droppedEventsCount":'),
  status: fragmentOf(',"status":'),
  links: fragmentOf(',"links":'),
  droppedLinks: fragmentOf(',"droppedLinksCount":'),
  flags: fragmentOf(',"flags":'),
};

/** Nearly all spans have none of either. */
const NO_ELEMENTS = fragmentOf('[]');

const FIRST_ATTRIBUTES = fragmentOf('{"attributes":');
const EVENT_TIME = fragmentOf(',"timeUnixNano":');
const STATUS_CODE = fragmentOf(',"code":');
const STATUS_MESSAGE = fragmentOf(',"message":');

/**
 * A span as an object.
 *
 * @throws if it cannot be written
 */
export function writeSpan(writer: JsonWriter, span: SpanLike): void {
  const context = span.spanContext();
  // Not every maker of spans fills in what it has none of.
  const { events = NONE, links = NONE } = span as Partial<SpanLike>;
  const start = writer.position;
  writer.textField(SPAN.traceId, context.traceId);
  writer.textField(SPAN.spanId, context.spanId);
  const parentId = parentIdOf(span);
  if (parentId) writer.textField(SPAN.parentSpanId, parentId);
  writer.textField(SPAN.traceState, context.traceState?.serialize());
  writer.textField(SPAN.name, span.name);
  writer.numberField(SPAN.kind, kindOf(span));
  writer.fragment(SPAN.start);
  writer.time(span.startTime);
  writer.fragment(SPAN.end);
  writer.time(span.endTime);
  writer.fragment(SPAN.attributes);
  writeAttributes(writer, span.attributes);
  writer.numberField(SPAN.droppedAttributes, span.droppedAttributesCount);
  writer.fragment(SPAN.events);
  writeEvents(writer, events);
  writer.numberField(SPAN.droppedEvents, span.droppedEventsCount);
  writer.fragment(SPAN.status);
  writeStatus(writer, span.status);
  writer.fragment(SPAN.links);
  writeLinks(writer, links);
  writer.numberField(SPAN.droppedLinks, span.droppedLinksCount);
  writer.numberField(SPAN.flags, flagsOf(context.traceFlags, span.parentSpanContext?.isRemote));
  closeObject(writer, start);
}

/** An object of which each field, of one at least, begins with a comma. */
export function closeObject(writer: JsonWriter, start: number): void {
  if (writer.position === start) writer.byte(OPEN);
  else writer.bytes[start] = OPEN;
  writer.byte(CLOSE);
}

function writeEvents(writer: JsonWriter, events: readonly SpanEventLike[]): void {
  if (events.length === 0) {
    writer.fragment(NO_ELEMENTS);
    return;
  }
  const start = writer.position;
  for (const event of events) {
    writer.byte(COMMA);
    writer.fragment(FIRST_ATTRIBUTES);
    writeAttributes(writer, event.attributes);
    writer.textField(SPAN.name, event.name);
    writer.fragment(EVENT_TIME);
    writer.time(event.time);
    writer.numberField(SPAN.droppedAttributes, someOrNone(event.droppedAttributesCount));
    writer.byte(CLOSE);
  }
  closeList(writer, start);
}

function writeLinks(writer: JsonWriter, links: readonly SpanLinkLike[]): void {
  if (links.length === 0) {
    writer.fragment(NO_ELEMENTS);
    return;
  }
  const start = writer.position;
  for (const { context, attributes, droppedAttributesCount } of links) {
    writer.byte(COMMA);
    writer.fragment(FIRST_ATTRIBUTES);
    writeAttributes(writer, attributes);
    writer.textField(SPAN.spanId, context.spanId);
    writer.textField(SPAN.traceId, context.traceId);
    writer.textField(SPAN.traceState, stateOf(context));
    writer.numberField(SPAN.droppedAttributes, someOrNone(droppedAttributesCount));
    writer.numberField(SPAN.flags, flagsOf(context.traceFlags, context.isRemote));
    writer.byte(CLOSE);
  }
  closeList(writer, start);
}

/** Of events and links, unlike of spans, 0 is told for any number that is none. */
function someOrNone(count: number | undefined): number {
  const number = numberIn(count) ?? 0;
  return Number.isNaN(number) ? 0 : number;
}

function stateOf({ traceState }: SpanContextLike): string | undefined {
  return traceState?.serialize();
}

function writeStatus(writer: JsonWriter, { code, message }: SpanLike['status']): void {
  const start = writer.position;
  writer.numberField(STATUS_CODE, code);
  writer.textField(STATUS_MESSAGE, message);
  closeObject(writer, start);
}
