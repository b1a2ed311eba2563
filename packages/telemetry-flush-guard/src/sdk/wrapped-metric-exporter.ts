import { randomBytes } from 'node:crypto';
import type { MetricItem, ResourceMetricsLike } from '../items/metric-types.js';
import { itemsOf } from '../metrics/collected-items.js';
import type { AggregationLike, MetricExporterLike } from '../metrics/metric-exporter.js';
import type { Lane } from '../pipeline/lane.js';
import { FLUSH_MILLIS } from './processors.js';
import type { LaneKeeper } from './processors.js';

/** A `PushMetricExporter` of SDK 2.x and 3.x. */
export interface GuardedMetricExporter<Metrics> {
  export(metrics: Metrics, callback: (result: { code: number; error?: Error }) => void): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
  selectAggregationTemporality?(instrumentType: never): number;
  selectAggregation?(instrumentType: never): AggregationLike;
}

/**
 * What stands between a reader and its exporter: what the reader has collected is written, answered with a success, and delivered in its
 * own time, as it was.
 */
export function wrappedMetricExporter<Metrics>(
  exporter: MetricExporterLike<Metrics>,
  lane: Lane<MetricItem>,
  keeper: LaneKeeper,
): GuardedMetricExporter<Metrics> {
  const reader = randomBytes(6).toString('hex');
  let exports = 0;
  return {
    export(metrics, callback) {
      const { resource, scopeMetrics } = metrics as unknown as ResourceMetricsLike;
      // Each export stays one: a window of its own.
      lane.acceptAll(itemsOf(resource, scopeMetrics, { reader, window: exports, collection: exports }));
      exports += 1;
      callback({ code: 0 });
    },
    forceFlush: () => keeper.flush(lane as unknown as Lane<never>, FLUSH_MILLIS),
    shutdown: () => keeper.shutDown(lane as unknown as Lane<never>),
    ...(exporter.selectAggregationTemporality === undefined
      ? {}
      : {
          selectAggregationTemporality: (type: never) => exporter.selectAggregationTemporality?.(type) ?? 1,
        }),
    ...(exporter.selectAggregation === undefined
      ? {}
      : { selectAggregation: (type: never) => exporter.selectAggregation?.(type) ?? { type: 0 } }),
  };
}
