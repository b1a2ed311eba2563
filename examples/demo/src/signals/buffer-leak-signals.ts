import { keptOutside } from './kept-bytes.js';
import { externalGrowth, residentGrowth } from './memory-growth.js';
import type { Signal } from './signal.js';
import { timeToMemoryLimit } from './time-to-memory-limit.js';

/** What a leak of Buffers must move. */
export const bufferLeakSignals: readonly Signal[] = [
  keptOutside,
  externalGrowth,
  residentGrowth,
  timeToMemoryLimit,
];
