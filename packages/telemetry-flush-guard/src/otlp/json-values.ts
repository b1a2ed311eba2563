import { fragmentOf } from './byte-writer.js';
import type { Fragment } from './byte-writer.js';
import type { JsonWriter } from './json-writer.js';
import { KeyCache } from './key-cache.js';
import { RepeatedText } from './repeated-text.js';
import { expectDepth, hasOwn } from './plain-numbers.js';
import type { AttributesLike } from '../items/otel-types.js';

const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;

const STRING_VALUE = fragmentOf('{"stringValue":');
const INT_VALUE = fragmentOf('{"intValue":');
const DOUBLE_VALUE = fragmentOf('{"doubleValue":');
const TRUE = fragmentOf('{"boolValue":true}');
const FALSE = fragmentOf('{"boolValue":false}');
const BYTES_VALUE = fragmentOf('{"bytesValue":"');
const BYTES_END = fragmentOf('"}');
const ARRAY_VALUE = fragmentOf('{"arrayValue":{"values":');
const KVLIST_VALUE = fragmentOf('{"kvlistValue":{"values":');
const VALUES_END = fragmentOf('}}');
const NOTHING = fragmentOf('{}');

/** What stands before a value of an attribute, up to the value, and up to the text of one that is a text. */
interface Key {
  readonly value: Fragment;
  readonly text: Fragment;
  readonly repeated: RepeatedText;
}

const keys = new KeyCache<Key>(key => {
  const value = `{"key":${JSON.stringify(key)},"value":`;
  return {
    value: fragmentOf(value),
    text: fragmentOf(`${value}{"stringValue":`),
    repeated: new RepeatedText(),
  };
});

/**
 * Attributes as a list of pairs.
 *
 * @throws RangeError for a value that contains itself, or is nested more than 64 deep
 */
export function writeAttributes(
  writer: JsonWriter,
  attributes: AttributesLike | null | undefined,
  depth = 0,
): void {
  // A comma too many at the front becomes the bracket.
  const start = writer.position;
  for (const key in attributes) {
    if (!hasOwn(attributes, key)) continue;
    const value = attributes[key];
    const name = keys.get(key);
    writer.byte(COMMA);
    if (typeof value === 'string') {
      writeText(writer, name, value);
    } else {
      writer.fragment(name.value);
      writeValue(writer, value, depth);
      writer.byte(CLOSE);
    }
  }
  closeList(writer, start);
}

function writeText(writer: JsonWriter, { text: head, repeated }: Key, text: string): void {
  const written = repeated.of(text);
  if (written !== undefined) {
    writer.fragment(written);
    return;
  }
  const from = writer.position;
  writer.fragment(head);
  writer.text(text);
  writer.fragment(VALUES_END);
  repeated.wrote(text, writer, from);
}

const CLOSE = 0x7d;

/** A list of which each element, of one at least, begins with a comma. */
export function closeList(writer: JsonWriter, start: number): void {
  if (writer.position === start) writer.byte(OPEN_LIST);
  else writer.bytes[start] = OPEN_LIST;
  writer.byte(CLOSE_LIST);
}

/** What AnyValue says of a value: nothing for null, undefined, a bigint, a symbol and a function. */
export function writeValue(writer: JsonWriter, value: unknown, depth = 0): void {
  switch (typeof value) {
    case 'string':
      writer.fragment(STRING_VALUE);
      writer.text(value);
      writer.byte(CLOSE);
      break;
    case 'boolean':
      writer.fragment(value ? TRUE : FALSE);
      break;
    case 'number':
      writer.fragment(Number.isInteger(value) ? INT_VALUE : DOUBLE_VALUE);
      writer.number(value);
      writer.byte(CLOSE);
      break;
    case 'object':
      if (value === null) writer.fragment(NOTHING);
      else writeObject(writer, value, depth + 1);
      break;
    default:
      writer.fragment(NOTHING);
  }
}

function writeObject(writer: JsonWriter, object: object, depth: number): void {
  expectDepth(depth);
  if (object instanceof Uint8Array) {
    writer.fragment(BYTES_VALUE);
    writer.ascii(Buffer.from(object.buffer, object.byteOffset, object.byteLength).toString('base64'));
    writer.fragment(BYTES_END);
    return;
  }
  const isArray = Array.isArray(object);
  writer.fragment(isArray ? ARRAY_VALUE : KVLIST_VALUE);
  if (isArray) writeArray(writer, object, depth);
  else writeAttributes(writer, object as AttributesLike, depth);
  writer.fragment(VALUES_END);
}

function writeArray(writer: JsonWriter, array: readonly unknown[], depth: number): void {
  const start = writer.position;
  for (const element of array) {
    writer.byte(COMMA);
    writeValue(writer, element, depth);
  }
  closeList(writer, start);
}
