import { ANY_VALUE, PAIR, VALUES } from './protobuf-values.js';
import type { ProtobufReader } from './protobuf-reader.js';
import { setOwn } from './set-own.js';

/** A value of an attribute, or the body of a log record; null for one that is empty. */
export function readValue(reader: ProtobufReader): unknown {
  let value: unknown = null;
  while (!reader.atEnd) {
    switch (reader.tag()) {
      case ANY_VALUE.string:
        value = reader.text();
        break;
      case ANY_VALUE.bool:
        value = reader.varint() !== 0;
        break;
      case ANY_VALUE.int:
        value = reader.varint();
        break;
      case ANY_VALUE.double:
        value = reader.double();
        break;
      case ANY_VALUE.bytes:
        value = reader.copiedBytes();
        break;
      case ANY_VALUE.array:
        value = readArray(reader.message());
        break;
      case ANY_VALUE.kvlist:
        value = readMap(reader.message());
        break;
      default:
        reader.skip();
    }
  }
  return value;
}

function readArray(reader: ProtobufReader): unknown[] {
  const values: unknown[] = [];
  while (!reader.atEnd) {
    if (reader.tag() === VALUES) values.push(readValue(reader.message()));
    else reader.skip();
  }
  return values;
}

function readMap(reader: ProtobufReader): Record<string, unknown> {
  const map = {};
  while (!reader.atEnd) {
    if (reader.tag() === VALUES) readAttribute(reader.message(), map);
    else reader.skip();
  }
  return map;
}

/** Adds one attribute. */
export function readAttribute(reader: ProtobufReader, attributes: Record<string, unknown>): void {
  let key = '';
  let value: unknown = null;
  while (!reader.atEnd) {
    switch (reader.tag()) {
      case PAIR.key:
        key = reader.text();
        break;
      case PAIR.value:
        value = readValue(reader.message());
        break;
      default:
        reader.skip();
    }
  }
  setOwn(attributes, key, value);
}
