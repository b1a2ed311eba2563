import type { Entry } from './entry.js';

/** Entries in the order in which they came, and what they take. */
export class Fifo<Item> {
  #entries: (Entry<Item> | undefined)[] = [];
  #head = 0;
  #bytes = 0;

  get length(): number {
    return this.#entries.length - this.#head;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get all(): readonly Entry<Item>[] {
    return this.#entries.slice(this.#head) as Entry<Item>[];
  }

  push(entry: Entry<Item>): void {
    this.#entries.push(entry);
    this.#bytes += entry.bytes;
  }

  /**
   * Takes the oldest ones out: so many, or fewer if they would be more bytes than that, or of more than one group; at least one if there
   * is any.
   */
  take(count: number, mostBytes = Infinity, groupOf?: (item: Item) => string): Entry<Item>[] {
    const taken = this.#entries.slice(this.#head, this.#head + count) as Entry<Item>[];
    const group = groupOf && taken[0] && groupOf(taken[0].item);
    let bytes = 0;
    for (const [index, entry] of taken.entries()) {
      if (index > 0 && (bytes + entry.bytes > mostBytes || groupOf?.(entry.item) !== group)) {
        taken.length = index;
        break;
      }
      bytes += entry.bytes;
    }
    this.#entries.fill(undefined, this.#head, this.#head + taken.length);
    this.#head += taken.length;
    this.#bytes -= bytes;
    // The room before the head is given back now and then, not each time.
    if (this.#head > 1024 && this.#head * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#head);
      this.#head = 0;
    }
    return taken;
  }

  /** Takes the newest one out that the test says, if there is any. */
  takeNewest(test: (entry: Entry<Item>) => boolean): Entry<Item>[] {
    for (let index = this.#entries.length - 1; index >= this.#head; index -= 1) {
      const entry = this.#entries[index];
      if (entry === undefined || !test(entry)) continue;
      this.#entries.splice(index, 1);
      this.#bytes -= entry.bytes;
      return [entry];
    }
    return [];
  }

  /** Before all others. */
  putFirst(entries: readonly Entry<Item>[]): void {
    this.#entries = [...entries, ...this.all];
    this.#head = 0;
    for (const { bytes } of entries) this.#bytes += bytes;
  }

  /** Takes out what the test says. */
  remove(test: (entry: Entry<Item>) => boolean): Entry<Item>[] {
    const removed: Entry<Item>[] = [];
    const kept: Entry<Item>[] = [];
    for (const entry of this.take(this.length)) (test(entry) ? removed : kept).push(entry);
    this.putFirst(kept);
    return removed;
  }
}
