import type { Place } from '../spool/lane-spool.js';
import type { Segment } from '../spool/segment.js';

/** An item in memory. */
export interface Entry<Item> {
  readonly item: Item;
  /** About what it takes. */
  readonly bytes: number;
  /** What it is on disk, if that is known and not yet written. */
  text: string | undefined;
  /** Where it is on disk; undefined: nowhere. */
  place: Place | undefined;
}

/** First in, first out, bounded by items and by bytes. What is being sent has been taken out, and is still in memory. */
export class MemoryQueue<Item> {
  readonly #limitItems: number;
  readonly #limitBytes: number;
  #entries: (Entry<Item> | undefined)[] = [];
  #head = 0;
  #bytes = 0;
  #inFlight: readonly Entry<Item>[] = [];

  constructor(limitItems: number, limitBytes: number) {
    this.#limitItems = limitItems;
    this.#limitBytes = limitBytes;
  }

  /** Entries that wait. */
  get length(): number {
    return this.#entries.length - this.#head;
  }

  /** Of the entries that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Entries that are being sent: another array each time. */
  get inFlight(): readonly Entry<Item>[] {
    return this.#inFlight;
  }

  /** All that is in memory, what is being sent first. */
  get all(): readonly Entry<Item>[] {
    return [...this.#inFlight, ...this.#waiting()];
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

  /** Takes the oldest ones out to be sent, when none are being sent. */
  takeOff(count: number): readonly Entry<Item>[] {
    return (this.#inFlight = this.take(count));
  }

  /** What was being sent has arrived. */
  landed(): void {
    this.#inFlight = [];
  }

  /** Puts what was being sent back where it was. */
  putBack(): void {
    const entries = this.#inFlight;
    this.#inFlight = [];
    this.#putFirst(entries);
  }

  /** Takes out what waits and the test says. */
  remove(test: (entry: Entry<Item>) => boolean): Entry<Item>[] {
    const removed: Entry<Item>[] = [];
    const kept: Entry<Item>[] = [];
    for (const entry of this.take(this.length)) (test(entry) ? removed : kept).push(entry);
    this.#putFirst(kept);
    return removed;
  }

  /** All in memory with a place in one of these segments. */
  placedIn(segments: ReadonlySet<Segment>): Entry<Item>[] {
    return this.all.filter(({ place }) => place !== undefined && segments.has(place.segment));
  }

  /** All in memory that is on no disk. */
  unwritten(): Entry<Item>[] {
    return this.all.filter(({ place }) => place === undefined);
  }

  #putFirst(entries: readonly Entry<Item>[]): void {
    this.#entries = [...entries, ...this.#waiting()];
    this.#head = 0;
    for (const { bytes } of entries) this.#bytes += bytes;
  }

  #waiting(): Entry<Item>[] {
    return this.#entries.slice(this.#head) as Entry<Item>[];
  }
}
