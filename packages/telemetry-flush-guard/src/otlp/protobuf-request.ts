import { groupsOf } from './origin-groups.js';
import type { ResourceGroup, ScopeGroup, WrittenItem } from './origin-groups.js';
import { OriginParts } from './origin-parts.js';
import type { OriginPart } from './origin-parts.js';
import { itself } from './origin-groups.js';
import { numberIn } from './plain-numbers.js';
import { ProtobufReader } from './protobuf-reader.js';
import { DELIMITED, VARINT, putLength, varintBytes } from './protobuf-wire.js';
import { ProtobufWriter } from './protobuf-writer.js';
import { writeAttributes } from './protobuf-values.js';
import type { AttributesLike, ScopeLike } from '../items/otel-types.js';

// https://github.com/open-telemetry/opentelemetry-proto/tree/main/opentelemetry/proto: spans and log records have the same numbers of
// fields in all that is around them.

/** ExportTraceServiceRequest.resource_spans and ExportLogsServiceRequest.resource_logs */
const RESOURCE_GROUP = (1 << 3) | DELIMITED;
/** ResourceSpans.resource, and ScopeSpans.scope */
const ORIGIN = (1 << 3) | DELIMITED;
/** ResourceSpans.scope_spans */
const SCOPE_GROUP = (2 << 3) | DELIMITED;
/** ScopeSpans.spans and ScopeLogs.log_records */
export const ITEM = (2 << 3) | DELIMITED;
/** Of ResourceSpans and of ScopeSpans. */
const SCHEMA_URL = (3 << 3) | DELIMITED;

/** Of Resource. */
const RESOURCE = { attributes: (1 << 3) | DELIMITED, droppedAttributes: (2 << 3) | VARINT } as const;
/** Of InstrumentationScope. */
const SCOPE = {
  name: (1 << 3) | DELIMITED,
  version: (2 << 3) | DELIMITED,
  attributes: (3 << 3) | DELIMITED,
  droppedAttributes: (4 << 3) | VARINT,
} as const;

const origins = new OriginParts(resourcePart, scopePart);

/** The tag of an item, and the longest length. */
const ITEM_HEAD_BYTES = 6;

/** An item with its tag and length, which is written in front of it once it is known. */
export function writeItem<Item>(
  writer: ProtobufWriter,
  item: Item,
  write: (writer: ProtobufWriter, item: Item) => void,
): Uint8Array {
  writer.reset(ITEM_HEAD_BYTES);
  write(writer, item);
  const bytes = writer.position - ITEM_HEAD_BYTES;
  const start = ITEM_HEAD_BYTES - varintBytes(bytes) - 1;
  writer.bytes[start] = ITEM;
  putLength(writer.bytes, start + 1, bytes);
  return writer.written(start);
}

/**
 * A whole request.
 *
 * @throws if a resource or scope cannot be written
 */
export function protobufRequest(items: readonly WrittenItem[]): Uint8Array {
  const resources = groupsOf(items, itself).map(sized);
  const size = resources.reduce((sum, { bytes }) => sum + delimited(bytes), 0);
  const request = Buffer.allocUnsafeSlow(size);
  let at = 0;
  const put = (bytes: Uint8Array): void => {
    request.set(bytes, at);
    at += bytes.length;
  };
  const open = (tag: number, bytes: number): void => {
    request[at] = tag;
    at = putLength(request, at + 1, bytes);
  };
  for (const resource of resources) {
    open(RESOURCE_GROUP, resource.bytes);
    put(resource.part.head);
    for (const scope of resource.scopes) {
      open(SCOPE_GROUP, scope.bytes);
      put(scope.part.head);
      for (const item of scope.items) put(item);
      put(scope.part.tail);
    }
    put(resource.part.tail);
  }
  return request;
}

/** Reads what {@link writeItem} wrote. */
export function bodyOf(item: Uint8Array): ProtobufReader {
  const reader = new ProtobufReader(item);
  if (reader.tag() !== ITEM) throw new RangeError('not an item of OTLP as protobuf');
  const body = reader.message();
  if (!reader.atEnd) throw new RangeError('more than one item of OTLP as protobuf');
  return body;
}

interface Sized {
  readonly part: OriginPart;
  /** Without tag and length. */
  readonly bytes: number;
}

function sized({ resource, scopes }: ResourceGroup): Sized & { scopes: (Sized & { items: Uint8Array[] })[] } {
  const part = origins.resource(resource);
  const sizedScopes = scopes.map(sizedScope);
  const bytes = sizedScopes.reduce((sum, scope) => sum + delimited(scope.bytes), bytesOf(part));
  return { part, scopes: sizedScopes, bytes };
}

function sizedScope({ scope, parts, bytes }: ScopeGroup): Sized & { items: Uint8Array[] } {
  const part = origins.scope(scope);
  return { part, items: parts, bytes: bytesOf(part) + bytes };
}

function bytesOf({ head, tail }: OriginPart): number {
  return head.length + tail.length;
}

/** With tag and length. */
function delimited(bytes: number): number {
  return 1 + varintBytes(bytes) + bytes;
}

function resourcePart(attributes: AttributesLike, schemaUrl: string | undefined): OriginPart {
  return originPart(schemaUrl, writer => {
    writeAttributes(writer, RESOURCE.attributes, attributes);
    writer.varint(RESOURCE.droppedAttributes, 0);
  });
}

function scopePart({ name, version, schemaUrl, attributes, droppedAttributesCount }: ScopeLike): OriginPart {
  return originPart(schemaUrl, writer => {
    writer.text(SCOPE.name, name);
    if (version) writer.text(SCOPE.version, version);
    writeAttributes(writer, SCOPE.attributes, attributes);
    const dropped = numberIn(droppedAttributesCount);
    if (dropped) writer.varint(SCOPE.droppedAttributes, dropped);
  });
}

function originPart(schemaUrl: string | undefined, write: (writer: ProtobufWriter) => void): OriginPart {
  const writer = new ProtobufWriter();
  const start = writer.open(ORIGIN);
  write(writer);
  writer.close(start);
  const head = writer.written(0).slice();
  writer.reset(0);
  if (schemaUrl) writer.text(SCHEMA_URL, schemaUrl);
  return { head, tail: writer.written(0).slice() };
}
