import { DELIMITED, FIXED32, FIXED64, VARINT } from './protobuf-wire.js';
import type { HrTime } from '../items/otel-types.js';

const TWO_TO_32 = 2 ** 32;
const NANOS_PER_SECOND = 1_000_000_000n;
const MOST_VARINT_BYTES = 10;

/** An id that is written, and is empty: it was one digit, as no id at all is not written. */
export const HALF_A_BYTE = '0';

/** Reads protobuf, and nothing beyond its end. Every method throws a RangeError for bytes that are none, or not all. */
export class ProtobufReader {
  readonly #bytes: Buffer;
  readonly #end: number;
  #position: number;
  #tag = 0;

  /** Of all the bytes, or of those from one position up to another. */
  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.#bytes = Buffer.isBuffer(bytes)
      ? bytes
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#position = start;
    this.#end = end;
  }

  get atEnd(): boolean {
    return this.#position === this.#end;
  }

  /** The number of the next field and its wire type, as they are written. */
  tag(): number {
    this.#tag = this.varint();
    return this.#tag;
  }

  /** Beyond 2^53 only what a double holds, which is all that was ever written. */
  varint(): number {
    let low = 0;
    let high = 0;
    for (let count = 0; count < MOST_VARINT_BYTES; count += 1) {
      const byte = this.#byte();
      const bits = byte & 0x7f;
      const shift = count * 7;
      if (shift < 32) low |= bits << shift;
      if (shift > 25) high |= shift < 32 ? bits >>> (32 - shift) : bits << (shift - 32);
      if (byte < 0x80) return signed(low >>> 0, high | 0);
    }
    throw new RangeError('a number of protobuf has no end');
  }

  double(): number {
    return this.#bytes.readDoubleLE(this.#take(8));
  }

  fixed32(): number {
    return this.#bytes.readUInt32LE(this.#take(4));
  }

  time(): HrTime {
    const nanos = this.#bytes.readBigUInt64LE(this.#take(8));
    return [Number(nanos / NANOS_PER_SECOND), Number(nanos % NANOS_PER_SECOND)];
  }

  text(): string {
    const start = this.#delimited();
    return this.#bytes.toString('utf8', start, this.#position);
  }

  hexId(): string {
    const start = this.#delimited();
    return this.#bytes.toString('hex', start, this.#position);
  }

  /** A copy. */
  copiedBytes(): Uint8Array {
    const start = this.#delimited();
    return new Uint8Array(this.#bytes.subarray(start, this.#position));
  }

  message(): ProtobufReader {
    const start = this.#delimited();
    return new ProtobufReader(this.#bytes, start, this.#position);
  }

  /** Over the field of the last tag. */
  skip(): void {
    const type = this.#tag & 7;
    if (type === VARINT) this.varint();
    else if (type === FIXED64) this.#take(8);
    else if (type === DELIMITED) this.#delimited();
    else if (type === FIXED32) this.#take(4);
    else throw new RangeError(`a field of protobuf has the wire type ${type}`);
  }

  #byte(): number {
    // eslint-disable-next-line @typescript-eslint/no-non-null-assertion -- within bounds
    return this.#bytes[this.#take(1)]!;
  }

  /** The position of bytes that have their length before them, and end where the position is now. */
  #delimited(): number {
    return this.#take(this.varint());
  }

  /** The position of so many bytes, which are read now. */
  #take(bytes: number): number {
    const start = this.#position;
    if (bytes < 0 || start + bytes > this.#end) throw new RangeError('a field of protobuf is cut off');
    this.#position = start + bytes;
    return start;
  }
}

function signed(low: number, high: number): number {
  return high * TWO_TO_32 + low;
}
