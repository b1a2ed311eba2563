import type { LaneCounts, Ledger } from '../accounting/ledger.js';
import type { Deliverer } from '../delivery/attempt.js';
import type { RetryWaits } from '../delivery/backoff.js';
import { EndpointGate } from '../delivery/endpoint-gate.js';
import { SendLoop } from '../delivery/send-loop.js';
import type { Origin, Signal } from '../items/item-codec.js';
import type { ItemForm, ItemFormat, Payload } from '../items/item-form.js';
import type { Origins } from '../items/origins.js';
import type { Place } from '../spool/lane-spool.js';
import type { DropReason } from '../spool/outcome.js';
import type { Segment } from '../spool/segment.js';
import type { WritableItem } from '../spool/segment-writer.js';
import { Dispatch } from './dispatch.js';
import { ItemSizes, bytesOfPayload } from './item-size.js';
import { LaneBooks } from './lane-books.js';
import type { LaneDisk } from './lane-disk.js';
import { MemoryQueue } from './memory-queue.js';
import type { Entry } from './entry.js';
import { ReadBack } from './read-back.js';

export interface LaneOptions extends Partial<RetryWaits> {
  readonly memoryItems: number;
  readonly memoryBytes: number;
  /** Items of one attempt. */
  readonly batchItems: number;
  /** Bytes of one attempt, about. Default 4 MiB. */
  readonly batchBytes?: number;
  readonly exportTimeoutMillis: number;
  /** How long items wait for others to be sent together with. */
  readonly delayMillis: number;
  /** Whether each item is written when it is accepted. */
  readonly writesAhead: boolean;
  /** What goes when there is neither room in memory nor on disk. Default `drop-oldest`. */
  readonly overflow?: 'drop-oldest' | 'drop-newest';
  readonly onDrop: (count: number, reason: DropReason) => void;
  /** Told of each attempt: why it has failed, or undefined. */
  readonly onAttempt?: (failure: string | undefined) => void;
  /** Told of what the endpoint will never take. */
  readonly onRejected?: (count: number, why: string) => void;
  /** Whether a lane other than this that has failed is at its next attempt. Default: there is none. */
  readonly isAnotherSending?: () => boolean;
  /** Shared by lanes that send to the same endpoint. Default: one of its own. */
  readonly gate?: EndpointGate;
  readonly random: () => number;
}

const RETRY_WAITS: RetryWaits = { retryFirstMillis: 1_000, retryLongestMillis: 60_000 };
const BATCH_BYTES = 4 * 1_048_576;

/** What processes that have died have left waits so long at most, if it is more than a batch: all that start at once are not to come at once. */
const LONGEST_BACKLOG_REST_MILLIS = 15_000;

/**
 * The way of the items of one exporter: accepted, written, queued, sent, acknowledged. `Kept` is what of an item waits in memory and is
 * sent.
 */
export class Lane<Item, Kept = Item> {
  readonly name: string;
  readonly #form: ItemForm<Item, Kept>;
  readonly #deliverer: Deliverer<Kept>;
  readonly #disk: LaneDisk;
  readonly #options: LaneOptions;
  readonly #books: LaneBooks<Kept>;
  readonly #queue: MemoryQueue<Kept>;
  readonly #dispatch: Dispatch<Kept>;
  readonly #loop: SendLoop;
  #isShutDown = false;
  #ending: Promise<void> | undefined;
  #writesAhead: boolean;
  readonly #sizes = new ItemSizes();

