import type { ExportResultLike } from '../delivery/exporter.js';

/** A `PushMetricExporter` of SDK 2.x or 3.x. `Metrics` is what that line calls `ResourceMetrics`. */
export interface MetricExporterLike<Metrics> {
  /** What it returns does not count, but for a promise that rejects: that is a failure. */
  export(metrics: Metrics, callback: (result: ExportResultLike) => void): unknown;
  shutdown(): Promise<void>;
  forceFlush?(): Promise<void>;
  /** Which temporality it wants of a kind of instrument. Default: cumulative, for all. */
  selectAggregationTemporality?(instrumentType: never): number;
  /** Which aggregation it wants. Default: that of the SDK. */
  selectAggregation?(instrumentType: never): AggregationLike;
}

/** An `AggregationOption` of the SDK: what more it has is the SDK's. */
export interface AggregationLike {
  readonly type: number;
}
