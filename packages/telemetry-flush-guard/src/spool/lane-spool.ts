import type { Origin } from '../items/item-codec.js';
import type { ItemFormat, Payload } from '../items/item-form.js';
import type { DiskUse } from './disk-use.js';
import { segmentPath } from './file-names.js';
import type { FileSystem } from './file-system.js';
import { NO_TOTALS, sumOfTotals } from './lane-totals.js';
import type { LaneTotals } from './lane-totals.js';
import type { DropReason, Outcome } from './outcome.js';
import { Segment } from './segment.js';
import { SegmentWriter } from './segment-writer.js';
import type { WritableItem } from './segment-writer.js';

const HOUR_MILLIS = 3_600_000;

/** Where a lane is. */
export interface LaneSettings {
  readonly files: FileSystem;
  /** The folder of this process. */
  readonly folder: string;
  /** What the files are called: `spans`. */
  readonly lane: string;
  /** A segment that has so many bytes is closed, and the next begun. */
  readonly segmentBytes: number;
  /** One that is so old is too, so that what is in it is of about the same age. Default one hour. */
  readonly segmentMillis?: number;
  readonly disk: DiskUse;
  /** How its items are written. Default {@link ItemFormat.item}. */
  readonly format?: ItemFormat;
  readonly now?: () => number;
}

/** An item that was accepted: its number, and the segment that has it. */
export interface Place {
  readonly number: number;
  readonly segment: Segment;
}

/** A segment that grows, and what writes it. */
interface Growing {
  readonly writer: SegmentWriter;
  readonly segment: Segment;
}

/** The segments that this process writes for one exporter, oldest first. */
export class LaneSpool {
  readonly #settings: LaneSettings;
  readonly #segments: Segment[] = [];
  /** The segment that grows, and what writes it. */
  #current: Growing | undefined;
  #nextNumber = 0;
  #nextSegment = 1;
  /** Of segments that are gone. */
  #gone: LaneTotals = NO_TOTALS;

  constructor(settings: LaneSettings) {
    this.#settings = settings;
  }

  /** Oldest first; the last one may still grow. */
  get segments(): readonly Segment[] {
    return this.#segments;
  }

  /** What was written to disk since the start, and what became of it. */
  get totals(): LaneTotals {
    return this.#segments.reduce((sum, { totals }) => sumOfTotals(sum, totals), this.#gone);
  }

  /**
   * Writes an item. When this returns, the item survives the process.
   *
   * @throws what the file system throws; then the item is not there
   */
  append(payload: Payload, origin: Origin): Place {
    const { writer, segment } = this.#withRoom();
    const before = writer.bytes;
    const number = this.#nextNumber;
    try {
      writer.append(number, payload, origin);
      this.#nextNumber += 1;
    } finally {
      this.#grew(writer, segment, before);
    }
    return { number, segment };
  }

  /**
   * Writes the first of the items with one call: as many as go into the segment, at least one.
   *
   * @returns their places
   * @throws what the file system throws; then none of them is there
   */
  appendFirst(items: readonly WritableItem[]): Place[] {
    const { writer, segment } = this.#withRoom();
    const before = writer.bytes;
    const first = this.#nextNumber;
    try {
      this.#nextNumber += writer.appendFirst(first, items, this.#settings.segmentBytes);
    } finally {
      this.#grew(writer, segment, before);
    }
    return Array.from({ length: this.#nextNumber - first }, (_, index) => ({
      number: first + index,
      segment,
    }));
  }

  /**
   * Items of a segment are done with. A segment that is closed and done with is removed.
   *
   * @returns how many of them were not yet
   * @throws what the file system throws; what is done with stays so
   */
  settle(segment: Segment, first: number, count: number, outcome: Outcome): number {
    const before = segment.bytes;
    try {
      return segment.settle(first, count, outcome);
    } finally {
      this.#settings.disk.changed(segment.bytes - before);
      this.#sweep();
    }
  }

  /** Writes resources again that have come to know all of their attributes. */
  refreshResources(): void {
    const writer = this.#current?.writer;
    if (writer === undefined) return;
    const before = writer.bytes;
    try {
      writer.refreshResources();
    } finally {
      this.#settings.disk.changed(writer.bytes - before);
    }
  }

  /**
   * Gives the oldest segment up. The one that is being written is closed first.
   *
   * @throws what the file system throws; its items are done with all the same
   */
  evictOldest(reason: DropReason = 'spool_full'): void {
    const [oldest] = this.#segments;
    if (oldest === undefined) return;
    oldest.noteAll(reason);
    // One that is done with is gone with the closing.
    if (oldest === this.#current?.segment) this.seal();
    else this.#remove(oldest);
  }

  /** Closes the segment that is being written. The next item begins another. */
  seal(): void {
    const current = this.#current;
    this.#current = undefined;
    current?.writer.close();
    this.#sweep();
  }

  /** Closes all files. What is not done with stays on disk. */
  close(): void {
    this.seal();
    for (const { acks } of this.#segments) acks.close();
  }

  #grew(writer: SegmentWriter, segment: Segment, beforeBytes: number): void {
    this.#settings.disk.changed(writer.bytes - beforeBytes);
    segment.grew(this.#nextNumber, writer.bytes);
  }

  /** Removes what is closed and done with. */
  #sweep(): void {
    for (const segment of this.#segments.filter(({ isDone }) => isDone)) {
      if (segment !== this.#current?.segment) this.#remove(segment);
    }
  }

  #withRoom(): Growing {
    const { segmentBytes, now = Date.now } = this.#settings;
    const nowMillis = now();
    if (this.#current !== undefined) {
      const { writer, segment } = this.#current;
      if (writer.bytes < segmentBytes && !segment.isOlderThan(nowMillis)) return this.#current;
      this.seal();
    }
    return this.#begin(nowMillis);
  }

  #begin(nowMillis: number): Growing {
    const { files, folder, lane, segmentMillis = HOUR_MILLIS, disk, format } = this.#settings;
    const number = this.#nextSegment;
    // A number that was tried is not tried again: its file may be there and not be ours to go on with.
    this.#nextSegment += 1;
    const first = this.#nextNumber;
    const span = { beganMillis: nowMillis, untilMillis: nowMillis + segmentMillis };
    const writer = new SegmentWriter(files, segmentPath(folder, lane, number), first, span, format);
    disk.changed(writer.bytes);
    const place = { number, first, end: first, bytes: writer.bytes, span };
    const segment = new Segment(files, folder, lane, place);
    this.#segments.push(segment);
    this.#current = { writer, segment };
    // The only one there is has to tell of those that are gone.
    if (this.#segments.length === 1 && this.#gone.accepted > 0) this.#writeGone(segment);
    return this.#current;
  }

  /** What it tells of those before it goes to the newest one, before it is removed. */
  #remove(segment: Segment): void {
    const { disk } = this.#settings;
    this.#segments.splice(this.#segments.indexOf(segment), 1);
    this.#gone = sumOfTotals(this.#gone, segment.totals);
    const newest = this.#segments.at(-1);
    if (newest !== undefined) this.#writeGone(newest);
    disk.changed(-segment.bytes);
    segment.remove();
  }

  #writeGone(newest: Segment): void {
    const before = newest.bytes;
    try {
      newest.acks.writeTotals(this.#gone);
    } catch {
      // Totals are for the report of the next start; the items themselves do not depend on them.
    }
    this.#settings.disk.changed(newest.bytes - before);
  }
}
