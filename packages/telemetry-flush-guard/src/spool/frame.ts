import { crc32 } from 'node:zlib';
import type { Payload } from '../items/item-form.js';

// A record on disk:
//
//      0      4        8        12     13     14       16       24             24 + length
//      ┌──────┬────────┬────────┬──────┬──────┬────────┬────────┬──────────────┐
//      │ sync │ crc 32 │ length │ type │ code │ number │ number │ payload      │
//      │      │        │        │      │      │ 2 high │ 4 low, │              │
//      │      │        │        │      │      │ bytes  │ ~length│              │
//      └──────┴────────┴────────┴──────┴──────┴────────┴────────┴──────────────┘
//                      └───────────────── under the crc ────────────────────────┘
//
// Nothing is ever written over: a record is there whole, or torn at the end of its file, or damaged, and each can be told by itself.
// The complement of the length tells a record whose end was never written from one whose length is damaged.
// The sync word has bytes that no UTF-8 has, so that a reader that has lost its way finds the next record.

export const HEADER_BYTES = 24;

/** Longer than any record may be: a length beyond it is damage. */
export const LONGEST_PAYLOAD = 16 * 1024 * 1024;

/** Of what stands before an item in its record: the numbers of its resource and scope. */
const LONGEST_PREFIX = 64;

/** What a payload takes at most, as bytes: a character of UTF-16 is at most three bytes of UTF-8. */
export function mostBytesOfPayload(payload: Payload): number {
  return typeof payload === 'string' ? 3 * payload.length : payload.length;
}

/** Whether an item is surely not too long for a record. */
export function fitsRecord(payload: Payload): boolean {
  return mostBytesOfPayload(payload) + LONGEST_PREFIX <= LONGEST_PAYLOAD;
}

const SYNC = 0xf8_fb_ff_fe;

/** What a record is. */
export const RecordType = {
  /** First in a segment: schema and lane. */
  header: 1,
  resource: 2,
  scope: 3,
  item: 4,
  /** In a file of acks: items of consecutive numbers are done with. */
  ack: 5,
  /** In a file of acks: what is known of segments that are gone. */
  totals: 6,
} as const;

export type RecordType = (typeof RecordType)[keyof typeof RecordType];

/** A record as it was read. The payload is a view into what was read. */
export interface WrittenRecord {
  readonly type: number;
  readonly code: number;
  readonly number: number;
  readonly payload: Buffer;
  /** Where it begins. */
  readonly offset: number;
}

/** Makes records in a buffer that is used again and again: what it returns is valid until the next call. */
export class FrameWriter {
  #buffer: Buffer = Buffer.allocUnsafeSlow(64 * 1024);
  // Not by the methods of Buffer, which check what is known here and take several times as long before they are compiled: at the end
  // of a process nothing is.
  #view = viewOf(this.#buffer);
  #end = 0;

  /** A record by itself. @throws RangeError if the payload is longer than 16 MiB */
  frame(type: RecordType, code: number, number: number, payload: Payload, prefix = ''): Buffer {
    this.add(type, code, number, payload, prefix);
    return this.take();
  }

  /** Bytes of the records that were added. */
  get bytes(): number {
    return this.#end;
  }

