import { byGcType } from './by-gc-type.js';
import type { GcCount, GcSummary } from './gc-summary.js';
import { NO_PAUSES } from './pause-window.js';

const NONE: GcCount = Object.freeze({ count: 0, pauseSeconds: 0 });

/** Before the first tick. */
export const EMPTY_SUMMARY: GcSummary = Object.freeze({
  takenAtMillis: null,
  total: NONE,
  byType: byGcType(() => NONE),
  forced: 0,
  pauses: NO_PAUSES,
  pausesByType: null,
  utilization: Object.freeze({ '1m': 0, '5m': 0 }),
  heapEffects: null,
  liveHeapBytes: null,
  liveHeapUtilization: null,
  majorAgeSeconds: null,
  source: Object.freeze({ pauses: 'off', heapEffects: 'off' }),
});
