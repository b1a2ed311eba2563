import type { FakeClock } from 'test-helpers/fake-clock';
import type { GcPerformanceEntry } from '../../src/gc/gc-pause.js';
import type { GcPlatform, GcRecord, GcRecording, HeapMoment } from '../../src/gc/gc-platform.js';

/** Kinds of the entries, and names of the records, by the type that both stand for. */
const NAMES = {
  minor: { kind: 1, gcType: 'Scavenge' },
  major: { kind: 4, gcType: 'MarkSweepCompact' },
  incremental: { kind: 8, gcType: 'IncrementalMarking' },
  weakcb: { kind: 16, gcType: 'ProcessWeakCallbacks' },
} as const;

type FailingMeans = 'observe' | 'disconnect' | 'start' | 'stop' | 'used' | 'provoke';

/** One collection to be made. */
export interface FakeGc {
  readonly type?: keyof typeof NAMES;
  readonly freedBytes?: number;
  readonly promotedBytes?: number;
  readonly millis?: number;
  readonly forced?: boolean;
}

/** A recording of the fake profiler: it goes on recording until it is collected, as the real one does. */
interface FakeRecording {
  readonly records: GcRecord[];
  readonly tells: (() => void)[];
  moves: number;
  isOld: boolean;
  isStopped: boolean;
}

/** What a record says of one moment. */
export function momentOf(oldBytes: number, youngBytes: number, externalMemory = 0): HeapMoment {
  return {
    heapStatistics: { usedHeapSize: oldBytes + youngBytes, externalMemory },
    heapSpaceStatistics: [
      { spaceName: 'read_only_space', spaceUsedSize: 0 },
      { spaceName: 'old_space', spaceUsedSize: oldBytes },
      { spaceName: 'new_space', spaceUsedSize: youngBytes },
      { spaceName: 'new_large_object_space', spaceUsedSize: 0 },
    ],
  };
}

/** A heap with its collections, its observer and its profiler, as far as the source of collections sees them. */
export class FakeGcPlatform implements GcPlatform {
  readonly #clock: FakeClock;
  readonly #observers = new Set<(entries: readonly GcPerformanceEntry[]) => void>();
  #recordings: FakeRecording[] = [];
  #entries: GcPerformanceEntry[] = [];
  readonly #lateTells: (() => void)[] = [];
  #majorsDue = 0;
  #oldBytes = 0;
  #youngBytes = 0;
  /** Outside of the heap; a collection frees all of it. */
  externalBytes = 0;
  /** Calls of each means. */
  observed = 0;
  provoked = 0;
  started = 0;
  /** All that was ever allocated, and the collections there were. */
  allocatedBytes = 0;
  collections = 0;
  /** Whether a provoked major collection comes: with the next turn. */
  obeys = true;
  /** Whether a major collection frees what is stopped; not if its marking had begun before. */
  frees = true;
  /** Whether the end of a recording is told only after the entries of the collection that took it. */
  tellsLate = false;
  /** What a means throws when it is called. */
  readonly failures: Partial<Record<FailingMeans, Error | undefined>> = {};

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  get observers(): number {
    return this.#observers.size;
  }

  /** Recordings that are neither stopped nor let go. */
  get running(): number {
    return this.#recordings.filter(({ isStopped }) => !isStopped).length;
  }

  /** Recordings that V8 still calls, stopped or not, and the records that they hold. */
  get held(): { readonly recordings: number; readonly records: number } {
    const records = this.#recordings.reduce((sum, each) => sum + each.records.length, 0);
    return { recordings: this.#recordings.length, records };
  }

  observe(onEntries: (entries: readonly GcPerformanceEntry[]) => void): () => void {
    this.#throwIf('observe');
    this.observed += 1;
    this.#observers.add(onEntries);
    return () => {
      this.#observers.delete(onEntries);
      this.#throwIf('disconnect');
    };
  }

  readonly startRecording = (): GcRecording => {
    this.#throwIf('start');
    this.started += 1;
    const recording: FakeRecording = { records: [], tells: [], moves: 0, isOld: false, isStopped: false };
    this.#recordings.push(recording);
    return {
      stop: () => {
        recording.isStopped = true;
        this.#throwIf('stop');
        return [...recording.records];
      },
      onCollected: callback => {
        // Who asks for its end has let it go, read or not.
        recording.isStopped = true;
        recording.tells.push(callback);
      },
    };
  };

  usedHeapBytes(): number {
    this.#throwIf('used');
    return this.#oldBytes + this.#youngBytes;
  }

  provokeMajorGc(): void {
    this.#throwIf('provoke');
    this.provoked += 1;
    if (this.obeys) this.#majorsDue += 1;
  }

  allocate(bytes: number): void {
    this.#youngBytes += bytes;
    this.allocatedBytes += bytes;
  }

  /** One collection: recorded at once, told with {@link deliver}. */
  collect({
    type = 'minor',
    freedBytes = 0,
    promotedBytes = 0,
    millis = 1,
    forced = false,
  }: FakeGc = {}): void {
    this.collections += 1;
    const { kind, gcType } = NAMES[type];
    const beforeGC = momentOf(this.#oldBytes, this.#youngBytes, this.externalBytes);
    this.externalBytes = 0;
    this.#youngBytes -= freedBytes + promotedBytes;
    this.#oldBytes += promotedBytes;
    const afterGC = momentOf(this.#oldBytes, this.#youngBytes);
    for (const recording of this.#recordings) {
      recording.records.push({ gcType, cost: millis * 1000, beforeGC, afterGC });
    }
    this.#bury(type);
    if (this.#observers.size === 0) return;
    this.#entries.push({
      startTime: this.#clock.nowMillis(),
      duration: millis,
      detail: { kind, flags: forced ? 4 : 0 },
    });
  }

  /** A turn of the loop: entries go to the observer. */
  deliver(): void {
    for (; this.#majorsDue > 0; this.#majorsDue -= 1) {
      this.collect({ type: 'incremental' });
      this.collect({ type: 'major' });
    }
    const entries = this.#entries;
    this.#entries = [];
    if (entries.length > 0) this.tell(entries);
    this.#tellOfEnds();
  }

  /** Hands entries to the observers that are there, as they may get some that are older than they are. */
  tell(entries: readonly GcPerformanceEntry[]): void {
    for (const onEntries of [...this.#observers]) onEntries(entries);
  }

  /** One collection in a turn of its own. */
  turn(gc: FakeGc = {}): void {
    this.collect(gc);
    this.#clock.advance(1);
    this.deliver();
  }

  /** What is stopped is taken by the next minor one if it is young, and by a major one in any case. */
  #bury(type: keyof typeof NAMES): void {
    if (type !== 'minor' && type !== 'major') return;
    const dead = this.#recordings.filter(
      each => each.isStopped && (each.isOld ? type === 'major' && this.frees : true),
    );
    this.#recordings = this.#recordings.filter(each => !dead.includes(each));
    for (const recording of this.#recordings) {
      recording.moves += 1;
      recording.isOld ||= type === 'major' || recording.moves >= 2;
    }
    this.#lateTells.push(...dead.flatMap(({ tells }) => tells));
    if (!this.tellsLate) this.#tellOfEnds();
  }

  #tellOfEnds(): void {
    for (const tell of this.#lateTells.splice(0)) tell();
  }

  #throwIf(what: keyof typeof this.failures): void {
    const failure = this.failures[what];
    if (failure !== undefined) throw failure;
  }
}
