import type { Segment } from '../spool/segment.js';
import type { Entry } from './entry.js';
import { Fifo } from './fifo.js';

/**
 * First in, first out, bounded by items and by bytes; what comes from the host before what was read back from disk. What is being sent has been
 * taken out, and is still in memory.
 */
export class MemoryQueue<Item> {
  readonly #limitItems: number;
  readonly #limitBytes: number;
  readonly #live = new Fifo<Item>();
  readonly #restored = new Fifo<Item>();
  #inFlight: readonly Entry<Item>[] = [];
  #isInFlightRestored = false;

  constructor(limitItems: number, limitBytes: number) {
    this.#limitItems = limitItems;
    this.#limitBytes = limitBytes;
  }

  /** Entries that wait. */
  get length(): number {
    return this.#live.length + this.#restored.length;
  }

  /** Entries that wait and have come from the host. */
  get live(): number {
    return this.#live.length;
  }

  /** Entries that are being sent: another array each time. */
  get inFlight(): readonly Entry<Item>[] {
    return this.#inFlight;
  }

  /** Whether what is being sent was read back from disk. */
  get isInFlightRestored(): boolean {
    return this.#isInFlightRestored;
  }

  /** All that is in memory, what is being sent first. */
  get all(): readonly Entry<Item>[] {
    return [...this.#inFlight, ...this.#live.all, ...this.#restored.all];
  }

  hasRoomFor(bytes: number): boolean {
    return (
      this.length < this.#limitItems && this.#live.bytes + this.#restored.bytes + bytes <= this.#limitBytes
    );
  }

  push(entry: Entry<Item>): void {
    this.#live.push(entry);
  }

  /** What was read back from disk. */
  pushRestored(entry: Entry<Item>): void {
    this.#restored.push(entry);
  }

  /** Takes one out for the room that it takes: what was read back may be read again. */
  takeForRoom(): Entry<Item> | undefined {
    return (this.#restored.length > 0 ? this.#restored : this.#live).take(1)[0];
  }

  /** Takes the oldest ones out to be sent, when none are being sent: so many, or fewer: see {@link Fifo.take}. */
  takeOff(count: number, mostBytes: number, groupOf?: (item: Item) => string): readonly Entry<Item>[] {
    this.#isInFlightRestored = this.#live.length === 0;
    const from = this.#isInFlightRestored ? this.#restored : this.#live;
    return (this.#inFlight = from.take(count, mostBytes, groupOf));
  }

  /** Takes the newest one out to be sent that the test says: of what has come, or, if nothing has, of what was read back. */
  takeOffNewest(test: (entry: Entry<Item>) => boolean): readonly Entry<Item>[] {
    this.#isInFlightRestored = this.#live.length === 0;
    return (this.#inFlight = (this.#isInFlightRestored ? this.#restored : this.#live).takeNewest(test));
  }

  /** What was being sent has arrived, or is done with. */
  landed(): void {
    this.#inFlight = [];
  }

  /** Puts what was being sent back where it was. */
  putBack(): void {
    const entries = this.#inFlight;
    this.#inFlight = [];
    (this.#isInFlightRestored ? this.#restored : this.#live).putFirst(entries);
  }

  /** Puts what was being sent behind the others. */
  putLast(): void {
    const entries = this.#inFlight;
    this.#inFlight = [];
    for (const entry of entries) (this.#isInFlightRestored ? this.#restored : this.#live).push(entry);
  }

  /** Takes out what waits and the test says. */
  remove(test: (entry: Entry<Item>) => boolean): Entry<Item>[] {
    return [...this.#live.remove(test), ...this.#restored.remove(test)];
  }

  /** All in memory with a place in one of these segments. */
  placedIn(segments: ReadonlySet<Segment>): Entry<Item>[] {
    return this.all.filter(({ place }) => place !== undefined && segments.has(place.segment));
  }

  /** All in memory that is on no disk. */
  unwritten(): Entry<Item>[] {
    const found: Entry<Item>[] = [];
    for (const entries of [this.#inFlight, this.#live.all, this.#restored.all])
      for (const entry of entries) if (entry.place === undefined) found.push(entry);
    return found;
  }
}
