/** Wire types of protobuf: https://protobuf.dev/programming-guides/encoding/#structure */
export const VARINT = 0;
export const FIXED64 = 1;
export const DELIMITED = 2;
export const FIXED32 = 5;

/** AnyValue.string_value */
export const STRING_VALUE = (1 << 3) | DELIMITED;

/** The longest varint. */
export const MOST_VARINT_BYTES = 10;

/** How many bytes a varint takes. */
export function varintBytes(length: number): number {
  if (length < 0x80) return 1;
  if (length < 0x4000) return 2;
  if (length < 0x200000) return 3;
  return length < 0x10000000 ? 4 : 5;
}

/** Writes a length as a varint into room that is there; the position after it. */
export function putLength(bytes: Uint8Array, position: number, length: number): number {
  let at = position;
  let rest = length;
  for (; rest > 0x7f; rest >>>= 7) bytes[at++] = (rest & 0x7f) | 0x80;
  bytes[at++] = rest;
  return at;
}
