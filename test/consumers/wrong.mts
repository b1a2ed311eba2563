// Each line that ends in a code must be reported with it: if our types were `any`, none would be.
import { FdWatchInstrumentation } from 'otel-fd-watch';
import type { FdKind } from 'otel-fd-watch';
import { GcInstrumentation } from 'otel-gc-instrumentation';
import { MemoryMetricsInstrumentation } from 'otel-memory-metrics';
import type { MemorySignal } from 'otel-memory-metrics';
import { promClientViews, startVitals, vitals, vitalsPage } from 'otel-node-vitals';
import type { MetricDefinition } from 'otel-runtime-kit/otel';
import { Sampler } from 'otel-runtime-kit/sampling';

export const misspelt = new FdWatchInstrumentation({ warnAtRatios: 0.5 }); // TS2561
export const mistyped = new FdWatchInstrumentation({ warnAtRatio: '80 %' }); // TS2322
export const text: string = new FdWatchInstrumentation().snapshot().open; // TS2322
export const kind: FdKind = 'sockets'; // TS2820
export const gcMisspelt = new GcInstrumentation({ pauseByTypes: true }); // TS2561
export const gcMistyped = new GcInstrumentation({ buckets: 0.001 }); // TS2322
export const gcText: string = new GcInstrumentation().summary().forced; // TS2322
export const memoryMisspelt = new MemoryMetricsInstrumentation({ limitByte: 1 }); // TS2561
export const memoryMistyped = new MemoryMetricsInstrumentation({ containerMetrics: 'yes' }); // TS2322
export const memoryText: string = new MemoryMetricsInstrumentation().snapshot().nativeBytes; // TS2322
export const signal: MemorySignal = 'heap_lives'; // TS2820
export const vitalsMisspelt = vitals({ memorys: false }); // TS2561
export const vitalsMistyped = vitals({ gc: true }); // TS2322
export const vitalsPart = vitals({ fd: { warnAtRatios: 0.5 } }); // TS2561
export const started = startVitals({}); // TS2345
export const page = vitalsPage({ memory: () => null, gc: () => null }); // TS2345
export const views: string = promClientViews()[0]!.instrumentName.length; // TS2322
export const metric: MetricDefinition = {}; // TS2740
export const sampler: number = Sampler; // TS2322
