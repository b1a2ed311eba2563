import type { FileSystem } from './file-system.js';
import { HEADER_BYTES, RecordType, readRecords } from './frame.js';
import type { LaneTotals } from './lane-totals.js';
import { outcomeOf } from './outcome.js';
import type { Outcome } from './outcome.js';

/** The version of what is in a record. A segment of a later one is left alone. */
export const SCHEMA = 1;

const COLON = ':'.charCodeAt(0);

/** An item as it lies on disk. */
export interface SpooledItem {
  /** Consecutive within a lane. */
  readonly number: number;
  /** How it is written: one of `ItemFormat`, or of a later version. */
  readonly format: number;
  readonly payload: Buffer;
  readonly resource: string;
  readonly scope: string;
}

/** From when to when, at the latest, a segment is written to: milliseconds since 1970. */
export interface SegmentSpan {
  readonly beganMillis: number;
  readonly untilMillis: number;
}

/** As it stands in the header of a segment. */
export function spanText({ beganMillis, untilMillis }: SegmentSpan): string {
  return `${beganMillis} ${untilMillis}`;
}

function parseSpan(text: string): SegmentSpan | undefined {
  const [, began, until] = /^(\d{1,15}) (\d{1,15})$/.exec(text) ?? [];
  return began === undefined ? undefined : { beganMillis: Number(began), untilMillis: Number(until) };
}

/** What a segment holds. */
export interface SegmentContents {
  /** In the order of their numbers, done with or not. */
  readonly items: readonly SpooledItem[];
  /** Numbers of items that are damaged, or whose resource or scope is. */
  readonly corrupt: readonly number[];
  /** The number of its first item, also if that one is damaged; undefined if neither the header nor an item is there. */
  readonly first: number | undefined;
  /** Undefined if the header is damaged. */
  readonly span: SegmentSpan | undefined;
  /** A segment of a later version, of which nothing is read. */
  readonly isNewer: boolean;
}

/** What a file of acks says. */
export interface AckContents {
  /** Item number → what became of it. */
  readonly outcomes: ReadonlyMap<number, Outcome>;
  /** Of segments before that are gone. */
  readonly totals: LaneTotals | undefined;
}

/** @throws what the file system throws */
export function readWhole(files: FileSystem, path: string): Buffer {
  return read(files, path, bytes => Buffer.allocUnsafe(bytes));
}

/** All segments that this process reads are read into it, one after the other: hundreds of them would be hundreds of buffers. */
let shared = Buffer.alloc(0);

/** As {@link readWhole}; what it returns is valid until the next call. @throws what the file system throws */
export function readForNow(files: FileSystem, path: string): Buffer {
  return read(files, path, bytes => {
    if (bytes > shared.length) shared = Buffer.allocUnsafeSlow(bytes);
    return shared.subarray(0, bytes);
  });
}

function read(files: FileSystem, path: string, bufferOf: (bytes: number) => Buffer): Buffer {
  const fd = files.openSync(path, 'r');
  try {
    const bytes = bufferOf(files.fstatSync(fd).size);
    let done = 0;
    while (done < bytes.length) {
      const count = files.readSync(fd, bytes, done, bytes.length - done, done);
      if (count <= 0) break;
      done += count;
    }
    return bytes.subarray(0, done);
  } finally {
    files.closeSync(fd);
  }
}

/** Takes a segment apart. Never throws, whatever the bytes. */
export function parseSegment(bytes: Buffer): SegmentContents {
  const { records, damaged } = readRecords(bytes);
  const header = records.find(({ type }) => type === RecordType.header);
  if (header !== undefined && header.code > SCHEMA) {
    return { items: [], corrupt: [], first: undefined, span: undefined, isNewer: true };
  }
  // The last one with a number is valid: a resource is written again once all of its attributes are known. And each is written
  // twice, as without it many items would be lost with one byte.
  const resources = new Map<number, string>();
  const scopes = new Map<number, string>();
  for (const { type, number, payload } of records) {
    if (type === RecordType.resource) resources.set(number, payload.toString());
    if (type === RecordType.scope) scopes.set(number, payload.toString());
  }
  const items: SpooledItem[] = [];
  const corrupt: number[] = [];
  let expected = header?.number;
  for (const { type, code, number, payload } of records) {
    if (type !== RecordType.item) continue;
    // A gap in the numbers is what damage has taken.
    for (let lost = expected ?? number; lost < number; lost += 1) corrupt.push(lost);
    expected = number + 1;
    const item = itemOf(number, code, payload, resources, scopes);
    if (item === undefined) corrupt.push(number);
    else items.push(item);
  }
  // Damage at the very end has no later number to show it.
  if (damaged > 0 && expected !== undefined && endsDamaged(bytes, records)) corrupt.push(expected);
  const span = header === undefined ? undefined : parseSpan(header.payload.toString());
  return { items, corrupt, first: header?.number ?? items[0]?.number, span, isNewer: false };
}

function endsDamaged(bytes: Buffer, records: ReturnType<typeof readRecords>['records']): boolean {
  const last = records.at(-1);
  const end = last === undefined ? 0 : last.offset + HEADER_BYTES + last.payload.length;
  return end < bytes.length;
}

/** @param record `resource:scope:item` */
function itemOf(
  number: number,
  format: number,
  record: Buffer,
  resources: ReadonlyMap<number, string>,
  scopes: ReadonlyMap<number, string>,
): SpooledItem | undefined {
  const one = record.indexOf(COLON);
  const two = record.indexOf(COLON, one + 1);
  const resource = resources.get(Number(record.toString('latin1', 0, one)));
  const scope = scopes.get(Number(record.toString('latin1', one + 1, two)));
  if (one < 1 || two < 0 || resource === undefined || scope === undefined) return undefined;
  return { number, format, payload: record.subarray(two + 1), resource, scope };
}

/** Takes a file of acks apart. Never throws; an ack that is damaged is none, and its items are sent once more. */
export function parseAcks(bytes: Buffer): AckContents {
  const outcomes = new Map<number, Outcome>();
  let totals: LaneTotals | undefined;
  for (const { type, code, number, payload } of readRecords(bytes).records) {
    if (type === RecordType.totals) totals = totalsOf(payload.toString()) ?? totals;
    const outcome = outcomeOf(code);
    if (type !== RecordType.ack || outcome === undefined) continue;
    const count = Number(payload.toString());
    for (let done = number; done < number + count; done += 1) outcomes.set(done, outcome);
  }
  return { outcomes, totals };
}

function totalsOf(text: string): LaneTotals | undefined {
  try {
    return JSON.parse(text) as LaneTotals;
  } catch {
    return undefined;
  }
}
