import { collectionTime, collectionUtilization } from './collection-time.js';
import { flatLiveHeap } from './flat-live-heap.js';
import { garbageRate } from './garbage-rate.js';
import { pauseP95 } from './pause-p95.js';
import type { Signal } from './signal.js';

/** What garbage without a leak must move, and what it must not. */
export const gcChurnSignals: readonly Signal[] = [
  garbageRate,
  collectionTime,
  collectionUtilization,
  pauseP95,
  flatLiveHeap,
];
