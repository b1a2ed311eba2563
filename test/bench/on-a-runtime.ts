import { FdWatchInstrumentation } from 'otel-fd-watch';
import type { FdWatchOptions } from 'otel-fd-watch';
import { GcInstrumentation } from 'otel-gc-instrumentation';
import { MemoryMetricsInstrumentation } from 'otel-memory-metrics';
import type { SamplingRuntime } from 'otel-runtime-kit/otel';
import { gcHostPlatform, hostPlatform, memoryHostPlatform } from './product-internals.js';

/** The real instrumentations over the real machine, with only the clock and the collections in our hands. */
export interface InstrumentationsOnRuntime {
  readonly fdWatch: FdWatchInstrumentation;
  readonly memory: MemoryMetricsInstrumentation;
  readonly gc: GcInstrumentation;
}

/** All three instrumentations on a runtime of their own, which they share as they do in an application. */
export function instrumentationsOn(
  runtime: SamplingRuntime,
  { byKindIntervalMillis, ...shared }: Pick<FdWatchOptions, 'sampleIntervalMillis' | 'byKindIntervalMillis'>,
): InstrumentationsOnRuntime {
  return {
    fdWatch: new FdWatchInstrumentation({ ...shared, byKindIntervalMillis }, { ...hostPlatform(), runtime }),
    memory: new MemoryMetricsInstrumentation(shared, { ...memoryHostPlatform(), runtime }),
    gc: new GcInstrumentation(shared, { ...gcHostPlatform(), runtime }),
  };
}
