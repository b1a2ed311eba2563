import type { Clock } from '../sampling/index.js';
import type { GcPlatform, GcRecord, GcRecording } from './gc-platform.js';
import type { GcType } from './gc-type.js';

/** Collections after which a recording has left the young generation: it has been moved twice, or once by a major one. */
const MINOR_GCS_TO_AGE = 2;

/**
 * Records that aged recordings may hold together before they have to go: 4 to 7 kB each (Node 20 to 26), so that this
 * is about 1 to 2 MB.
 */
const MOST_AGED_RECORDS = 300;

/** Recordings that may be waiting for a major collection at once: each takes part in every collection (20 to 40 µs). */
const MOST_WAITING = 3;

/** Records that are worth their parsing, some 20 µs each; a turn of the loop that made more is estimated. */
const MOST_PARSED = 1_000;

/** An aged recording that is stopped, and goes on holding one more record with each collection. */
interface Waiting {
  records: number;
}

/** What a {@link HeapRecorder} works with. */
export interface HeapRecorderOptions {
  readonly clock: Pick<Clock, 'nowMillis'>;
  readonly startRecording: NonNullable<GcPlatform['startRecording']>;
  /** Called with what was recorded, in order. */
  readonly onRecords: (records: readonly GcRecord[]) => void;
  /** Called when records had to be given up, with how many there were of each type. */
  readonly onGivenUp: (seen: ReadonlyMap<GcType, number>) => void;
}

/**
 * Keeps `v8.GCProfiler` recording all the time, and as cheap as it can be.
 *
 * A stopped profiler goes on recording, in native memory, until it is itself collected (Node 20 to 26: `stop()` only
 * hands the text out, the callbacks are taken off by the destructor). One that is stopped before it has lived through two minor
 * collections is still in the young generation, and the next minor one takes it. One that has, or has lived through a
 * major one, stays until the next major one: 4 to 7 kB and 20 to 40 µs with every collection until then. So a
 * recording is ended after its first collection where that can be, and what has aged is counted.
 * (docs/decisions/0006-gc-source.md)
 */
export class HeapRecorder {
  readonly #with: HeapRecorderOptions;
  readonly #waiting = new Set<Waiting>();
  #recording: GcRecording | undefined;
  #startMillis = Infinity;
  /** Collections that it has seen, by type. */
  readonly #seen = new Map<GcType, number>();
  #gcs = 0;
  #aged = false;

  constructor(options: HeapRecorderOptions) {
    this.#with = options;
  }

  get isRecording(): boolean {
    return this.#recording !== undefined;
  }

  /** Aged recordings that wait for a major collection. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Whether the aged ones hold as much as they may. */
  get isFull(): boolean {
    let records = this.#aged ? this.#gcs : 0;
    for (const waiting of this.#waiting) records += waiting.records;
    return records >= MOST_AGED_RECORDS;
  }

  start(): void {
    if (this.#recording === undefined) this.#begin();
  }

  /** There was a collection, which began then. Returns whether it is in the recording. */
  saw(type: GcType, startMillis: number): boolean {
    for (const waiting of this.#waiting) waiting.records += 1;
    // One that began before is told of late: it was in the recording before, or in none.
    if (this.#recording === undefined || startMillis < this.#startMillis) return false;
    const seen = (this.#seen.get(type) ?? 0) + 1;
    this.#seen.set(type, seen);
    this.#gcs += 1;
    if (type === 'major' || (type === 'minor' && seen >= MINOR_GCS_TO_AGE)) this.#aged = true;
    return true;
  }

  /** Hands out what there is, if that leaves nothing behind, or little. */
  drainYoung(): void {
    if (this.#gcs > 0 && (!this.#aged || this.#waiting.size === 0)) this.#restart(false);
  }

  /**
   * Hands out what there is, even if an aged recording is left behind for it.
   *
   * @param unannounced also where {@link saw} was not called, as nobody else sees collections
   */
  drain(unannounced: boolean): void {
    if ((this.#gcs > 0 || unannounced) && (!this.#aged || this.#waiting.size < MOST_WAITING)) {
      this.#restart(unannounced);
    }
  }

  /** Hands out what there is, whatever is left behind for it. */
  cut(): void {
    this.#restart(false);
  }

  /** Hands out what there is, and records no more. */
  stop(): void {
    const recording = this.#recording;
    this.#recording = undefined;
    if (recording !== undefined) this.#handOut(recording, false);
  }

  /** The next one begins before the one before is read: reading allocates, and collections come of that too. */
  #restart(unannounced: boolean): void {
    const recording = this.#recording;
    if (recording === undefined) return;
    this.#begin();
    this.#handOut(recording, unannounced);
  }

  #begin(): void {
    const startMillis = this.#with.clock.nowMillis();
    this.#recording = this.#with.startRecording();
    this.#startMillis = startMillis;
  }

  #handOut(recording: GcRecording, unannounced: boolean): void {
    if (this.#gcs > MOST_PARSED) {
      const seen = new Map(this.#seen);
      this.#wait(recording, this.#gcs);
      this.#forget();
      this.#with.onGivenUp(seen);
      return;
    }
    this.#forget();
    const records = recording.stop();
    if (unannounced) for (const waiting of this.#waiting) waiting.records += records.length;
    // The records know better than what was announced: some announcements are still on their way.
    if (hasAged(records)) this.#wait(recording, records.length);
    this.#with.onRecords(records);
  }

  #forget(): void {
    this.#seen.clear();
    this.#gcs = 0;
    this.#aged = false;
  }

  #wait(recording: GcRecording, records: number): void {
    const waiting: Waiting = { records };
    this.#waiting.add(waiting);
    recording.onCollected(() => {
      this.#waiting.delete(waiting);
    });
  }
}

function hasAged(records: readonly GcRecord[]): boolean {
  let moves = 0;
  for (const { gcType } of records) {
    if (gcType === 'MarkSweepCompact') return true;
    if (gcType !== 'IncrementalMarking' && gcType !== 'ProcessWeakCallbacks') moves += 1;
  }
  return moves >= MINOR_GCS_TO_AGE;
}
