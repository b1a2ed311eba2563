import { getHeapStatistics } from 'node:v8';
import { processState } from 'otel-runtime-kit/otel';
import type { SamplingRuntime } from 'otel-runtime-kit/otel';

/** The isolate as this package sees it; tests put their own clock and collections in its place. */
export interface GcInstrumentationPlatform {
  readonly runtime: SamplingRuntime;
  /** Most bytes that the heap may take; V8 can raise it while it runs. */
  heapLimitBytes(): number;
}

/** The isolate that this runs in: each worker thread has a heap and collections of its own. */
export function hostPlatform(): GcInstrumentationPlatform {
  return {
    runtime: processState().runtime,
    heapLimitBytes: () => getHeapStatistics().heap_size_limit,
  };
}
