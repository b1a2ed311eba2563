import type { GcPause } from './gc-pause.js';
import type { GcType } from './gc-type.js';

/** Somebody who wants to know of garbage collections. */
export interface GcSubscriber {
  /** Milliseconds between two drains of what is only gathered; the smallest of all subscribers holds. */
  readonly intervalMillis: number;
  /** Whether the heap before and after each collection is wanted, which costs 100 µs to 1 ms for each that is measured. */
  readonly wantsHeapEffects: boolean;
  /** Called with every collection, soon after it, never inside it. What it throws is reported and counted. */
  readonly onPause?: (pause: GcPause) => void;
}

/** What collections have done to the heap since heap effects were first wanted; bytes, never falling. */
export interface GcTotals {
  /** Bytes that JavaScript has allocated on the heap, up to the latest drain. */
  readonly allocatedBytes: number;
  /** Bytes that minor collections have moved out of the young generation. */
  readonly promotedBytes: number;
  /** Bytes that collections have freed, by type. */
  readonly reclaimedBytes: Readonly<Record<GcType, number>>;
  /** Collections whose heap before and after is known. */
  readonly measuredGcs: number;
  /** Collections of which only the pause is known (the first of their type are added when one is measured); they count with the mean of the measured ones of their type. */
  readonly estimatedGcs: number;
}

/** The heap as the latest major collection left it: what is really in use. */
export interface LiveHeap {
  readonly usedBytes: number;
  /** When that collection ended, in milliseconds of the monotonic clock. */
  readonly atMillis: number;
  /** Read a moment after the collection, and so with what was allocated in that moment. */
  readonly approximate: boolean;
}

/**
 * Where heap effects come from now.
 *
 * - `off`: nobody wants them; `absent`: this runtime has no `v8.GCProfiler`
 * - `measuring`: each collection is measured
 * - `sampling`: collections come so fast that only some are measured (4 a second), all over the time; the effects of
 *   the others are estimated by those
 * - `resting`: the profiler rests for ten minutes, as it held too much memory; effects are estimated by earlier ones
 */
export type HeapEffectState = 'absent' | 'off' | 'measuring' | 'sampling' | 'resting';

/**
 * Where pauses come from now: `observer` as a rule; `profiler` while the observer is suspected of causing collections
 * itself (nodejs/node#62721); `off` while nobody subscribes.
 */
export type PauseState = 'off' | 'observer' | 'profiler';

/** What the source is doing. */
export interface GcSourceState {
  readonly pauses: PauseState;
  readonly heapEffects: HeapEffectState;
}
