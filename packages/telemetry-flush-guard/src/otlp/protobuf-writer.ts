import { ByteWriter, SHORT_TEXT } from './byte-writer.js';
import type { Fragment } from './byte-writer.js';
import { expectTime } from './plain-numbers.js';
import type { HrTime } from '../items/otel-types.js';
import { HEX_DIGITS, hexDigit } from './hex.js';
import { writeLongText, writeLongTextField } from './protobuf-long-text.js';
import { MOST_VARINT_BYTES, STRING_VALUE, putLength, varintBytes } from './protobuf-wire.js';

const TWO_TO_32 = 2 ** 32;
const NANOS_PER_SECOND = 1_000_000_000;

/** A value of {@link ProtobufWriter.textField}'s key and value messages is this much longer than its text, if that is short. */
const VALUE_HEAD_BYTES = 3;

/** Fields of protobuf. A tag is the number of the field and its wire type, in one byte. */
export class ProtobufWriter extends ByteWriter {
  /** A message begins, whose length is written by {@link close}: nearly always into the one byte that is left free for it. */
  open(tag: number): number {
    this.ensure(2);
    this.bytes[this.position] = tag;
    this.position += 2;
    return this.position;
  }

  /** @param start what {@link open} gave */
  close(start: number): void {
    const length = this.position - start;
    if (length < 0x80) this.bytes[start - 1] = length;
    else this.#closeLong(start, length);
  }

  /** Any number, as the real serializers write it: whole, and what no 64 bits hold without the bits beyond. */
  varint(tag: number, value: number): void {
    this.ensure(1 + MOST_VARINT_BYTES);
    const { bytes } = this;
    let at = this.position;
    bytes[at++] = tag;
    if (value >= 0 && value < TWO_TO_32) {
      this.position = putLength(bytes, at, value >>> 0);
      return;
    }
    const magnitude = Math.abs(value);
    let low = magnitude >>> 0;
    let high = (magnitude / TWO_TO_32) >>> 0;
    if (value < 0) {
      low = -low >>> 0;
      high = low === 0 ? -high >>> 0 : ~high >>> 0;
    }
    for (; high > 0 || low > 0x7f; high >>>= 7) {
      bytes[at++] = (low & 0x7f) | 0x80;
      low = ((low >>> 7) | (high << 25)) >>> 0;
    }
    bytes[at++] = low;
    this.position = at;
  }

  double(tag: number, value: number): void {
    this.ensure(9);
    this.bytes[this.position] = tag;
    this.view.setFloat64(this.position + 1, value, true);
    this.position += 9;
  }

  fixed32(value: number): void {
    this.ensure(4);
    this.view.setUint32(this.position, value, true);
    this.position += 4;
  }

  /**
   * A time in nanoseconds. No double holds them, so the seconds are multiplied in two halves of 16 bits and more.
   *
   * @throws RangeError for one that is none
   */
  time(tag: number, time: HrTime): void {
    expectTime(time);
    this.ensure(9);
    const lower = (time[0] & 0xffff) * NANOS_PER_SECOND;
    const upper = ((time[0] / 0x10000) >>> 0) * NANOS_PER_SECOND;
    const low = (lower >>> 0) + (upper & 0xffff) * 0x10000 + time[1];
    const high = Math.floor(lower / TWO_TO_32) + ((upper / 0x10000) >>> 0) + Math.floor(low / TWO_TO_32);
    this.bytes[this.position] = tag;
    this.view.setUint32(this.position + 1, low, true);
    this.view.setUint32(this.position + 5, high, true);
    this.position += 9;
  }

  /** An id in hexadecimal digits, as bytes. */
  hexId(tag: number, id: string): void {
    if (typeof id !== 'string') throw new TypeError(`an id is of type ${typeof id}`);
    const size = id.length >>> 1;
    this.ensure(6 + size);
    const { bytes } = this;
    bytes[this.position] = tag;
    let at = putLength(bytes, this.position + 1, size);
    for (let index = 0; index < size * 2; index += 2) {
      const first = id.charCodeAt(index);
      const second = id.charCodeAt(index + 1);
      // What is no digit is written too, as the real serializers do, and tells the endpoint that something is wrong.
      bytes[at++] =
        (first | second) < HEX_DIGITS.length
          ? // eslint-disable-next-line @typescript-eslint/no-non-null-assertion -- within bounds
            (HEX_DIGITS[first]! << 4) | HEX_DIGITS[second]!
          : (hexDigit(first) << 4) | hexDigit(second);
    }
    this.position = at;
  }

  bytesField(tag: number, value: Uint8Array): void {
    this.ensure(6);
    this.bytes[this.position] = tag;
    this.position = putLength(this.bytes, this.position + 1, value.length);
    this.raw(value);
  }

  /**
   * @throws TypeError for what is none. Other primitives are written as no text at all, as the real serializers do: an item with a
   * number for its name is not lost.
   */
  text(tag: number, value: string): void {
    const text = typeof value === 'string' ? value : noText(value);
    if (!this.#shortText(tag, text)) writeLongText(this, tag, text);
  }

  /** An attribute that is a text: tag, length, key, length of the value, text. */
  textField(tag: number, key: Fragment, value: string): void {
    const keyBytes = key.length;
    if (value.length <= SHORT_TEXT && keyBytes + value.length + VALUE_HEAD_BYTES < 0x80) {
      const start = this.open(tag);
      this.fragment(key);
      const length = this.position;
      this.position += 1;
      if (this.#shortText(STRING_VALUE, value)) {
        this.bytes[length] = value.length + 2;
        this.bytes[start - 1] = keyBytes + VALUE_HEAD_BYTES + value.length;
        return;
      }
      this.position = start - 2;
    }
    writeLongTextField(this, tag, key, value);
  }

  /** False, and nothing, if it is not short or not ASCII. */
  #shortText(tag: number, text: string): boolean {
    const { length } = text;
    if (length > SHORT_TEXT) return false;
    this.ensure(2 + length);
    const { bytes } = this;
    let at = this.position;
    bytes[at++] = tag;
    bytes[at++] = length;
    let bits = 0;
    for (let index = 0; index < length; index += 1) {
      const code = text.charCodeAt(index);
      bits |= code;
      bytes[at++] = code;
    }
    if (bits > 0x7f) return false;
    this.position = at;
    return true;
  }

  #closeLong(start: number, length: number): void {
    const more = varintBytes(length) - 1;
    this.ensure(more);
    this.bytes.copyWithin(start + more, start, this.position);
    putLength(this.bytes, start - 1, length);
    this.position += more;
  }
}

function noText(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'object' || typeof value === 'function')
    throw new TypeError(`a text is of type ${value === null ? 'null' : typeof value}`);
  return '';
}
