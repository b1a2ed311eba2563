import { Ledger } from '../accounting/ledger.js';
import type { LaneCounts, Whereabouts } from '../accounting/ledger.js';
import type { Place } from '../spool/lane-spool.js';
import type { DropReason, Outcome } from '../spool/outcome.js';
import type { Segment } from '../spool/segment.js';
import { Backlog } from './backlog.js';
import type { LaneDisk } from './lane-disk.js';
import type { Entry } from './entry.js';
import type { MemoryQueue } from './memory-queue.js';
import { stretches } from './stretches.js';

/** What a lane holds, in memory and on disk, and what has become of the rest: the one place where each item is entered, and struck out once. */
export class LaneBooks<Kept> {
  readonly ledger = new Ledger();
  readonly queue: MemoryQueue<Kept>;
  readonly backlog = new Backlog();
  readonly #disk: LaneDisk;
  readonly #onDrop: (count: number, reason: DropReason) => void;
  #onRemoved: (segment: Segment) => void = () => {};

  constructor(queue: MemoryQueue<Kept>, disk: LaneDisk, onDrop: (count: number, reason: DropReason) => void) {
    this.queue = queue;
    this.#disk = disk;
    this.#onDrop = onDrop;
  }

  get counts(): LaneCounts {
    const { accepted, inherited, delivered, dropped } = this.ledger;
    const pendingInMemory = this.queue.unwritten().length;
    const pendingOnDisk = this.queue.all.length - pendingInMemory + this.backlog.size;
    return { accepted, inherited, delivered, dropped, pendingInMemory, pendingOnDisk };
  }

  get isEmpty(): boolean {
    return this.queue.inFlight.length === 0 && this.queue.length === 0 && this.backlog.isEmpty;
  }

  /** @param onRemoved told of each of them that is done with, or given up */
  inherit(segments: readonly Segment[], onRemoved: (segment: Segment) => void): void {
    this.#onRemoved = onRemoved;
    for (const segment of segments) {
      this.ledger.inherit(segment.pending);
      this.backlog.inherit(segment);
    }
  }

  drop(count: number, reason: DropReason, where: Whereabouts): void {
    if (count <= 0) return;
    this.ledger.settle(reason, count, where);
    if (where !== 'own') this.#disk.counted();
    this.#onDrop(count, reason);
  }

  /** Items that are no longer in the queue are done with. */
  settle(entries: readonly Entry<Kept>[], outcome: Outcome): void {
    if (entries.length === 0) return;
    const placed = stretches(entries);
    const unplaced = placed.reduce((left, { count }) => left - count, entries.length);
    if (unplaced > 0) this.ledger.settle(outcome, unplaced, 'memory');
    for (const { place, count } of placed) {
      this.ledger.settle(outcome, count, this.whereabouts(place.segment));
      this.settlePlace(place, outcome, count);
    }
    if (outcome === 'delivered') return;
    this.#disk.counted();
    this.#onDrop(entries.length, outcome);
  }

  /** Items are struck out on disk; the ledger is not touched. */
  settlePlace({ segment, number }: Place, outcome: Outcome, count = 1): void {
    if (!this.backlog.heirlooms.has(segment)) {
      this.#disk.settle(segment, number, count, outcome);
      return;
    }
    try {
      segment.settle(number, count, outcome);
    } catch (thrown) {
      this.#disk.failed(thrown);
    }
    this.tidy(segment);
  }

  /** What a dead process has left is removed when all of it is done with. The own spool sees to its own. */
  tidy(segment: Segment): void {
    if (this.backlog.finish(segment)) this.#onRemoved(segment);
  }

  whereabouts(segment: Segment): Whereabouts {
    return this.backlog.heirlooms.has(segment) ? 'inherited' : 'own';
  }

  /** A segment has been given up: what of it is not being sent is gone. */
  evicted(segment: Segment, pending: number, reason: DropReason = 'spool_full'): void {
    this.queue.remove(({ place }) => place?.segment === segment);
    const beingSent = this.queue.placedIn(new Set([segment]));
    for (const entry of beingSent) entry.place = undefined;
    const where = this.whereabouts(segment);
    this.backlog.forget(segment);
    this.drop(pending - beingSent.length, reason, where);
  }

  /** Gives the oldest segment of the dead up, for room. Returns undefined if there is none that is not being sent. */
  giveUpInherited(): Segment | undefined {
    const segment = this.backlog.oldestUnread;
    if (segment === undefined) return undefined;
    this.evicted(segment, segment.noteAll('spool_full'));
    return segment;
  }

  /** Gives up what the dead have left that is older than that, unless it is being sent just now. */
  expireInherited(beforeMillis: number): void {
    for (const segment of [...this.backlog.heirlooms]) {
      if (!segment.isOlderThan(beforeMillis) || this.isSendingOf(segment)) continue;
      this.#giveUp(segment, 'expired');
    }
  }

  isSendingOf(segment: Segment): boolean {
    return this.queue.inFlight.some(({ place }) => place?.segment === segment);
  }

  /**
   * Segments of its own are no longer there, or somebody else's. What of them is in memory too has to be written anew; the rest is gone, as
   * far as this process can tell.
   */
  uprooted(segments: ReadonlySet<Segment>): void {
    for (const entry of this.queue.placedIn(segments)) entry.place = undefined;
    let gone = 0;
    for (const segment of segments) gone += this.backlog.forget(segment);
    this.drop(gone, 'spool_io', 'memory');
  }

  /** Somebody has removed the file of a segment. Returns whether what of it is in memory is to be written anew. */
  lost(segment: Segment): boolean {
    if (this.backlog.heirlooms.has(segment)) {
      this.#giveUp(segment, 'spool_io');
      return false;
    }
    this.uprooted(new Set([segment]));
    segment.noteAll('spool_io');
    return true;
  }

  #giveUp(segment: Segment, reason: DropReason): void {
    this.evicted(segment, segment.noteAll(reason), reason);
    this.#onRemoved(segment);
  }
}
