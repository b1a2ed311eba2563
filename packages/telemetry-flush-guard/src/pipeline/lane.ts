import { Ledger } from '../accounting/ledger.js';
import type { LaneCounts, Whereabouts } from '../accounting/ledger.js';
import type { RetryWaits } from '../delivery/backoff.js';
import type { ExporterLike } from '../delivery/exporter.js';
import { within } from '../delivery/within.js';
import { send } from '../delivery/send.js';
import { SendLoop } from '../delivery/send-loop.js';
import type { Step } from '../delivery/send-loop.js';
import type { ItemCodec, Origin } from '../items/item-codec.js';
import type { Origins } from '../items/origins.js';
import type { ResourceLike } from '../items/otel-types.js';
import { errorCode } from '../spool/file-system.js';
import type { Place } from '../spool/lane-spool.js';
import type { DropReason, Outcome } from '../spool/outcome.js';
import type { Segment } from '../spool/segment.js';
import type { SpooledItem } from '../spool/segment-reader.js';
import type { WritableItem } from '../spool/segment-writer.js';
import { Backlog } from './backlog.js';
import type { WaitingSegment } from './backlog.js';
import { ItemSizes, bytesOfText } from './item-size.js';
import { MemoryQueue } from './memory-queue.js';
import type { Entry } from './memory-queue.js';
import { stretches } from './stretches.js';

/** What the pipeline asks of the disk. Nothing here throws: whether there is a disk just now is not its business. */
export interface LaneDisk {
  /** @throws if an item of that resource and scope cannot be written at all */
  check(origin: Origin): void;
  /** Writes an item; undefined if it could not be written. */
  append(text: string, origin: Origin): Place | undefined;
  /** Writes items with few calls, and tells of each that is written where it is before it does anything else. */
  appendAll<One extends WritableItem>(
    items: IterableIterator<One>,
    onWritten: (item: One, place: Place) => void,
  ): void;
  /** Own items are done with. */
  settle(segment: Segment, first: number, count: number, outcome: Outcome): void;
  /** Resources have come to know attributes that were not written with them. */
  refreshResources(): void;
  /** The accounts have changed in a way that no segment tells of. */
  counted(): void;
  /** A call about what others have left has failed. */
  failed(thrown: unknown): void;
}

export interface LaneOptions extends Partial<RetryWaits> {
  readonly memoryItems: number;
  readonly memoryBytes: number;
  /** Items of one attempt. */
  readonly batchItems: number;
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
  /** Whether a lane other than this is at an attempt. Default: there is none. */
  readonly isAnotherSending?: () => boolean;
  readonly random: () => number;
}

const RETRY_WAITS: RetryWaits = { retryFirstMillis: 1_000, retryLongestMillis: 60_000 };

/**
 * The way of the items of one exporter: accepted, written, queued, sent, acknowledged. The one place where it is seen to that each is
 * accounted for once.
 */
export class Lane<Item> {
  readonly name: string;
  readonly codec: ItemCodec<Item>;
  readonly ledger = new Ledger();
  readonly #exporter: ExporterLike<Item>;
  readonly #disk: LaneDisk;
  readonly #origins: Origins;
  readonly #options: LaneOptions;
  readonly #queue: MemoryQueue<Item>;
  readonly #backlog = new Backlog();
  readonly #loop: SendLoop;
  #isShutDown = false;
  #writesAhead: boolean;
  readonly #sizes = new ItemSizes();
  /** That were waited for in vain. */
  readonly #lateResources = new WeakSet<ResourceLike>();
  #onRemoved: (segment: Segment) => void = () => {};

