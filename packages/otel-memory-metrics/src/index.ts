export { MemoryMetricsInstrumentation } from './memory-metrics-instrumentation.js';
export type { MemoryMetricsOptions } from './options.js';
export type {
  ContainerMemorySnapshot,
  HeapSnapshot,
  HeapSpaceSnapshot,
  MemoryLimit,
  MemorySignal,
  MemorySnapshot,
  ProcessMemorySnapshot,
} from './snapshot.js';