  constructor(
    name: string,
    form: ItemForm<Item, Kept>,
    deliverer: Deliverer<Kept>,
    disk: LaneDisk,
    origins: Origins,
    options: LaneOptions,
  ) {
    this.name = name;
    this.#form = form;
    this.#deliverer = deliverer;
    this.#disk = disk;
    this.#options = options;
    this.#writesAhead = options.writesAhead;
    this.#queue = new MemoryQueue(options.memoryItems, options.memoryBytes);
    this.#books = new LaneBooks(this.#queue, disk, options.onDrop);
    const {
      batchItems,
      batchBytes = BATCH_BYTES,
      exportTimeoutMillis,
      onAttempt,
      onRejected,
      random,
    } = options;
    const gate = options.gate ?? new EndpointGate({ ...RETRY_WAITS, ...options }, random);
    const readBack = new ReadBack(this.#books, form, origins, () => this.persist());
    this.#dispatch = new Dispatch(
      this.#books,
      deliverer,
      {
        fill: () => readBack.fill(),
        originOf: kept => form.originOfKept(kept),
        groupOf: form.groupOf,
        refreshResources: () => {
          disk.refreshResources();
        },
        persist: () => {
          this.persist();
        },
      },
      { batchItems, batchBytes, timeoutMillis: exportTimeoutMillis, gate, onAttempt, onRejected },
    );
    this.#loop = new SendLoop({
      ...RETRY_WAITS,
      ...options,
      gate,
      step: (isHurried, isFirst) => this.#dispatch.step(isHurried, isFirst),
      hasWork: () => !this.#books.isEmpty,
      hasBacklog: () => !this.#books.backlog.isEmpty,
      restMillis: () => this.#dispatch.restMillis,
    });
  }

  get ledger(): Ledger {
    return this.#books.ledger;
  }

  get counts(): LaneCounts {
    return this.#books.counts;
  }

  get signal(): Signal {
    return this.#form.signal;
  }

  /** How its items are written. */
  get format(): ItemFormat {
    return this.#form.format;
  }

  /** Items that wait in memory. */
  get queued(): number {
    return this.#queue.length;
  }

  /** Items that can wait in memory. */
  get capacity(): number {
    return this.#options.memoryItems;
  }

  /** Items of the batch under way. */
  get inFlight(): number {
    return this.#queue.inFlight.length;
  }

  /** What dead processes have left and is not yet done with. */
  get heirlooms(): ReadonlySet<Segment> {
    return this.#books.backlog.heirlooms;
  }

  /** Whether the last attempt has failed. */
  get hasFailed(): boolean {
    return this.#loop.hasFailed;
  }

  /** Whether an attempt is under way. */
  get isSending(): boolean {
    return this.#loop.isSending;
  }

  /**
   * Whether there is something to send, and hope that it can be: the last attempt has not failed, or something has no other place
   * than memory.
   */
  get isWorthAnAttempt(): boolean {
    return !this.#books.isEmpty && (!this.#loop.hasFailed || this.counts.pendingInMemory > 0);
  }

  /** Takes an item in. Never throws. */
  accept(item: Item): void {
    this.#accept(item, this.#writesAhead);
    this.#loop.wake(this.#queue.length >= this.#options.batchItems);
  }

  /** Takes items in, and writes them with few calls. Never throws. */
  acceptAll(items: Iterable<Item>): void {
    for (const item of items) this.#accept(item, false);
    if (this.#writesAhead) this.persist();
    this.#loop.wake(this.#queue.length >= this.#options.batchItems);
  }

  #accept(item: Item, isWritten: boolean): void {
    this.#books.ledger.accept(1);
    if (this.#isShutDown) {
      this.#books.drop(1, 'already_shutdown', 'memory');
      return;
    }
    let origin: Origin;
    let payload: Payload | undefined;
    let kept: Kept;
    try {
      origin = this.#form.originOf(item);
      this.#disk.check(origin);
      if (isWritten || this.#form.isEncodedAtOnce) payload = this.#form.encode(item);
      kept = this.#form.keep(item, payload, origin);
      // Not the view into the encoder: before it is written somebody may be told of what has to give way to it, and emit something.
      if (this.#form.isEncodedAtOnce) payload = this.#form.payloadOf(kept);
    } catch {
      this.#books.drop(1, 'serialization', 'memory');
      return;
    }
    if (payload === undefined) {
      const size = this.#sizes.next(() => this.#payloadOf(kept));
      this.#keep({ item: kept, ...size, place: undefined });
    } else {
      const bytes = bytesOfPayload(payload);
      const place = isWritten ? this.#disk.append(payload, origin) : undefined;
      // What is kept as bytes needs no second reference to them.
      const unwritten = place === undefined && typeof payload === 'string' ? payload : undefined;
      this.#keep({ item: kept, bytes, payload: unwritten, place });
    }
  }

  /** So many items were lost before they could be taken in. */
  lose(count: number, reason: DropReason): void {
    this.#books.ledger.accept(count);
    this.#books.drop(count, reason, 'memory');
  }

  /** Takes over what a dead process has left. */
  inherit(segments: readonly Segment[], onRemoved: (segment: Segment) => void): void {
    this.#books.inherit(segments, onRemoved);
    if (segments.length === 0) return;
    const { batchItems, random } = this.#options;
    if (this.#books.backlog.size > batchItems)
      this.#dispatch.restBacklog(random() * LONGEST_BACKLOG_REST_MILLIS);
    this.#loop.wakeForBacklog();
  }

  /** A segment has been given up: what of it is not being sent is gone. */
  evicted(segment: Segment, pending: number, reason?: DropReason): void {
    this.#books.evicted(segment, pending, reason);
  }

  /** Gives the oldest segment of the dead up, for room. Returns undefined if there is none that is not being sent. */
  giveUpInherited(): Segment | undefined {
    return this.#books.giveUpInherited();
  }

  /** Gives up what the dead have left that is older than that, unless it is being sent just now. */
  expireInherited(beforeMillis: number): void {
    this.#books.expireInherited(beforeMillis);
  }

  /** From now on each item is written when it comes: there may be no later. */
  writeAhead(): void {
    this.#writesAhead = true;
  }

  /** Nothing of what waits in memory only will be sent or written any more. */
  abandon(reason: DropReason): void {
    // Whatever becomes of the attempt that is under way, it is not waited for.
    this.#queue.putBack();
    if (this.#queue.unwritten().length === 0) return;
    const unplaced = this.#queue.remove(({ place }) => place === undefined);
    const unwritable = unplaced.filter(entry => this.#payloadIn(entry) === undefined);
    this.#books.drop(unwritable.length, 'serialization', 'memory');
    this.#books.drop(unplaced.length - unwritable.length, reason, 'memory');
  }

  /** Segments of its own are no longer there, or somebody else's. */
  uprooted(segments: ReadonlySet<Segment>): void {
    this.#books.uprooted(segments);
  }

  isSendingOf(segment: Segment): boolean {
    return this.#books.isSendingOf(segment);
  }

  /** Writes what is in memory only. Returns how many items could not be written. */
  persist(): number {
    const unwritten = this.#queue.unwritten();
    // At the end of a process nothing is compiled that runs but once: what need not be looked at is not.
    if (unwritten.length === 0) return 0;
    this.#disk.appendAll(this.#writable(unwritten), ({ entry }, place) => {
      entry.place = place;
      entry.payload = undefined;
    });
    return unwritten.filter(({ place }) => place === undefined).length;
  }

  /**
   * Sends all that was there when it was called, or as much of it as can be sent by then. Never rejects.
   *
   * @param keepsAlive whether waiting for it keeps the process alive
   * @returns whether nothing is left
   */
  flush(untilMillis: number, keepsAlive = true): Promise<boolean> {
    return this.#loop.runUntil(untilMillis, keepsAlive);
  }

  /** From now on nothing is accepted, and nothing sent but by {@link flush}. */
  shutDown(): void {
    this.#isShutDown = true;
    this.#loop.stop();
  }

  /** Once, whoever asks for it how often. */
  async shutDownExporter(): Promise<void> {
    await (this.#ending ??= this.#deliverer.shutdown());
  }

  /** In memory, or on disk alone if there is no room; what cannot be kept is dropped. */
  #keep(entry: Entry<Kept>): void {
    const { bytes } = entry;
    const { backlog } = this.#books;
    if (this.#queue.hasRoomFor(bytes)) {
      this.#queue.push(entry);
      return;
    }
    const place = entry.place ?? this.#write(entry);
    if (place !== undefined) backlog.leave(place);
    else if (bytes > this.#options.memoryBytes) this.#books.drop(1, 'too_large', 'memory');
    else {
      if (this.#options.overflow !== 'drop-newest') this.#dropOldestFor(bytes);
      if (this.#queue.hasRoomFor(bytes)) this.#queue.push(entry);
      else this.#books.drop(1, 'queue_full', 'memory');
    }
  }

  #write(entry: Entry<Kept>): Place | undefined {
    const payload = this.#payloadIn(entry);
    return payload === undefined
      ? undefined
      : this.#disk.append(payload, this.#form.originOfKept(entry.item));
  }

  /** Encoded one after the other, so that the text of one is garbage when the next comes. */
  *#writable(entries: readonly Entry<Kept>[]): Generator<WritableItem & { entry: Entry<Kept> }, undefined> {
    for (const entry of entries) {
      const payload = this.#payloadIn(entry);
      if (payload !== undefined) yield { entry, payload, origin: this.#form.originOfKept(entry.item) };
    }
  }

  #payloadIn({ item, payload }: Entry<Kept>): Payload | undefined {
    return payload ?? this.#payloadOf(item);
  }

  #payloadOf(kept: Kept): Payload | undefined {
    try {
      return this.#form.payloadOf(kept);
    } catch {
      return undefined;
    }
  }

  #dropOldestFor(bytes: number): void {
    while (this.#queue.length > 0 && !this.#queue.hasRoomFor(bytes)) {
      const oldest = this.#queue.takeForRoom();
      // On disk it is not lost, only no longer in memory.
      if (oldest?.place !== undefined) this.#books.backlog.leave(oldest.place);
      else this.#books.drop(1, 'queue_full', 'memory');
    }
  }
}
