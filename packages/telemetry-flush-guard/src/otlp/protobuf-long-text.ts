import { MOST_BYTES_PER_UNIT } from './byte-writer.js';
import type { ByteWriter, Fragment } from './byte-writer.js';
import { MOST_VARINT_BYTES, STRING_VALUE, putLength, varintBytes } from './protobuf-wire.js';

// How long a text is as UTF-8 stands before it, and how long that is, decides where it begins. It is written as if it were ASCII, and moved
// if it is not and what stands before it takes more room.

/** A text with its tag and length. */
export function writeLongText(writer: ByteWriter, tag: number, text: string): void {
  const start = writer.position;
  const size = writeAfter(writer, text, size => 1 + varintBytes(size));
  writer.bytes[start] = tag;
  writer.position = putLength(writer.bytes, start + 1, size) + size;
}

/** An attribute that is a text: tag, length, key, length of the value, text. */
export function writeLongTextField(writer: ByteWriter, tag: number, key: Fragment, text: string): void {
  const value = (size: number): number => 1 + varintBytes(size) + size;
  const pair = (size: number): number => key.length + varintBytes(value(size)) + value(size);
  const head = (size: number): number => 1 + varintBytes(pair(size)) + pair(size) - size;
  const start = writer.position;
  const size = writeAfter(writer, text, head);
  const { bytes } = writer;
  bytes[start] = tag;
  let at = putLength(bytes, start + 1, pair(size));
  // Not as a fragment, which writes some bytes beyond itself.
  for (let index = 0; index < key.length; index += 1) bytes[at++] = byteOf(key, index);
  at = putLength(bytes, at, value(size));
  bytes[at] = STRING_VALUE;
  writer.position = putLength(bytes, at + 1, size) + size;
}

/** Writes the text as many bytes after the position as its size asks for. Its size. */
function writeAfter(writer: ByteWriter, text: string, headOf: (size: number) => number): number {
  const head = headOf(text.length);
  writer.ensure(head + MOST_VARINT_BYTES + text.length * MOST_BYTES_PER_UNIT);
  const start = writer.position + head;
  const size = writer.bytes.write(text, start);
  const moved = writer.position + headOf(size);
  if (moved !== start) writer.bytes.copyWithin(moved, start, start + size);
  return size;
}

function byteOf({ words }: Fragment, index: number): number {
  return (words[index >>> 2] ?? 0) >>> ((index & 3) * 8);
}
