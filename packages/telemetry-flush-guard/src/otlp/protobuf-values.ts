import { fragmentOf } from './byte-writer.js';
import type { Fragment } from './byte-writer.js';
import { KeyCache } from './key-cache.js';
import { expectDepth, hasOwn } from './plain-numbers.js';
import { RepeatedText } from './repeated-text.js';
import { DELIMITED, FIXED64, STRING_VALUE, VARINT } from './protobuf-wire.js';
import { ProtobufWriter } from './protobuf-writer.js';
import type { AttributesLike } from '../items/otel-types.js';

// https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/common/v1/common.proto

/** Tags of AnyValue. */
export const ANY_VALUE = {
  string: STRING_VALUE,
  bool: (2 << 3) | VARINT,
  int: (3 << 3) | VARINT,
  double: (4 << 3) | FIXED64,
  array: (5 << 3) | DELIMITED,
  kvlist: (6 << 3) | DELIMITED,
  bytes: (7 << 3) | DELIMITED,
} as const;

/** ArrayValue.values and KeyValueList.values */
export const VALUES = (1 << 3) | DELIMITED;

/** Tags of KeyValue. */
export const PAIR = { key: (1 << 3) | DELIMITED, value: (2 << 3) | DELIMITED } as const;

/** What an int64 holds. */
const LEAST_INT = -(2 ** 63);
const BEYOND_INT = 2 ** 63;

interface Key {
  readonly head: Fragment;
  readonly repeated: RepeatedText;
}

const keyWriter = new ProtobufWriter();

/** KeyValue.key, and the tag of KeyValue.value. */
const keys = new KeyCache<Key>(key => {
  keyWriter.reset(0);
  keyWriter.text(PAIR.key, key);
  keyWriter.byte(PAIR.value);
  return { head: fragmentOf(keyWriter.written(0)), repeated: new RepeatedText() };
});

/**
 * Attributes, each as a KeyValue with a tag of one byte.
 *
 * @throws RangeError for a value that contains itself, or is nested more than 64 deep
 */
export function writeAttributes(
  writer: ProtobufWriter,
  tag: number,
  attributes: AttributesLike | null | undefined,
  depth = 0,
): void {
  for (const key in attributes) {
    if (!hasOwn(attributes, key)) continue;
    const value = attributes[key];
    if (typeof value === 'string') {
      writeText(writer, tag, keys.get(key), value);
      continue;
    }
    const pair = writer.open(tag);
    writer.fragment(keys.get(key).head);
    // The tag is in the fragment, so only the byte for the length is left free.
    writer.position -= 1;
    const start = writer.open(PAIR.value);
    writeValue(writer, value, depth);
    writer.close(start);
    writer.close(pair);
  }
}

function writeText(writer: ProtobufWriter, tag: number, { head, repeated }: Key, text: string): void {
  const written = repeated.of(text);
  if (written !== undefined) {
    writer.byte(tag);
    writer.fragment(written);
    return;
  }
  const from = writer.position;
  writer.textField(tag, head, text);
  // Without the tag, which is not the same in every kind of item.
  repeated.wrote(text, writer, from + 1);
}

/** What AnyValue says of a value: nothing for null, undefined, a bigint, a symbol and a function. */
export function writeValue(writer: ProtobufWriter, value: unknown, depth = 0): void {
  switch (typeof value) {
    case 'string':
      writer.text(STRING_VALUE, value);
      break;
    case 'boolean':
      writer.varint(ANY_VALUE.bool, value ? 1 : 0);
      break;
    case 'number':
      if (Number.isInteger(value) && value >= LEAST_INT && value < BEYOND_INT)
        writer.varint(ANY_VALUE.int, value);
      else writer.double(ANY_VALUE.double, value);
      break;
    case 'object':
      if (value !== null) writeObject(writer, value, depth + 1);
  }
}

function writeObject(writer: ProtobufWriter, object: object, depth: number): void {
  expectDepth(depth);
  if (object instanceof Uint8Array) {
    writer.bytesField(ANY_VALUE.bytes, object);
    return;
  }
  const isArray = Array.isArray(object);
  const start = writer.open(isArray ? ANY_VALUE.array : ANY_VALUE.kvlist);
  if (!isArray) writeAttributes(writer, VALUES, object as AttributesLike, depth);
  else
    for (const element of object as readonly unknown[]) {
      const value = writer.open(VALUES);
      writeValue(writer, element, depth);
      writer.close(value);
    }
  writer.close(start);
}
