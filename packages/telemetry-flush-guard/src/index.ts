import { FlushGuard } from './flush-guard.js';
import type { FlushGuardOptions } from './options.js';

/**
 * A guard that loses nothing.
 *
 * @throws RangeError or TypeError for an option that cannot be
 */
export function createFlushGuard(options: FlushGuardOptions = {}): FlushGuard {
  return new FlushGuard(options);
}

export type { FlushGuard, Flushable, LaneStats, ProtectedProviders, SignalStats } from './flush-guard.js';
export type { FlushGuardOptions, GuardExit, GuardLimits, GuardRetry, GuardSignal } from './options.js';
export type { GuardedExporter } from './sdk/wrapped-exporter.js';
export type { GuardedLogRecordProcessor, GuardedSpanProcessor } from './sdk/processors.js';
export type { GuardedMetricExporter } from './sdk/wrapped-metric-exporter.js';
export type { GuardedMetricReader } from './metrics/reader-types.js';
export type { CardinalityLimits, MetricReaderOptions } from './metrics/reader-options.js';
export type { AggregationLike, MetricExporterLike } from './metrics/metric-exporter.js';
export type { Drop } from './accounting/drop-listener.js';
export type { LaneCounts } from './accounting/ledger.js';
export type { PreviousCounts } from './accounting/previous-runs.js';
export type { DropReason } from './spool/outcome.js';
export { VERSION } from './version.js';
