import type { AttributesLike, HrTime, ResourceLike, ScopeLike } from './otel-types.js';

// What is read of the metrics of OpenTelemetry's SDK. Structural and our own, as otel-types.ts is.

/** `DataPointType` of the SDK. */
export const PointType = { histogram: 0, exponentialHistogram: 1, gauge: 2, sum: 3 } as const;

/** `AggregationTemporality` of the SDK. */
export const Temporality = { delta: 0, cumulative: 1 } as const;

export interface MetricDescriptorLike {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly valueType: number;
  /** The kind of instrument. Not in the SDK's types any more, but there. */
  readonly type?: string | undefined;
}

/** The value of a point of a histogram: `counts` has one more than `boundaries`. */
export interface HistogramLike {
  readonly buckets: { readonly boundaries: readonly number[]; readonly counts: readonly number[] };
  readonly count: number;
  readonly sum?: number | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/** Buckets next to each other; the first has the index `offset`. */
export interface BucketsLike {
  readonly offset: number;
  readonly bucketCounts: readonly number[];
}

/** The value of a point of an exponential histogram: bucket i holds (b^i, b^(i+1)], b being 2^(2^-scale). */
export interface ExponentialHistogramLike {
  readonly count: number;
  readonly sum?: number | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly scale: number;
  readonly zeroCount: number;
  readonly positive: BucketsLike;
  readonly negative: BucketsLike;
}

export interface DataPointLike<Value = unknown> {
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  readonly attributes: AttributesLike;
  readonly value: Value;
}

/** One metric of one collection. What its values are, `dataPointType` says. */
export interface MetricDataLike {
  readonly descriptor: MetricDescriptorLike;
  readonly aggregationTemporality: number;
  readonly dataPointType: number;
  readonly isMonotonic?: boolean | undefined;
  readonly dataPoints: readonly DataPointLike[];
}

export interface ScopeMetricsLike {
  readonly scope: ScopeLike;
  readonly metrics: readonly MetricDataLike[];
}

export interface ResourceMetricsLike {
  readonly resource: ResourceLike;
  readonly scopeMetrics: readonly ScopeMetricsLike[];
}

/** By which collection a metric was taken. Times of day may jump; this does not. */
export interface Taken {
  /** Another one for each reader of each process. */
  readonly reader: string;
  /** The export interval of that reader, counted from 0. */
  readonly window: number;
  /** The collection of that reader, counted from 0. */
  readonly collection: number;
  /** 0, but for a metric of which its collection has another one that is called the same: that one is 1. */
  readonly stream: number;
}

/** What is kept of metrics: one point of one collection, or several of one metric. */
export interface MetricItem {
  readonly metric: MetricDataLike;
  readonly resource: ResourceLike;
  readonly scope: ScopeLike;
  readonly taken: Taken;
}
