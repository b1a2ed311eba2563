import type { Attempt, Deliverer } from '../delivery/attempt.js';
import type { EndpointGate } from '../delivery/endpoint-gate.js';
import { wordsOf } from '../delivery/send.js';
import type { Step } from '../delivery/send-loop.js';
import { within } from '../delivery/within.js';
import type { Origin } from '../items/item-codec.js';
import type { ResourceLike } from '../items/otel-types.js';
import type { LaneBooks } from './lane-books.js';
import type { Entry } from './entry.js';

/** Of what is read back, after each batch: such a part of the time that it took, so that not all who come back at once take all there is. */
const REST_PART = 1 / 2;
const LONGEST_REST_MILLIS = 1_000;

/** So many refusals in a row, and it may not be the items: halving what is refused comes to one item within ten. */
const MOST_REFUSALS = 12;

/** However large an endpoint says it is. */
const LEAST_BATCH_BYTES = 16_384;

/** Batches, before more is tried at once than was too large. */
const TAKEN_BEFORE_MORE = 64;

export interface DispatchOptions {
  /** Items of one attempt. */
  readonly batchItems: number;
  /** Bytes of one attempt, about. */
  readonly batchBytes: number;
  readonly timeoutMillis: number;
  readonly gate: EndpointGate;
  /** Told of each attempt: why it has failed, or undefined. */
  readonly onAttempt?: ((failure: string | undefined) => void) | undefined;
  /** Told of what the endpoint will never take. */
  readonly onRejected?: ((count: number, why: string) => void) | undefined;
}

type Taken = Extract<Attempt, { outcome: 'delivered' }>;

/** What a dispatch asks of its lane. */
export interface DispatchLane<Kept> {
  /** Sees to it that something is in memory, if there is anything. Returns false if it cannot be read now. */
  fill(): boolean;
  originOf(item: Kept): Origin;
  /** Items of one attempt are all of one group. Default: all are. */
  readonly groupOf?: ((item: Kept) => string) | undefined;
  refreshResources(): void;
  /** Writes what is in memory only. */
  persist(): void;
}

/** Sends batch after batch, and enters what has become of each. What is refused as a whole is halved until it is known what of it is. */
export class Dispatch<Kept> {
  readonly #books: LaneBooks<Kept>;
  readonly #deliverer: Deliverer<Kept>;
  readonly #lane: DispatchLane<Kept>;
  readonly #options: DispatchOptions;
  /** Items of each of the parts that a refused batch was cut into, and that are still to be sent. */
  #parts: number[] = [];
  /** Since a batch was refused and cut, in a row; and whether anything was taken since then. */
  #refusals = 0;
  #isAnythingTaken = false;
  /** Refused alone, before anything was taken. */
  #suspects = new Set<Entry<Kept>>();
  /** Next, the newest item of all is to tell whether the endpoint takes anything. */
  #isAsking = false;
  /** Learnt from what was too large, and tried anew when so many have been taken. */
  #mostBytes: number;
  #taken = 0;
  #restMillis = 0;
  /** Until then, what is on disk is left there unless somebody waits for it. */
  #backlogRestsUntilMillis = 0;
  /** That were waited for in vain. */
  readonly #lateResources = new WeakSet<ResourceLike>();

  constructor(
    books: LaneBooks<Kept>,
    deliverer: Deliverer<Kept>,
    lane: DispatchLane<Kept>,
    options: DispatchOptions,
  ) {
    this.#books = books;
    this.#deliverer = deliverer;
    this.#lane = lane;
    this.#options = options;
    this.#mostBytes = options.batchBytes;
  }

  /** For how long to leave the endpoint to others after the last step. */
  get restMillis(): number {
    return this.#restMillis;
  }

  /** What is on disk is to wait for so long. */
  restBacklog(millis: number): void {
    this.#backlogRestsUntilMillis = performance.now() + millis;
  }

