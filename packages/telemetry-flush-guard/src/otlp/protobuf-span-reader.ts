import { decodeContext } from '../items/contexts.js';
import type { Origin } from '../items/item-codec.js';
import type { SpanEventLike, SpanLike, SpanLinkLike } from '../items/otel-types.js';
import { HALF_A_BYTE } from './protobuf-reader.js';
import { bodyOf } from './protobuf-request.js';
import type { ProtobufReader } from './protobuf-reader.js';
import { EVENT, LINK, SPAN, STATUS } from './protobuf-span.js';
import { readAttribute } from './protobuf-values-reader.js';
import { TRACE_FLAGS } from './span-fields.js';
import { isRemoteIn, spanOf } from './span-of.js';

/** @throws if the bytes are not those of a span */
export function readSpan(bytes: Uint8Array, origin: Origin): SpanLike {
  const reader = bodyOf(bytes);
  const span = {
    traceId: '',
    spanId: '',
    traceState: undefined as string | undefined,
    parentSpanId: undefined as string | undefined,
    name: '',
    kind: 0,
    startTime: [0, 0] as SpanLike['startTime'],
    endTime: [0, 0] as SpanLike['endTime'],
    attributes: {} as Record<string, unknown>,
    droppedAttributesCount: 0,
    events: [] as SpanEventLike[],
    droppedEventsCount: 0,
    links: [] as SpanLinkLike[],
    droppedLinksCount: 0,
    status: { code: 0 } as SpanLike['status'],
    flags: 0,
  };
  while (!reader.atEnd) {
    switch (reader.tag()) {
      case SPAN.traceId:
        span.traceId = reader.hexId();
        break;
      case SPAN.spanId:
        span.spanId = reader.hexId();
        break;
      case SPAN.traceState:
        span.traceState = reader.text();
        break;
      case SPAN.parentSpanId:
        span.parentSpanId = reader.hexId() || HALF_A_BYTE;
        break;
      case SPAN.name:
        span.name = reader.text();
        break;
      case SPAN.kind:
        // One that is written, and is 0, was no number: 0 is not written.
        span.kind = reader.varint() || NaN;
        break;
      case SPAN.start:
        span.startTime = reader.time();
        break;
      case SPAN.end:
        span.endTime = reader.time();
        break;
      case SPAN.attributes:
        readAttribute(reader.message(), span.attributes);
        break;
      case SPAN.droppedAttributes:
        span.droppedAttributesCount = reader.varint();
        break;
      case SPAN.events:
        span.events.push(readEvent(reader.message()));
        break;
      case SPAN.droppedEvents:
        span.droppedEventsCount = reader.varint();
        break;
      case SPAN.links:
        span.links.push(readLink(reader.message()));
        break;
      case SPAN.droppedLinks:
        span.droppedLinksCount = reader.varint();
        break;
      case SPAN.status:
        span.status = readStatus(reader.message());
        break;
      case SPAN.flags:
        span.flags = reader.fixed32();
        break;
      default:
        reader.skip();
    }
  }
  return spanOf(span, origin);
}

function readEvent(reader: ProtobufReader): SpanEventLike {
  const attributes = {};
  let name = '';
  let time: SpanEventLike['time'] = [0, 0];
  let droppedAttributesCount = 0;
  while (!reader.atEnd) {
    switch (reader.tag()) {
      case EVENT.time:
        time = reader.time();
        break;
      case EVENT.name:
        name = reader.text();
        break;
      case EVENT.attributes:
        readAttribute(reader.message(), attributes);
        break;
      case EVENT.droppedAttributes:
        droppedAttributesCount = reader.varint();
        break;
      default:
        reader.skip();
    }
  }
  return { name, time, attributes, droppedAttributesCount };
}

function readLink(reader: ProtobufReader): SpanLinkLike {
  const attributes = {};
  let traceId = '';
  let spanId = '';
  let state: string | null = null;
  let droppedAttributesCount = 0;
  let flags = 0;
  while (!reader.atEnd) {
    switch (reader.tag()) {
      case LINK.traceId:
        traceId = reader.hexId();
        break;
      case LINK.spanId:
        spanId = reader.hexId();
        break;
      case LINK.traceState:
        state = reader.text();
        break;
      case LINK.attributes:
        readAttribute(reader.message(), attributes);
        break;
      case LINK.droppedAttributes:
        droppedAttributesCount = reader.varint();
        break;
      case LINK.flags:
        flags = reader.fixed32();
        break;
      default:
        reader.skip();
    }
  }
  const context = decodeContext([traceId, spanId, flags & TRACE_FLAGS, isRemoteIn(flags), state]);
  return { context, attributes, droppedAttributesCount };
}

function readStatus(reader: ProtobufReader): SpanLike['status'] {
  let code = 0;
  let message: string | undefined;
  while (!reader.atEnd) {
    switch (reader.tag()) {
      case STATUS.code:
        code = reader.varint();
        break;
      case STATUS.message:
        message = reader.text();
        break;
      default:
        reader.skip();
    }
  }
  return message === undefined ? { code } : { code, message };
}