  constructor(
    name: string,
    codec: ItemCodec<Item>,
    exporter: ExporterLike<Item>,
    disk: LaneDisk,
    origins: Origins,
    options: LaneOptions,
  ) {
    this.name = name;
    this.codec = codec;
    this.#exporter = exporter;
    this.#disk = disk;
    this.#origins = origins;
    this.#options = options;
    this.#writesAhead = options.writesAhead;
    this.#queue = new MemoryQueue(options.memoryItems, options.memoryBytes);
    this.#loop = new SendLoop({
      ...RETRY_WAITS,
      ...options,
      step: () => this.#sendBatch(),
      hasWork: () => !this.#isIdle(),
    });
  }

  get counts(): LaneCounts {
    const { accepted, inherited, delivered, dropped } = this.ledger;
    const pendingInMemory = this.#queue.unwritten().length;
    const pendingOnDisk = this.#queue.all.length - pendingInMemory + this.#backlog.size;
    return { accepted, inherited, delivered, dropped, pendingInMemory, pendingOnDisk };
  }

  get signal(): 'span' | 'log' {
    return this.codec.signal;
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
    return this.#backlog.heirlooms;
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
    return !this.#isIdle() && (!this.#loop.hasFailed || this.counts.pendingInMemory > 0);
  }

  /** Takes an item in. Never throws. */
  accept(item: Item): void {
    this.ledger.accept(1);
    if (this.#isShutDown) {
      this.#drop(1, 'already_shutdown', 'memory');
      return;
    }
    let origin: Origin;
    let text: string | undefined;
    try {
      origin = this.codec.originOf(item);
      this.#disk.check(origin);
      if (this.#writesAhead) text = this.codec.encode(item);
    } catch {
      this.#drop(1, 'serialization', 'memory');
      return;
    }
    if (this.#writesAhead && text !== undefined) {
      const place = this.#disk.append(text, origin);
      this.#keep({ item, bytes: bytesOfText(text), text: place === undefined ? text : undefined, place });
    } else {
      this.#keep({ item, ...this.#sizes.next(() => this.#textOf(item)), place: undefined });
    }
    this.#loop.wake(this.#queue.length >= this.#options.batchItems);
  }

  /** Takes over what a dead process has left. */
  inherit(segments: readonly Segment[], onRemoved: (segment: Segment) => void): void {
    this.#onRemoved = onRemoved;
    for (const segment of segments) {
      this.ledger.inherit(segment.pending);
      this.#backlog.inherit(segment);
    }
    if (segments.length > 0) this.#loop.wake(false);
  }

  /** A segment has been given up: what of it is not being sent is gone. */
  evicted(segment: Segment, pending: number, reason: DropReason = 'spool_full'): void {
    this.#queue.remove(({ place }) => place?.segment === segment);
    const beingSent = this.#queue.placedIn(new Set([segment]));
    for (const entry of beingSent) entry.place = undefined;
    const where = this.#whereabouts(segment);
    this.#backlog.forget(segment);
    this.#drop(pending - beingSent.length, reason, where);
  }

  /** From now on each item is written when it comes: there may be no later. */
  writeAhead(): void {
    this.#writesAhead = true;
  }

  /** Gives the oldest segment of the dead up, for room. Returns undefined if there is none that is not being sent. */
  giveUpInherited(): Segment | undefined {
    const segment = this.#backlog.oldestUnread;
    if (segment === undefined) return undefined;
    this.evicted(segment, segment.noteAll('spool_full'));
    return segment;
  }

  /** Gives up what the dead have left that is older than that, unless it is being sent just now. */
  expireInherited(beforeMillis: number): void {
    for (const segment of [...this.#backlog.heirlooms]) {
      if (!segment.isOlderThan(beforeMillis) || this.isSendingOf(segment)) continue;
      this.evicted(segment, segment.noteAll('expired'), 'expired');
      this.#onRemoved(segment);
    }
  }

  /** Nothing of what waits in memory only will be sent or written any more. */
  abandon(reason: DropReason): void {
    // Whatever becomes of the attempt that is under way, it is not waited for.
    this.#queue.putBack();
    const unplaced = this.#queue.remove(({ place }) => place === undefined);
    const unwritable = unplaced.filter(entry => this.#textIn(entry) === undefined);
    this.#drop(unwritable.length, 'serialization', 'memory');
    this.#drop(unplaced.length - unwritable.length, reason, 'memory');
  }

  /**
   * Segments of its own are no longer there, or somebody else's. What of them is in memory too has to be written anew; the rest is gone, as
   * far as this process can tell.
   */
  uprooted(segments: ReadonlySet<Segment>): void {
    for (const entry of this.#queue.placedIn(segments)) entry.place = undefined;
    let gone = 0;
    for (const segment of segments) gone += this.#backlog.forget(segment);
    this.#drop(gone, 'spool_io', 'memory');
  }

  isSendingOf(segment: Segment): boolean {
    return this.#queue.inFlight.some(({ place }) => place?.segment === segment);
  }

  /** Writes what is in memory only. Returns how many items could not be written. */
  persist(): number {
    this.#disk.appendAll(this.#unwritten(), ({ entry }, place) => {
      entry.place = place;
      entry.text = undefined;
    });
    return this.counts.pendingInMemory;
  }

  /**
   * Sends all that was there when it was called, or as much of it as can be sent by then. Never rejects.
   *
   * @returns whether nothing is left
   */
  flush(untilMillis: number): Promise<boolean> {
    return this.#loop.runUntil(untilMillis);
  }

  /** From now on nothing is accepted, and nothing sent but by {@link flush}. */
  shutDown(): void {
    this.#isShutDown = true;
    this.#loop.stop();
  }

  async shutDownExporter(): Promise<void> {
    await this.#exporter.shutdown();
  }

  #isIdle(): boolean {
    return this.#queue.inFlight.length === 0 && this.#queue.length === 0 && this.#backlog.isEmpty;
  }

  async #sendBatch(): Promise<Step> {
    const entries = this.#next();
    if (entries === undefined) return 'failed';
    if (entries.length === 0) return 'nothing';
    await this.#resourcesKnown(entries);
    const items = entries.map(({ item }) => item);
    const attempt = await send(this.#exporter, items, this.#options.exportTimeoutMillis);
    this.#options.onAttempt?.(attempt.outcome === 'retry' ? attempt.why : undefined);
    // They have been given up meanwhile.
    if (this.#queue.inFlight !== entries) return 'failed';
    if (attempt.outcome === 'retry') {
      this.#queue.putBack();
      // Who knows when the next attempt comes, or whether.
      this.persist();
      return 'failed';
    }
    this.#queue.landed();
    this.#settle(entries, 'delivered');
    return 'sent';
  }

  /** Attributes of a resource that are still being looked up: exporters take what is there. */
  async #resourcesKnown(entries: readonly Entry<Item>[]): Promise<void> {
    const pending = new Set<ResourceLike>();
    for (const { item } of entries) {
      const { resource } = this.codec.originOf(item);
      if (resource.asyncAttributesPending === true && !this.#lateResources.has(resource))
        pending.add(resource);
    }
    if (pending.size === 0) return;
    const known = async (): Promise<unknown> =>
      Promise.allSettled([...pending].map(async resource => resource.waitForAsyncAttributes?.()));
    await within(this.#options.exportTimeoutMillis, known, false);
    // Those that are still pending are not waited for again.
    for (const resource of pending) this.#lateResources.add(resource);
    this.#disk.refreshResources();
  }

  /** What to send next; undefined if it could not be read. */
  #next(): readonly Entry<Item>[] | undefined {
    // Live ones first; what waits on disk has time.
    while (this.#queue.length === 0) {
      const waiting = this.#backlog.take();
      if (waiting === undefined) break;
      if (!this.#read(waiting)) return undefined;
    }
    return this.#queue.takeOff(this.#options.batchItems);
  }

  /** Fills the queue from disk. Returns false if the segment could not be read now. */
  #read({ segment, isWanted, putBack }: WaitingSegment): boolean {
    const before = segment.pending;
    let items: SpooledItem[];
    try {
      items = segment.readPending(isWanted);
    } catch (thrown) {
      putBack();
      if (errorCode(thrown) !== 'ENOENT') return false;
      this.#lose(segment);
      return true;
    }
    this.#drop(before - segment.pending, 'corrupt', this.#whereabouts(segment));
    for (const { number, text, resource, scope } of items) {
      const place = { number, segment };
      if (this.#queue.length > 0 && !this.#queue.hasRoomFor(bytesOfText(text))) {
        this.#backlog.leave(place);
        continue;
      }
      try {
        const origin = { resource: this.#origins.resource(resource), scope: this.#origins.scope(scope) };
        const item = this.codec.decode(text, origin);
        this.#queue.push({ item, bytes: bytesOfText(text), text: undefined, place });
      } catch {
        this.#drop(1, 'corrupt', this.#whereabouts(segment));
        this.#settlePlace(place, 'corrupt');
      }
    }
    this.#tidy(segment);
    return true;
  }

  /** Somebody has removed its file. */
  #lose(segment: Segment): void {
    if (this.#backlog.heirlooms.has(segment)) {
      this.evicted(segment, segment.noteAll('spool_io'), 'spool_io');
      this.#onRemoved(segment);
    } else {
      this.uprooted(new Set([segment]));
      segment.noteAll('spool_io');
      this.persist();
    }
  }

  /** In memory, or on disk alone if there is no room; what cannot be kept is dropped. */
  #keep(entry: Entry<Item>): void {
    const { bytes } = entry;
    if (this.#queue.hasRoomFor(bytes)) {
      this.#queue.push(entry);
      return;
    }
    const place = entry.place ?? this.#write(entry);
    if (place !== undefined) this.#backlog.leave(place);
    else if (bytes > this.#options.memoryBytes) this.#drop(1, 'too_large', 'memory');
    else {
      if (this.#options.overflow !== 'drop-newest') this.#dropOldestFor(bytes);
      if (this.#queue.hasRoomFor(bytes)) this.#queue.push(entry);
      else this.#drop(1, 'queue_full', 'memory');
    }
  }

  #settle(entries: readonly Entry<Item>[], outcome: Outcome): void {
    const placed = stretches(entries);
    const unplaced = placed.reduce((left, { count }) => left - count, entries.length);
    if (unplaced > 0) this.ledger.settle(outcome, unplaced, 'memory');
    for (const { place, count } of placed) {
      this.ledger.settle(outcome, count, this.#whereabouts(place.segment));
      this.#settlePlace(place, outcome, count);
    }
  }

  #settlePlace({ segment, number }: Place, outcome: Outcome, count = 1): void {
    if (!this.#backlog.heirlooms.has(segment)) {
      this.#disk.settle(segment, number, count, outcome);
      return;
    }
    try {
      segment.settle(number, count, outcome);
    } catch (thrown) {
      this.#disk.failed(thrown);
    }
    this.#tidy(segment);
  }

  /** What a dead process has left is removed when all of it is done with. The own spool sees to its own. */
  #tidy(segment: Segment): void {
    if (this.#backlog.finish(segment)) this.#onRemoved(segment);
  }

  #write(entry: Entry<Item>): Place | undefined {
    const text = this.#textIn(entry);
    return text === undefined ? undefined : this.#disk.append(text, this.codec.originOf(entry.item));
  }

  /** What is in memory only. Encoded one after the other, so that the text of one is garbage when the next comes. */
  *#unwritten(): Generator<WritableItem & { entry: Entry<Item> }, undefined> {
    for (const entry of this.#queue.unwritten()) {
      const text = this.#textIn(entry);
      if (text !== undefined) yield { entry, text, origin: this.codec.originOf(entry.item) };
    }
  }

  #textIn({ item, text }: Entry<Item>): string | undefined {
    return text ?? this.#textOf(item);
  }

  #textOf(item: Item): string | undefined {
    try {
      return this.codec.encode(item);
    } catch {
      return undefined;
    }
  }

  #dropOldestFor(bytes: number): void {
    while (this.#queue.length > 0 && !this.#queue.hasRoomFor(bytes)) {
      const [oldest] = this.#queue.take(1);
      // On disk it is not lost, only no longer in memory.
      if (oldest?.place !== undefined) this.#backlog.leave(oldest.place);
      else this.#drop(1, 'queue_full', 'memory');
    }
  }

  #whereabouts(segment: Segment): Whereabouts {
    return this.#backlog.heirlooms.has(segment) ? 'inherited' : 'own';
  }

  #drop(count: number, reason: DropReason, where: Whereabouts): void {
    if (count <= 0) return;
    this.ledger.settle(reason, count, where);
    if (where !== 'own') this.#disk.counted();
    this.#options.onDrop(count, reason);
  }
}
