import { constants } from 'node:perf_hooks';
import { gcTypeOfKind } from './gc-type.js';
import type { GcType } from './gc-type.js';

/** One garbage collection, as the main thread of the isolate felt it. */
export interface GcPause {
  readonly type: GcType;
  /** When it began, in milliseconds of the monotonic clock (`performance.now()`). */
  readonly startMillis: number;
  /** How long JavaScript stood still for it. Of a major one the atomic part only, not its marking steps. */
  readonly seconds: number;
  /** Whether somebody asked for it: `global.gc()`, `--expose-gc`'s variants, an inspector. */
  readonly forced: boolean;
}

/** The fields of a performance entry of type `gc` that are used here; structural, as its class is not exported. */
export interface GcPerformanceEntry {
  /** Milliseconds of `performance.now()`. */
  readonly startTime: number;
  /** Milliseconds. */
  readonly duration: number;
  readonly detail?: unknown;
}

const FORCED = constants.NODE_PERFORMANCE_GC_FLAGS_FORCED;

/** A performance entry as a {@link GcPause}. */
export function gcPauseOf(entry: GcPerformanceEntry): GcPause {
  const { kind, flags } = (entry.detail ?? {}) as { readonly kind?: number; readonly flags?: number };
  return {
    type: gcTypeOfKind(kind),
    startMillis: entry.startTime,
    seconds: entry.duration / 1000,
    forced: ((flags ?? 0) & FORCED) !== 0,
  };
}
