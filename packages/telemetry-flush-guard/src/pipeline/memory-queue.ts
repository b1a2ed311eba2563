import type { Place } from '../spool/lane-spool.js';
import type { Segment } from '../spool/segment.js';

/** An item that waits in memory. */
export interface Entry<Item> {
  readonly item: Item;
  /** About what it takes. */
  readonly bytes: number;
  /** What it is on disk, if that is known and not yet written. */
  text: string | undefined;
  /** Where it is on disk; undefined: nowhere. */
  place: Place | undefined;
}

/** First in, first out, bounded by items and by bytes. */
export class MemoryQueue<Item> {
  readonly #limitItems: number;
  readonly #limitBytes: number;
  #entries: (Entry<Item> | undefined)[] = [];
  #head = 0;
  #bytes = 0;

  constructor(limitItems: number, limitBytes: number) {
    this.#limitItems = limitItems;
    this.#limitBytes = limitBytes;
  }

  get length(): number {
    return this.#entries.length - this.#head;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Entries that are on disk too. */
  get onDisk(): number {
    return this.#waiting().filter(({ place }) => place !== undefined).length;
  }

  /** Entries that have a place in one of these segments. */
  placedIn(segments: ReadonlySet<Segment>): Entry<Item>[] {
    return this.#waiting().filter(({ place }) => place !== undefined && segments.has(place.segment));
  }

  /** Entries that are in memory only. */
  unwritten(): Entry<Item>[] {
    return this.#waiting().filter(({ place }) => place === undefined);
  }

  hasRoomFor(bytes: number): boolean {
    return this.length < this.#limitItems && this.#bytes + bytes <= this.#limitBytes;
  }

  push(entry: Entry<Item>): void {
    this.#entries.push(entry);
    this.#bytes += entry.bytes;
  }

  /** Takes the oldest ones out. */
  take(count: number): Entry<Item>[] {
    const taken = this.#entries.slice(this.#head, this.#head + count) as Entry<Item>[];
    this.#entries.fill(undefined, this.#head, this.#head + taken.length);
    this.#head += taken.length;
    // The room before the head is given back now and then, not each time.
    if (this.#head > 1024 && this.#head * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#head);
      this.#head = 0;
    }
    for (const { bytes } of taken) this.#bytes -= bytes;
    return taken;
  }

  /** Puts what was taken back where it was. */
  putBack(entries: readonly Entry<Item>[]): void {
    this.#entries = [...entries, ...this.#waiting()];
    this.#head = 0;
    for (const { bytes } of entries) this.#bytes += bytes;
  }

  /** Takes out what the test says. */
  remove(test: (entry: Entry<Item>) => boolean): Entry<Item>[] {
    const removed: Entry<Item>[] = [];
    const kept: Entry<Item>[] = [];
    for (const entry of this.take(this.length)) (test(entry) ? removed : kept).push(entry);
    this.putBack(kept);
    return removed;
  }

  #waiting(): Entry<Item>[] {
    return this.#entries.slice(this.#head) as Entry<Item>[];
  }
}
