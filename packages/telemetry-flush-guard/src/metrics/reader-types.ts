import type { MetricItem } from '../items/metric-types.js';
import type { AggregationLike } from './metric-exporter.js';

/** What a collection comes to. `Metrics` is what a line of the SDK calls `ResourceMetrics`. */
export interface CollectionLike<Metrics> {
  resourceMetrics: Metrics;
  errors: unknown[];
}

/** A `MetricProducer` of the SDK. */
export interface MetricProducerLike<Metrics> {
  collect(options?: { timeoutMillis?: number }): Promise<CollectionLike<Metrics>>;
}

/** An `IMetricReader` of SDK 2.x and 3.x. */
export interface GuardedMetricReader<Metrics> {
  setMetricProducer(producer: MetricProducerLike<Metrics>): void;
  selectAggregation(instrumentType: string): AggregationLike;
  selectAggregationTemporality(instrumentType: string): number;
  selectCardinalityLimit(instrumentType: string): number;
  /** Collects now. What it finds is kept and sent as what is collected at a checkpoint is. */
  collect(options?: { timeoutMillis?: number }): Promise<CollectionLike<Metrics>>;
  /** Collects, and sends all that is there, as far as it can within the time. Never rejects. */
  forceFlush(options?: { timeoutMillis?: number }): Promise<void>;
  /** Collects for the last time, sends what it can within the time, and shuts the exporter down. Never rejects. */
  shutdown(options?: { timeoutMillis?: number }): Promise<void>;
}

/** Where what is collected goes. Nothing here throws or rejects. */
export interface MetricSink {
  /** What a collection has found: it is to be kept, and waits to be sent. */
  accept(items: readonly MetricItem[]): void;
  /** Sends what waits. */
  flush(timeoutMillis: number): Promise<unknown>;
  /** Sends what waits, and shuts the exporter down. Nothing comes any more. */
  shutDown(timeoutMillis: number): Promise<unknown>;
}

/** What a collection without a promise has come to. */
export interface SyncCollection {
  /** Points handed on. */
  readonly collected: number;
  /** Instruments that could not be read. */
  readonly uncollected: number;
}
