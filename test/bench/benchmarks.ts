import { addedMemory, addedMemoryLong } from './added-memory.js';
import { collectionCost } from './collection-cost.js';
import { fdCount } from './fd-count.js';
import type { Benchmark } from './harness/benchmark.js';
import { kindScan } from './kind-scan.js';
import { retainedHeap } from './retained-heap.js';
import { scrape } from './scrape.js';
import { spanCost } from './span-cost.js';
import { startUp } from './start-up.js';
import { throughputAllocating, throughputHttp } from './throughput.js';
import { tickInSitu } from './tick-in-situ.js';
import { tick } from './tick.js';

/** All benchmarks, in the order in which they are run and reported. */
export const benchmarks: readonly Benchmark[] = [
  fdCount,
  tick,
  kindScan,
  tickInSitu,
  collectionCost,
  throughputAllocating,
  throughputHttp,
  addedMemory,
  addedMemoryLong,
  startUp,
  scrape,
  retainedHeap,
  spanCost,
];
