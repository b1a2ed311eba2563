import type { GcSourceState, GcType } from 'otel-runtime-kit/gc';

/** Collections of one type, or of all, since the instrumentation was first started; none while it was disabled. */
export interface GcCount {
  readonly count: number;
  readonly pauseSeconds: number;
}

/** Pauses during the sliding window; the quantile is within 0.5 % of the exact order statistic. */
export interface GcPauses {
  readonly count: number;
  /** `null` while there was no collection in the window. */
  readonly p95Seconds: number | null;
  readonly maxSeconds: number | null;
}

/** What collections did to the heap, in bytes since heap effects were first wanted. */
export interface GcHeapEffects {
  readonly allocatedBytes: number;
  readonly promotedBytes: number;
  readonly reclaimedBytes: Readonly<Record<GcType, number>>;
  /** Collections whose heap before and after is known, and those that count with the mean of their type. */
  readonly measuredGcs: number;
  readonly estimatedGcs: number;
}

/** What garbage collection has cost and done, as of the latest tick. Never changes once made. */
export interface GcSummary {
  /** In milliseconds since the Unix epoch; `null` before the first tick. */
  readonly takenAtMillis: number | null;
  readonly total: GcCount;
  readonly byType: Readonly<Record<GcType, GcCount>>;
  /** Collections that somebody forced since the first instance in this isolate was started. */
  readonly forced: number;
  /** Over `pauseWindowMillis`. */
  readonly pauses: GcPauses;
  readonly pausesByType: Readonly<Record<GcType, GcPauses>> | null;
  /** Pause time / wall time over the last minute and the last five; a lower bound of what collection costs. */
  readonly utilization: { readonly '1m': number; readonly '5m': number };
  /** `null` without the option `heapEffects`, and where the runtime has no `v8.GCProfiler`. */
  readonly heapEffects: GcHeapEffects | null;
  /** Heap in use after the latest major collection, and its share of the heap limit; `null` before the first. */
  readonly liveHeapBytes: number | null;
  readonly liveHeapUtilization: number | null;
  /** Seconds since the latest major collection: how fresh the live heap is. `null` before the first. */
  readonly majorAgeSeconds: number | null;
  /** Where pauses and heap effects come from now. */
  readonly source: GcSourceState;
}
