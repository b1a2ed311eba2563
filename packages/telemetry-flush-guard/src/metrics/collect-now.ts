import type { MetricDataLike, ScopeMetricsLike } from '../items/metric-types.js';
import type { HrTime, ResourceLike } from '../items/otel-types.js';
import { observeNow } from './observe-now.js';
import { insideOf } from './sdk-inside.js';

/** What could be collected with nothing to wait for. */
export interface CollectedNow {
  readonly resource: ResourceLike;
  readonly scopeMetrics: readonly ScopeMetricsLike[];
  /** Instruments of which not all is known: observables that answer later or throw, and what could not be collected. */
  readonly unread: number;
}

/**
 * Collects for a reader without a promise: for the end of a process, where none is ever done any more. What it takes is taken: a later collection,
 * if there is one, gives only what has happened since. Never throws.
 *
 * @param producer what the SDK gave to the reader
 * @returns undefined if the SDK is not as it is known inside; then nothing was taken
 */
export function collectNow(producer: unknown, epochMillis: number): CollectedNow | undefined {
  const inside = insideOf(producer);
  if (inside === undefined) return undefined;
  const time = timeOf(epochMillis);
  let unread = 0;
  const scopeMetrics: ScopeMetricsLike[] = [];
  for (const { scope, observables, storages } of inside.meters) {
    try {
      unread += observeNow(observables, time).size;
    } catch {
      unread += 1;
    }
    const metrics: MetricDataLike[] = [];
    for (const storage of storages) {
      try {
        const metric = storage.collect(producer, time);
        if (metric !== undefined && metric !== null && Array.isArray(metric.dataPoints)) metrics.push(metric);
      } catch {
        unread += 1;
      }
    }
    if (metrics.length > 0) scopeMetrics.push({ scope, metrics });
  }
  return { resource: inside.resource, scopeMetrics, unread };
}

function timeOf(epochMillis: number): HrTime {
  return [Math.trunc(epochMillis / 1_000), Math.round((epochMillis % 1_000) * 1e6)];
}
