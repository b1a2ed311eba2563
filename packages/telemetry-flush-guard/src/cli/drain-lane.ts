import type { Deliverer } from '../delivery/attempt.js';
import { backoffMillis } from '../delivery/backoff.js';
import type { RetryWaits } from '../delivery/backoff.js';
import type { EndpointGate } from '../delivery/endpoint-gate.js';
import type { Origins } from '../items/origins.js';
import type { EncodedItem } from '../otlp/otlp-form.js';
import { Lane } from '../pipeline/lane.js';
import type { LaneDisk } from '../pipeline/lane-disk.js';
import type { DropReason } from '../spool/outcome.js';
import type { Segment } from '../spool/segment.js';
import type { DrainWay } from './drain-signals.js';

/** As a guard has it. */
const BATCH_ITEMS = 512;
const MEMORY_ITEMS = 8_192;
const MEMORY_BYTES = 64 * 1_048_576;

/** A timer can wait for that, and nobody waits for it: {@link DrainLane.send} ends by itself. */
const A_DAY_MILLIS = 86_400_000;

export interface DrainLaneOptions extends RetryWaits {
  readonly disk: LaneDisk;
  readonly origins: Origins;
  readonly way: DrainWay;
  /** Where it delivers to, for people. */
  readonly to: string;
  readonly attemptMillis: number;
  readonly gate: EndpointGate;
  readonly random: () => number;
  /** From then on nothing is sent any more. */
  readonly isStopped: () => boolean;
}

/** How many items of a lane there were, and what became of them. */
export interface DrainCounts {
  readonly found: number;
  readonly delivered: number;
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
  readonly left: number;
}

/** A lane that nothing comes into but what the dead have left, and that sends when it is told to. */
export class DrainLane extends Lane<never, EncodedItem> {
  readonly to: string;
  readonly gate: EndpointGate;
  readonly #options: DrainLaneOptions;
  readonly #notes: LaneNotes;
  readonly #found: { segment: Segment; onRemoved: (segment: Segment) => void }[] = [];
  #triedMillis = -Infinity;
  /** In a row, for other reasons than that the endpoint cannot be got at. */
  #timesStuck = 0;
  #restsUntilMillis = -Infinity;

  constructor(name: string, options: DrainLaneOptions) {
    const { disk, origins, way, attemptMillis, gate, random, retryFirstMillis, retryLongestMillis } = options;
    const notes: LaneNotes = { failure: undefined, refusal: undefined };
    super(name, way.form, watched(way.deliverer, notes, options.isStopped), disk, origins, {
      memoryItems: MEMORY_ITEMS,
      memoryBytes: MEMORY_BYTES,
      batchItems: BATCH_ITEMS,
      exportTimeoutMillis: attemptMillis,
      delayMillis: 0,
      writesAhead: false,
      retryFirstMillis,
      retryLongestMillis,
      onDrop: () => {},
      onRejected: (_count, why) => {
        notes.refusal ??= why;
      },
      gate,
      random,
    });
    this.to = options.to;
    this.gate = gate;
    this.#options = options;
    this.#notes = notes;
    // Nothing by itself: lanes take turns.
    this.shutDown();
  }

  /** What is found is kept here until all is found: the oldest is sent first, whoever has left it. */
  override inherit(segments: readonly Segment[], onRemoved: (segment: Segment) => void): void {
    this.#found.push(...segments.map(segment => ({ segment, onRemoved })));
  }

  /** All is found. */
  release(): void {
    const found = this.#found.splice(0);
    found.sort((one, other) => beganMillis(one.segment) - beganMillis(other.segment));
    for (const { segment, onRemoved } of found) super.inherit([segment], onRemoved);
  }

  get drained(): DrainCounts {
    const { inherited, delivered, dropped } = this.ledger;
    const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0);
    return { found: inherited, delivered, dropped, left: inherited - delivered - lost };
  }

  /** On disk, of what is not done with. */
  get leftBytes(): number {
    return [...this.heirlooms].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Why the latest attempt has failed; undefined: it has not. */
  get failure(): string | undefined {
    return this.#notes.failure;
  }

  /** Why something was not taken for good, the first time. */
  get refusal(): string | undefined {
    return this.#notes.refusal;
  }

  /** Before the next attempt. */
  get waitMillis(): number {
    return Math.max(this.gate.waitMillis, Math.ceil(this.#restsUntilMillis - performance.now()), 0);
  }

  /** When it was tried last. */
  get triedMillis(): number {
    return this.#triedMillis;
  }

  /** Sends until nothing is left, an attempt fails, or it is stopped. Never rejects. */
  async send(): Promise<void> {
    this.#triedMillis = performance.now();
    const before = this.drained.left;
    const isDone = await this.flush(performance.now() + A_DAY_MILLIS);
    if (this.drained.left < before) this.#timesStuck = 0;
    // The gate knows how long to wait for the endpoint. What cannot be read is not its business.
    if (isDone || this.gate.hasFailed) return;
    this.#timesStuck += 1;
    const { random } = this.#options;
    this.#restsUntilMillis = performance.now() + backoffMillis(this.#timesStuck, random(), this.#options);
  }

  /** Gives back the descriptors of what is left. */
  closeAcks(): void {
    for (const { acks } of this.heirlooms) acks.close();
  }
}

interface LaneNotes {
  failure: string | undefined;
  refusal: string | undefined;
}

/** Whoever has begun to send would go on, batch after batch, when it is stopped. */
function watched(
  deliverer: Deliverer<EncodedItem>,
  notes: LaneNotes,
  isStopped: () => boolean,
): Deliverer<EncodedItem> {
  return {
    async send(items, timeoutMillis) {
      if (isStopped()) return { outcome: 'retry', why: 'stopped' };
      const attempt = await deliverer.send(items, timeoutMillis);
      notes.failure = attempt.outcome === 'delivered' ? undefined : attempt.why;
      return attempt;
    },
    shutdown: () => deliverer.shutdown(),
  };
}

/** One whose header is damaged may be as old as any. */
function beganMillis({ span }: Segment): number {
  return span?.beganMillis ?? 0;
}
