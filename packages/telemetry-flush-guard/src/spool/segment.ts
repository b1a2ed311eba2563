import { AckFile } from './ack-file.js';
import { ackPath, segmentPath } from './file-names.js';
import type { FileSystem } from './file-system.js';
import type { LaneTotals } from './lane-totals.js';
import { NumberRanges } from './number-ranges.js';
import type { Outcome } from './outcome.js';
import { parseAcks, parseSegment, readForNow, readWhole } from './segment-reader.js';
import type { SegmentSpan, SpooledItem } from './segment-reader.js';

/** A segment of the spool, written by this process or found: which of its items are still to be dealt with. */
export class Segment {
  readonly lane: string;
  readonly number: number;
  /** The number of its first item. */
  readonly first: number;
  readonly path: string;
  /** Undefined if that cannot be read: then it does not grow old. */
  readonly span: SegmentSpan | undefined;
  readonly acks: AckFile;
  readonly #files: FileSystem;
  readonly #done = new NumberRanges();
  readonly #outcomes: Partial<Record<Outcome, number>> = {};
  #end: number;
  #bytes: number;

  constructor(
    files: FileSystem,
    folder: string,
    lane: string,
    place: { number: number; first: number; end: number; bytes: number; span: SegmentSpan | undefined },
  ) {
    this.#files = files;
    this.lane = lane;
    this.number = place.number;
    this.first = place.first;
    this.span = place.span;
    this.#end = place.end;
    this.#bytes = place.bytes;
    this.path = segmentPath(folder, lane, place.number);
    this.acks = new AckFile(files, ackPath(folder, lane, place.number));
  }

  /** The number after its last item. */
  get end(): number {
    return this.#end;
  }

  /** Bytes on disk, those of its acks included. */
  get bytes(): number {
    return this.#bytes + this.acks.bytes;
  }

  get pending(): number {
    return this.#end - this.first - this.#done.size;
  }

  get isDone(): boolean {
    return this.pending === 0;
  }

  /** What was accepted into it, and what became of that. */
  get totals(): LaneTotals {
    return { accepted: this.#end - this.first, done: { ...this.#outcomes } };
  }

  /** It has grown. */
  grew(end: number, bytes: number): void {
    this.#end = end;
    this.#bytes = bytes;
  }

  /**
   * Items are done with: here at once, and on disk if that can be written.
   *
   * @returns how many of them were not yet
   * @throws what the file system throws, after it has been noted here
   */
  settle(first: number, count: number, outcome: Outcome): number {
    const settled = this.note(first, count, outcome);
    if (settled > 0) this.acks.ack(first, count, outcome);
    return settled;
  }

  /** As {@link settle}, and nothing is written. */
  note(first: number, count: number, outcome: Outcome): number {
    const settled = this.#done.add(first, count);
    if (settled > 0) this.#outcomes[outcome] = (this.#outcomes[outcome] ?? 0) + settled;
    return settled;
  }

  isPending(number: number): boolean {
    return number >= this.first && number < this.#end && !this.#done.has(number);
  }

  /** Numbers of the items that are to be dealt with. */
  pendingNumbers(): Iterable<number> {
    return this.#done.missing(this.first, this.#end);
  }

  /**
   * The items that are to be dealt with, read from disk: their bytes are valid until another segment is read. What cannot be read of them is
   * noted as corrupt.
   *
   * @param isWanted whether an item is asked for; the others are left as they are
   * @throws what the file system throws
   */
  readPending(isWanted: (number: number) => boolean = () => true): SpooledItem[] {
    const { items, corrupt } = parseSegment(readForNow(this.#files, this.path));
    for (const number of corrupt) {
      if (this.isPending(number) && isWanted(number)) this.settle(number, 1, 'corrupt');
    }
    const read = items.filter(({ number }) => this.isPending(number) && isWanted(number));
    // What should be there and is neither read nor found damaged: the file has lost its end.
    const found = new Set(read.map(({ number }) => number));
    for (const number of [...this.pendingNumbers()]) {
      if (!found.has(number) && isWanted(number)) this.settle(number, 1, 'corrupt');
    }
    return read;
  }

  /** Notes all that is to be dealt with as done with. Returns how many items that were. */
  noteAll(outcome: Outcome): number {
    const { pending } = this;
    for (const number of [...this.pendingNumbers()]) this.note(number, 1, outcome);
    return pending;
  }

  /** Whether even the newest of its items was written before that. */
  isOlderThan(millis: number): boolean {
    return this.span !== undefined && this.span.untilMillis < millis;
  }

  /** Whether it has grown on disk since it was looked at: its owner lives after all. @throws what the file system throws */
  hasGrown(): boolean {
    return this.#files.lstatSync(this.path).size > this.#bytes;
  }

  /**
   * Takes its files away: first what it holds, so that acks never lie there without what they are about being done.
   *
   * @throws what the file system throws
   */
  remove(): void {
    this.acks.close();
    for (const path of [this.path, this.acks.path]) {
      try {
        this.#files.unlinkSync(path);
      } catch (thrown) {
        if ((thrown as { code?: string }).code !== 'ENOENT') throw thrown;
      }
    }
  }
}

/** A segment that lies on disk, and the totals of those before it that its acks tell of. */
export interface FoundSegment {
  readonly segment: Segment;
  readonly totals: LaneTotals | undefined;
}

/**
 * Looks at a segment that another process has written.
 *
 * @returns undefined if it is of a later version
 * @throws what the file system throws
 */
export function findSegment(
  files: FileSystem,
  folder: string,
  lane: string,
  number: number,
): FoundSegment | undefined {
  const bytes = readForNow(files, segmentPath(folder, lane, number));
  const { items, corrupt, first, span, isNewer } = parseSegment(bytes);
  if (isNewer) return undefined;
  const numbers = [...items.map(item => item.number), ...corrupt];
  const start = first ?? numbers[0] ?? 0;
  const end = numbers.reduce((last, item) => Math.max(last, item + 1), start);
  const segment = new Segment(files, folder, lane, { number, first: start, end, bytes: bytes.length, span });
  let totals: LaneTotals | undefined;
  try {
    const acks = parseAcks(readWhole(files, segment.acks.path));
    for (const [item, outcome] of acks.outcomes) {
      if (item >= start && item < end) segment.note(item, 1, outcome);
    }
    totals = acks.totals;
  } catch (thrown) {
    if ((thrown as { code?: string }).code !== 'ENOENT') throw thrown;
  }
  return { segment, totals };
}
