import type { WrittenItem } from './origin-groups.js';
import type { ByteWriter } from './byte-writer.js';
import { JsonRequests } from './json-request.js';
import { readLog as readJsonLog } from './json-log-reader.js';
import { readSpan as readJsonSpan } from './json-span-reader.js';
import { writeLog as writeJsonLog } from './json-log.js';
import { writeSpan as writeJsonSpan } from './json-span.js';
import { JsonWriter } from './json-writer.js';
import { jsonRejected, protobufRejected } from './partial-success.js';
import type { Rejected } from './partial-success.js';
import { itself } from './origin-groups.js';
import { protobufRequest, writeItem } from './protobuf-request.js';
import { readLog as readProtobufLog } from './protobuf-log-reader.js';
import { readSpan as readProtobufSpan } from './protobuf-span-reader.js';
import { writeLog as writeProtobufLog } from './protobuf-log.js';
import { writeSpan as writeProtobufSpan } from './protobuf-span.js';
import { ProtobufWriter } from './protobuf-writer.js';
import type { Origin } from '../items/item-codec.js';
import type { LogRecordLike, ScopeLike, SpanLike } from '../items/otel-types.js';

/**
 * How OTLP has one kind of item: the very bytes that the serializers of OpenTelemetry write, of one item at a time, so that what is
 * written to disk when an item comes is what is sent later.
 */
export interface OtlpEncoding<Item> {
  readonly signal: 'span' | 'log';
  readonly format: 'json' | 'protobuf';
  /**
   * The item as it stands in a request: an object of JSON, or a field of protobuf with its tag and length. The bytes hold until the next
   * call.
   *
   * @throws if it cannot be written
   */
  encodeItem(item: Item): Uint8Array;
  /**
   * A whole request. Resources and scopes are in the order of their first item. What a resource is still looking up is not in it.
   *
   * @throws if a resource or scope cannot be written
   */
  encodeRequest(items: readonly WrittenItem[]): Uint8Array;
  /**
   * An item for exporters of another kind. Written again, it is the same bytes.
   *
   * @throws if the bytes are none of {@link encodeItem}'s
   */
  decodeItem(bytes: Uint8Array, origin: Origin): Item;
  /** What the response to a request says was not taken; undefined if nothing, or if it cannot be read. Never throws. */
  rejectedIn(response: Uint8Array): Rejected | undefined;
}

/** What is of one signal in one format. */
interface Parts<Item, Writer extends ByteWriter> {
  readonly signal: 'span' | 'log';
  readonly format: 'json' | 'protobuf';
  readonly newWriter: () => Writer;
  readonly write: (writer: Writer, item: Item) => Uint8Array;
  readonly request: (items: readonly WrittenItem[]) => Uint8Array;
  readonly read: (bytes: Uint8Array, origin: Origin) => Item;
  readonly rejected: (response: Uint8Array) => Rejected | undefined;
}

function encodingOf<Item, Writer extends ByteWriter>(parts: Parts<Item, Writer>): OtlpEncoding<Item> {
  const { newWriter, write } = parts;
  let free: Writer | undefined = newWriter();
  return {
    signal: parts.signal,
    format: parts.format,
    encodeItem(item: Item): Uint8Array {
      // What is asked of an item may be code of the application, a trace state say, which may end a span of its own in the meantime: that
      // one gets a writer for itself.
      const writer = free ?? newWriter();
      free = undefined;
      try {
        return write(writer, item);
      } finally {
        free = writer;
      }
    },
    encodeRequest: parts.request,
    decodeItem: parts.read,
    rejectedIn: parts.rejected,
  };
}

/** As the real serializer of spans as JSON has it, and none of the others: by what the scope is called, not by the object. */
function nameOfScope({ name, version, schemaUrl }: ScopeLike): string {
  return `${name}@${version ?? ''}:${schemaUrl ?? ''}`;
}

const jsonSpans = new JsonRequests(
  { resources: 'resourceSpans', scopes: 'scopeSpans', items: 'spans' },
  nameOfScope,
);
const jsonLogs = new JsonRequests(
  { resources: 'resourceLogs', scopes: 'scopeLogs', items: 'logRecords' },
  itself,
);

const protobuf = {
  format: 'protobuf',
  newWriter: () => new ProtobufWriter(),
  request: protobufRequest,
  rejected: protobufRejected,
} as const;

const json = { format: 'json', newWriter: () => new JsonWriter() } as const;

interface SignalEncodings {
  readonly span: OtlpEncoding<SpanLike>;
  readonly log: OtlpEncoding<LogRecordLike>;
}

/** OTLP, as its serializers of OpenTelemetry SDK 2.x and 3.x write it: both write the same. */
export const otlpEncodings: Readonly<Record<'protobuf' | 'json', SignalEncodings>> = {
  protobuf: {
    span: encodingOf({
      ...protobuf,
      signal: 'span',
      write: (writer, span: SpanLike) => writeItem(writer, span, writeProtobufSpan),
      read: readProtobufSpan,
    }),
    log: encodingOf({
      ...protobuf,
      signal: 'log',
      write: (writer, log: LogRecordLike) => writeItem(writer, log, writeProtobufLog),
      read: readProtobufLog,
    }),
  },
  json: {
    span: encodingOf({
      ...json,
      signal: 'span',
      write(writer, span: SpanLike) {
        writer.reset(0);
        writeJsonSpan(writer, span);
        return writer.written(0);
      },
      request: items => jsonSpans.write(items),
      read: readJsonSpan,
      rejected: response => jsonRejected(response, 'rejectedSpans'),
    }),
    log: encodingOf({
      ...json,
      signal: 'log',
      write(writer, log: LogRecordLike) {
        writer.reset(0);
        writeJsonLog(writer, log);
        return writer.written(0);
      },
      request: items => jsonLogs.write(items),
      read: readJsonLog,
      rejected: response => jsonRejected(response, 'rejectedLogRecords'),
    }),
  },
};
