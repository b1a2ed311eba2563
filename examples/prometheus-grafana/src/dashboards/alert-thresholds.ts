import { alertLimit } from './alert-limits.js';
import { CALM, thresholds } from './grafana/thresholds.js';
import type { Thresholds } from './grafana/json.js';

// Colours by severity: info yellow, warning orange, critical red.

/** The resident set as a share of the container limit: the three levels. */
export const USAGE_LEVELS: Thresholds = thresholds([
  { from: alertLimit('MemoryUsageHigh'), color: 'orange' },
  { from: alertLimit('MemoryUsageVeryHigh'), color: 'red' },
  { from: alertLimit('MemoryUsageExtreme'), color: 'dark-red' },
]);

export const CONTAINER_SHARE: Thresholds = thresholds([
  { from: alertLimit('ContainerMemoryNearlyFull'), color: 'red' },
]);

export const HEAP_SHARE: Thresholds = thresholds([{ from: alertLimit('HeapNearlyFull'), color: 'red' }]);

/** Of the resident set, in MiB a minute; of its parts half as much counts. */
export const MEMORY_GROWTH: Thresholds = thresholds([
  { from: alertLimit('MemoryGrowing', 1), color: 'yellow' },
  { from: alertLimit('MemoryGrowingFast', 1), color: 'orange' },
]);

/** Seconds: less is worse. */
export const TIME_TO_MEMORY_LIMIT: Thresholds = thresholds(
  [
    { from: alertLimit('MemoryLimitWithinTenMinutes'), color: 'orange' },
    { from: alertLimit('MemoryLimitWithinAnHour'), color: CALM },
  ],
  'red',
);

export const TIME_TO_DESCRIPTOR_LIMIT: Thresholds = thresholds(
  [{ from: alertLimit('FDLimitWithinAnHour'), color: CALM }],
  'orange',
);

export const GC_PAUSE: Thresholds = thresholds([{ from: alertLimit('GCPauseTimeHigh'), color: 'red' }]);

export const FLEET_GC_PAUSE: Thresholds = thresholds([
  { from: alertLimit('FleetGCPauseTimeHigh'), color: 'red' },
]);

export const GC_OVERHEAD: Thresholds = thresholds([{ from: alertLimit('GCOverheadHigh'), color: 'orange' }]);

export const MINOR_COLLECTIONS: Thresholds = thresholds([
  { from: alertLimit('MinorCollectionsFrequent'), color: 'yellow' },
]);

export const MAJOR_COLLECTIONS: Thresholds = thresholds([
  { from: alertLimit('MajorCollectionsFrequent'), color: 'yellow' },
]);

export const DESCRIPTOR_SHARE: Thresholds = thresholds([
  { from: alertLimit('FDUtilizationHigh'), color: 'orange' },
]);

/** Descriptors a minute. */
export const DESCRIPTOR_GROWTH: Thresholds = thresholds([
  { from: alertLimit('FDLeakDetected'), color: 'orange' },
]);

/** Within 15 minutes. The alert is for more than its number, and these are whole. */
export const RESTARTS: Thresholds = thresholds([
  { from: 1, color: 'yellow' },
  { from: alertLimit('ProcessRestarting') + 1, color: 'orange' },
]);
