import { ItemFormat } from '../items/item-form.js';
import { HEADER_BYTES, RecordType, readRecords } from '../spool/frame.js';
import type { ReadRecords, WrittenRecord } from '../spool/frame.js';
import { SCHEMA, parseSegment } from '../spool/segment-reader.js';
import type { SpooledItem } from '../spool/segment-reader.js';

/** A place in a file that cannot be read, or an item that can and says nothing. */
export interface Damage {
  /** Where it begins. */
  readonly offset: number;
  readonly bytes: number;
  /** `torn`: a record at the end that was never finished. Nothing that was accepted is missing. */
  readonly kind: 'damaged' | 'torn';
  /** Numbers of the items that are lost with it. */
  readonly items: readonly number[];
  /** What it means, in words. */
  readonly loss: string;
}

/** What was found in a file. */
export interface FileDamage {
  readonly records: number;
  readonly items: number;
  readonly damage: readonly Damage[];
}

/** @returns undefined if the segment is of a later version */
export function segmentDamage(bytes: Buffer): FileDamage | undefined {
  const read = readRecords(bytes);
  const { records } = read;
  const header = records.find(({ type }) => type === RecordType.header);
  if (header !== undefined && header.code > SCHEMA) return undefined;
  const damage: Damage[] = [];
  let expected = header?.number;
  const gaps = gapsOf(bytes, read);
  let open: Gap[] = [];
  for (const { record, gap } of gaps) {
    if (gap !== undefined) open.push(gap);
    if (record?.type !== RecordType.item) continue;
    damage.push(...explained(open, numbersBetween(expected ?? record.number, record.number)));
    open = [];
    expected = record.number + 1;
  }
  // How many items a gap at the end has held cannot be told; one at least, or the file would not have been gone on with.
  const last = open.at(-1);
  const isAtEnd = last?.end === bytes.length && read.tornBytes === 0;
  damage.push(...explained(open, isAtEnd && expected !== undefined ? [expected] : []));
  damage.push(...withoutOrigin(bytes, records));
  const items = records.filter(({ type }) => type === RecordType.item).length;
  return { records: records.length, items, damage };
}

/** Of a file of acks. */
export function ackDamage(bytes: Buffer): FileDamage {
  const read = readRecords(bytes);
  const damage = gapsOf(bytes, read).flatMap(({ gap }) =>
    gap === undefined
      ? []
      : [
          damageOf(
            gap,
            [],
            gap.isTorn
              ? 'an ack that was never finished: its items are sent once more'
              : 'acks or totals: what they were about is sent once more, or missing in the report',
          ),
        ],
  );
  return { records: read.records.length, items: 0, damage };
}

interface Gap {
  readonly offset: number;
  readonly end: number;
  readonly isTorn: boolean;
}

/** Records in their order, each with the gap before it; at last the gap at the end, if there is one. */
function gapsOf(
  bytes: Buffer,
  { records, tornBytes }: ReadRecords,
): { record: WrittenRecord | undefined; gap: Gap | undefined }[] {
  let end = 0;
  const found: { record: WrittenRecord | undefined; gap: Gap | undefined }[] = records.map(record => {
    const gap = record.offset > end ? { offset: end, end: record.offset, isTorn: false } : undefined;
    end = record.offset + HEADER_BYTES + record.payload.length;
    return { record, gap };
  });
  if (end < bytes.length) {
    found.push({ record: undefined, gap: { offset: end, end: bytes.length, isTorn: tornBytes > 0 } });
  }
  return found;
}

/** Gaps with no whole item between them share the items that are missing there: they are told with the first that is not torn. */
function explained(gaps: readonly Gap[], lost: readonly number[]): Damage[] {
  const bearer = gaps.find(({ isTorn }) => !isTorn);
  return gaps.map(gap => {
    if (gap.isTorn) return damageOf(gap, [], 'a record that was never finished: nothing that was accepted');
    if (gap !== bearer || lost.length === 0) {
      const what =
        gap.offset === 0
          ? 'the header: the age of the segment'
          : 'no item: one of two copies, or a failed write';
      return damageOf(gap, [], what);
    }
    return damageOf(gap, lost, lost.length === 1 ? `item ${lost[0] ?? ''}` : `items ${rangeText(lost)}`);
  });
}

function damageOf({ offset, end, isTorn }: Gap, items: readonly number[], loss: string): Damage {
  return { offset, bytes: end - offset, kind: isTorn ? 'torn' : 'damaged', items, loss };
}

/** Items that are whole, but whose resource or scope is gone in both copies; and those that are no text of ours. */
function withoutOrigin(bytes: Buffer, records: readonly WrittenRecord[]): Damage[] {
  const { corrupt, items } = parseSegment(bytes);
  const unreadable = new Set(corrupt);
  const readable = new Set(items.filter(isReadable).map(({ number }) => number));
  return records.flatMap(({ type, number, offset, payload }) => {
    if (type !== RecordType.item) return [];
    const isOrphan = unreadable.has(number);
    if (!isOrphan && readable.has(number)) return [];
    const loss = isOrphan
      ? `item ${number}: its resource or scope is damaged in both copies`
      : `item ${number}: it is whole, and not what is written today`;
    return [
      { offset, bytes: HEADER_BYTES + payload.length, kind: 'damaged', items: [number], loss } as const,
    ];
  });
}

function numbersBetween(first: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index);
}

function rangeText(numbers: readonly number[]): string {
  return `${numbers[0] ?? ''} to ${numbers.at(-1) ?? ''}`;
}

/** Whether it is what is written today. What is in bytes needs no look beyond its checksum. */
function isReadable({ format, payload }: SpooledItem): boolean {
  switch (format) {
    case ItemFormat.item:
    case ItemFormat.otlpJson:
      return isJson(payload.toString());
    default:
      return format === ItemFormat.otlpProtobuf;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
