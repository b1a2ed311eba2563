import type { Place } from '../spool/lane-spool.js';

/** An item that waits in memory. */
export interface Entry<Item> {
  readonly item: Item;
  /** About what it takes. */
  readonly bytes: number;
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
  #onDisk = 0;

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
    return this.#onDisk;
  }

  hasRoomFor(bytes: number): boolean {
    return this.length < this.#limitItems && this.#bytes + bytes <= this.#limitBytes;
  }

  push(entry: Entry<Item>): void {
    this.#entries.push(entry);
    this.#bytes += entry.bytes;
    if (entry.place !== undefined) this.#onDisk += 1;
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
    for (const { bytes, place } of taken) {
      this.#bytes -= bytes;
      if (place !== undefined) this.#onDisk -= 1;
    }
    return taken;
  }

  /** Puts what was taken back where it was. */
  putBack(entries: readonly Entry<Item>[]): void {
    this.#entries = [...entries, ...this.#entries.slice(this.#head)];
    this.#head = 0;
    for (const { bytes, place } of entries) {
      this.#bytes += bytes;
      if (place !== undefined) this.#onDisk += 1;
    }
  }

  /** Takes out what the test says. */
  remove(test: (entry: Entry<Item>) => boolean): Entry<Item>[] {
    const all = this.take(this.length);
    const removed = all.filter(test);
    this.putBack(all.filter(entry => !removed.includes(entry)));
    return removed;
  }

  /** Each entry that is on no disk gets the place that is made for it; undefined: none could be made. */
  placeAll(makePlace: (item: Item) => Place | undefined): void {
    for (let index = this.#head; index < this.#entries.length; index += 1) {
      const entry = this.#entries[index];
      if (entry === undefined || entry.place !== undefined) continue;
      entry.place = makePlace(entry.item);
      if (entry.place !== undefined) this.#onDisk += 1;
    }
  }
}
