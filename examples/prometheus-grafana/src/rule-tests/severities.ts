import type { Severity } from '../rules/rule.js';

/** How urgent each alert has to be. */
export const severities: Readonly<Record<string, Severity>> = {
  MemoryUsageHigh: 'warning',
  MemoryUsageVeryHigh: 'critical',
  MemoryUsageExtreme: 'critical',
  ContainerMemoryNearlyFull: 'critical',
  MemoryGrowing: 'info',
  MemoryGrowingFast: 'warning',
  MemoryLimitWithinAnHour: 'warning',
  MemoryLimitWithinTenMinutes: 'critical',
  HeapNearlyFull: 'critical',
  HeapLimitAboveContainerLimit: 'warning',
  GCPauseTimeHigh: 'critical',
  FleetGCPauseTimeHigh: 'critical',
  GCOverheadHigh: 'warning',
  MinorCollectionsFrequent: 'info',
  MajorCollectionsFrequent: 'info',
  FDLeakDetected: 'warning',
  FDUtilizationHigh: 'warning',
  FDLimitWithinAnHour: 'warning',
  ContainerOOMKill: 'critical',
  ProcessRestarting: 'warning',
  VitalsReadingFailing: 'info',
  ContainerHighMemory: 'critical',
  ContainerRestarting: 'warning',
  RedisHighMemory: 'critical',
  // Of naive-tests.ts.
  NaiveMemoryUsageHigh: 'warning',
  NaiveGCPauseTimeHigh: 'critical',
  NaiveFDLeakDetected: 'warning',
};
