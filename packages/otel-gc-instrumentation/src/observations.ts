import type { Attributes } from '@opentelemetry/api';
import { GC_TYPES } from 'otel-runtime-kit/gc';
import type { GcType } from 'otel-runtime-kit/gc';
import { observeNumber, observeNumberBy } from 'otel-runtime-kit/otel';
import type { MetricDefinition, ObservableBinding } from 'otel-runtime-kit/otel';
import { byGcType } from './by-gc-type.js';
import type { GcPauses, GcSummary } from './gc-summary.js';
import { ATTR_GC_TYPE, ATTR_WINDOW, metricDefinitions } from './metric-definitions.js';

/** The attributes of each type, made once. */
export const TYPE_ATTRIBUTES: Readonly<Record<GcType, Attributes>> = byGcType(type => ({
  [ATTR_GC_TYPE]: type,
}));

/** `unknown` is a type that this V8 may never have: it is reported once there was one. */
function isReported(type: GcType, { byType, heapEffects }: GcSummary): boolean {
  return type !== 'unknown' || byType.unknown.count > 0 || (heapEffects?.reclaimedBytes.unknown ?? 0) > 0;
}

/**
 * What each observable instrument reports: pure reads of the latest summary.
 *
 * @param measuresHeapEffects whether those that need the heap before and after a collection exist
 */
export function observations(latest: () => GcSummary, measuresHeapEffects: boolean): ObservableBinding[] {
  const { pauseP95, pauseMaximum, forced, utilization, live, liveUtilization, majorAge } = metricDefinitions;
  return [
    observePauses(latest, pauseP95, pauses => pauses.p95Seconds),
    observePauses(latest, pauseMaximum, pauses => pauses.maxSeconds),
    observeNumber(latest, forced, summary => summary.forced),
    observeNumberBy(latest, utilization, ATTR_WINDOW, ['1m', '5m'], summary => summary.utilization),
    observeNumber(latest, live, summary => summary.liveHeapBytes),
    observeNumber(latest, liveUtilization, summary => summary.liveHeapUtilization),
    observeNumber(latest, majorAge, summary => summary.majorAgeSeconds),
    ...(measuresHeapEffects ? heapEffectObservations(latest) : []),
  ];
}

function heapEffectObservations(latest: () => GcSummary): ObservableBinding[] {
  const { reclaimed, promoted, allocated } = metricDefinitions;
  return [
    observeNumberBy(latest, reclaimed, ATTR_GC_TYPE, GC_TYPES, summary => {
      if (summary.heapEffects === null) return null;
      const { reclaimedBytes } = summary.heapEffects;
      return isReported('unknown', summary) ? reclaimedBytes : { ...reclaimedBytes, unknown: null };
    }),
    observeNumber(latest, promoted, summary => summary.heapEffects?.promotedBytes ?? null),
    observeNumber(latest, allocated, summary => summary.heapEffects?.allocatedBytes ?? null),
  ];
}

/**
 * A window without a pause is reported as 0: a gauge that is no longer observed keeps its last value for ever
 * (open-telemetry/opentelemetry-js#4096).
 */
function observePauses(
  latest: () => GcSummary,
  metric: MetricDefinition,
  read: (pauses: GcPauses) => number | null,
): ObservableBinding {
  return {
    metric,
    observe: result => {
      const summary = latest();
      result.observe(read(summary.pauses) ?? 0);
      if (summary.pausesByType === null) return;
      for (const type of GC_TYPES) {
        if (!isReported(type, summary)) continue;
        result.observe(read(summary.pausesByType[type]) ?? 0, TYPE_ATTRIBUTES[type]);
      }
    },
  };
}