  /**
   * @param isHurried whether somebody waits for it
   * @param isFirst whether what there is has waited for others to come
   */
  async step(isHurried: boolean, isFirst: boolean): Promise<Step> {
    const { queue, backlog } = this.#books;
    const { batchItems, gate } = this.#options;
    let attempt: Attempt | undefined;
    try {
      // What has come while a batch was on its way waits for others too: else a steady trickle would be a request for every few.
      const isTrickle = queue.live > 0 && queue.live === queue.length && queue.live < batchItems;
      if (!isHurried && !isFirst && isTrickle && backlog.isEmpty && this.#parts.length === 0)
        return 'nothing';
      // Live ones first; what waits on disk has time.
      if (queue.live === 0) {
        if (!isHurried && performance.now() < this.#backlogRestsUntilMillis) return 'nothing';
        if (!this.#lane.fill()) return 'stuck';
      }
      if (this.#isAsking) return await this.#ask((answer: Attempt) => (attempt = answer));
      const entries = queue.takeOff(this.#parts[0] ?? batchItems, this.#mostBytes, this.#lane.groupOf);
      if (entries.length === 0) return 'nothing';
      const startMillis = performance.now();
      attempt = await this.#attempt(entries);
      const tookMillis = performance.now() - startMillis;
      this.#restMillis = queue.isInFlightRestored ? Math.min(LONGEST_REST_MILLIS, REST_PART * tookMillis) : 0;
      // They have been given up meanwhile.
      if (queue.inFlight !== entries) return 'failed';
      return this.#enter(attempt, entries);
    } finally {
      gate.leave(attempt);
    }
  }

  async #attempt(entries: readonly Entry<Kept>[]): Promise<Attempt> {
    let attempt: Attempt;
    try {
      await this.#resourcesKnown(entries);
      const items = entries.map(({ item }) => item);
      attempt = await this.#deliverer.send(items, this.#options.timeoutMillis);
    } catch (thrown) {
      // Of one of them nothing can be made that can be sent: halving finds it.
      attempt = { outcome: 'refused', why: wordsOf(thrown) };
    }
    this.#options.onAttempt?.(attempt.outcome === 'retry' ? attempt.why : undefined);
    return attempt;
  }

  #enter(attempt: Attempt, entries: readonly Entry<Kept>[]): Step {
    switch (attempt.outcome) {
      case 'delivered':
        this.#landed(entries, attempt);
        return 'sent';
      case 'retry':
        this.#putBack();
        return 'failed';
      case 'too_large':
        return this.#tooLarge(entries, attempt.why);
      case 'refused':
        return this.#refused(entries, attempt.why);
    }
  }

  #landed(entries: readonly Entry<Kept>[], attempt: Taken): void {
    this.#takenAtLast(entries, attempt);
    this.#partDone();
    this.#taken += 1;
    if (this.#taken % TAKEN_BEFORE_MORE === 0)
      this.#mostBytes = Math.min(this.#options.batchBytes, 2 * this.#mostBytes);
  }

  #takenAtLast(entries: readonly Entry<Kept>[], { rejected = 0, why = 'it does not say why' }: Taken): void {
    const { queue } = this.#books;
    queue.landed();
    // Which ones were not taken is not told.
    const taken = Math.max(0, entries.length - rejected);
    this.#books.settle(entries.slice(0, taken), 'delivered');
    this.#books.settle(entries.slice(taken), 'rejected');
    if (rejected > 0) this.#options.onRejected?.(rejected, why);
    const suspects = this.#suspects;
    this.#suspects = new Set();
    if (suspects.size > 0)
      this.#books.settle(
        queue.remove(entry => suspects.has(entry)),
        'rejected',
      );
    this.#refusals = 0;
    this.#isAnythingTaken = true;
  }

  #tooLarge(entries: readonly Entry<Kept>[], why: string): Step {
    if (entries.length === 1) {
      this.#giveUp(entries, 'too_large', why);
      return 'sent';
    }
    const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
    this.#mostBytes = Math.max(LEAST_BATCH_BYTES, Math.min(this.#mostBytes, bytes / 2));
    this.#halve(entries.length);
    return 'cut';
  }

  /**
   * An item that is refused alone is given up only in company of others that are taken: an endpoint that refuses everything is set up wrongly,
   * and what it refuses is not lost for that.
   */
  #refused(entries: readonly Entry<Kept>[], why: string): Step {
    this.#refusals += 1;
    const isAlone = entries.length === 1;
    if (isAlone && this.#isAnythingTaken) {
      this.#giveUp(entries, 'rejected', why);
      return 'sent';
    }
    if (isAlone && this.#parts.length <= 1) {
      this.#setAside();
      return 'stuck';
    }
    this.#isAsking = !this.#isAnythingTaken && this.#refusals >= MOST_REFUSALS;
    if (isAlone) {
      for (const entry of entries) this.#suspects.add(entry);
      this.#books.queue.putLast();
      this.#partDone();
    } else this.#halve(entries.length);
    return 'cut';
  }

  /** Sends the newest item alone: if that is taken, it is the items, and what is refused alone is given up. */
  async #ask(onAttempt: (attempt: Attempt) => void): Promise<Step> {
    const { queue } = this.#books;
    this.#isAsking = false;
    const entries = queue.takeOffNewest(entry => !this.#suspects.has(entry));
    if (entries.length === 0) return 'nothing';
    const attempt = await this.#attempt(entries);
    onAttempt(attempt);
    if (queue.inFlight !== entries) return 'failed';
    if (attempt.outcome === 'delivered') {
      this.#takenAtLast(entries, attempt);
      return 'sent';
    }
    this.#setAside();
    return attempt.outcome === 'retry' ? 'failed' : 'stuck';
  }

  /** What was being sent goes behind the others, and whatever comes next begins anew. */
  #setAside(): void {
    this.#books.queue.putLast();
    this.#forgetParts();
    this.#lane.persist();
  }

  #halve(count: number): void {
    this.#books.queue.putBack();
    this.#parts.shift();
    this.#parts.unshift(Math.ceil(count / 2), Math.floor(count / 2));
  }

  #giveUp(entries: readonly Entry<Kept>[], reason: 'too_large' | 'rejected', why: string): void {
    this.#options.onRejected?.(entries.length, why);
    this.#books.queue.landed();
    this.#books.settle(entries, reason);
    this.#partDone();
  }

  #partDone(): void {
    this.#parts.shift();
    if (this.#parts.length === 0) this.#isAnythingTaken = false;
  }

  #putBack(): void {
    this.#books.queue.putBack();
    this.#forgetParts();
    // Who knows when the next attempt comes, or whether.
    this.#lane.persist();
  }

  #forgetParts(): void {
    this.#parts = [];
    this.#refusals = 0;
    this.#isAnythingTaken = false;
    this.#isAsking = false;
    this.#suspects = new Set();
  }

  /** Attributes of a resource that are still being looked up: exporters take what is there. */
  async #resourcesKnown(entries: readonly Entry<Kept>[]): Promise<void> {
    const pending = new Set<ResourceLike>();
    for (const { item } of entries) {
      const { resource } = this.#lane.originOf(item);
      if (resource.asyncAttributesPending === true && !this.#lateResources.has(resource))
        pending.add(resource);
    }
    if (pending.size === 0) return;
    const known = async (): Promise<unknown> =>
      Promise.allSettled([...pending].map(async resource => resource.waitForAsyncAttributes?.()));
    await within(this.#options.timeoutMillis, known, false);
    // Those that are still pending are not waited for again.
    for (const resource of pending) this.#lateResources.add(resource);
    this.#lane.refreshResources();
  }
}
