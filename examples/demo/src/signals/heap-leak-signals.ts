import { keptOnHeap } from './kept-bytes.js';
import { liveHeapGrowth } from './memory-growth.js';
import type { Signal } from './signal.js';
import { timeToHeapLimit } from './time-to-memory-limit.js';

/**
 * What a leak on the heap must move. Not the resident set: V8 takes memory ahead of need and gives it back late, so
 * that over seconds it says little of the heap.
 */
export const heapLeakSignals: readonly Signal[] = [keptOnHeap, liveHeapGrowth, timeToHeapLimit];