  /**
   * Adds a record to those before.
   *
   * @param prefix of the payload, in ASCII
   * @throws RangeError if the payload is longer than 16 MiB; then it is not added
   */
  add(type: RecordType, code: number, number: number, payload: Payload, prefix = ''): void {
    const start = this.#end;
    const begin = start + HEADER_BYTES + prefix.length;
    this.#reserve(begin + mostBytesOfPayload(payload));
    const buffer = this.#buffer;
    if (prefix !== '') buffer.write(prefix, begin - prefix.length, 'latin1');
    let length = prefix.length;
    if (typeof payload === 'string') length += buffer.write(payload, begin, 'utf8');
    else {
      buffer.set(payload, begin);
      length += payload.length;
    }
    if (length > LONGEST_PAYLOAD) throw new RangeError(`a record of ${length} bytes is too long`);
    const view = this.#view;
    view.setUint32(start, SYNC, true);
    view.setUint32(start + 8, length, true);
    view.setUint8(start + 12, type);
    view.setUint8(start + 13, code);
    view.setUint16(start + 14, Math.floor(number / 0x1_0000_0000), true);
    view.setUint32(start + 16, number, true);
    view.setUint32(start + 20, ~length, true);
    const end = start + HEADER_BYTES + length;
    view.setUint32(start + 4, crc32(this.#buffer.subarray(start + 8, end)), true);
    this.#end = end;
  }

  /** All that was added since the last time. */
  take(): Buffer {
    const end = this.#end;
    this.#end = 0;
    return this.#buffer.subarray(0, end);
  }

  #reserve(bytes: number): void {
    if (bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.#buffer.length, bytes));
    this.#buffer.copy(larger, 0, 0, this.#end);
    this.#buffer = larger;
    this.#view = viewOf(larger);
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** What was read of a file. */
export interface ReadRecords {
  readonly records: WrittenRecord[];
  /** How often the reader had to look for the next record because one was damaged. */
  readonly damaged: number;
  /** Bytes of a record at the end that was never finished. */
  readonly tornBytes: number;
}

/** Reads all records that are whole; never throws, whatever the bytes. */
export function readRecords(bytes: Buffer): ReadRecords {
  const records: WrittenRecord[] = [];
  let damaged = 0;
  let offset = 0;
  while (offset < bytes.length) {
    const record = recordAt(bytes, offset);
    if (record !== undefined) {
      records.push(record);
      offset += HEADER_BYTES + record.payload.length;
      continue;
    }
    const next = nextRecord(bytes, offset + 1);
    if (next === undefined) return { records, ...endOf(bytes, offset, damaged) };
    damaged += 1;
    offset = next;
  }
  return { records, damaged, tornBytes: 0 };
}

function recordAt(bytes: Buffer, offset: number): WrittenRecord | undefined {
  if (offset + HEADER_BYTES > bytes.length || bytes.readUInt32LE(offset) !== SYNC) return undefined;
  const length = bytes.readUInt32LE(offset + 8);
  const end = offset + HEADER_BYTES + length;
  if (end > bytes.length || crc32(bytes.subarray(offset + 8, end)) !== bytes.readUInt32LE(offset + 4)) {
    return undefined;
  }
  return {
    type: bytes.readUInt8(offset + 12),
    code: bytes.readUInt8(offset + 13),
    number: bytes.readUInt16LE(offset + 14) * 0x1_0000_0000 + bytes.readUInt32LE(offset + 16),
    payload: bytes.subarray(offset + HEADER_BYTES, end),
    offset,
  };
}

const SYNC_BYTES = Buffer.alloc(4);
SYNC_BYTES.writeUInt32LE(SYNC);

/** Where the next record begins that is whole. */
function nextRecord(bytes: Buffer, from: number): number | undefined {
  for (let at = bytes.indexOf(SYNC_BYTES, from); at !== -1; at = bytes.indexOf(SYNC_BYTES, at + 1)) {
    if (recordAt(bytes, at) !== undefined) return at;
  }
  return undefined;
}

/** Whether what is left at the end is a record that was being written when the process died, or one that was damaged. */
function endOf(bytes: Buffer, offset: number, damaged: number): { damaged: number; tornBytes: number } {
  const left = bytes.length - offset;
  const isBeginning =
    left < HEADER_BYTES
      ? SYNC_BYTES.subarray(0, Math.min(4, left)).equals(bytes.subarray(offset, offset + Math.min(4, left)))
      : bytes.readUInt32LE(offset) === SYNC &&
        HEADER_BYTES + bytes.readUInt32LE(offset + 8) > left &&
        bytes.readUInt32LE(offset + 20) === ~bytes.readUInt32LE(offset + 8) >>> 0;
  return isBeginning ? { damaged, tornBytes: left } : { damaged: damaged + 1, tornBytes: 0 };
}
