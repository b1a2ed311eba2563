import type { FdSnapshot } from 'otel-fd-watch';
import type { GcSummary } from 'otel-gc-instrumentation';
import type { MemorySnapshot } from 'otel-memory-metrics';
import type { HistoryRows } from './bounded-history.js';

/** What the instrumentations know now; `null` for one that does not run here. */
export interface Vitals {
  readonly memory: MemorySnapshot | null;
  readonly gc: GcSummary | null;
  readonly fd: FdSnapshot | null;
}

/** The answer of `vitals.json`. */
export interface PageData extends Vitals {
  readonly schema: 'otel-node-vitals/page@1';
  readonly service: string | null;
  readonly pid: number;
  readonly nodeVersion: string;
  /** When this page began to keep its history, in milliseconds since the Unix epoch; another one is another process. */
  readonly startedAtMillis: number;
  readonly uptimeSeconds: number;
  readonly sampleIntervalMillis: number;
  /** Milliseconds until the next sample is due. */
  readonly nextSampleMillis: number;
  /** Samples taken so far. */
  readonly sequence: number;
  readonly history: PageHistory;
}

/** What charts are drawn from. */
export interface PageHistory {
  /** The latest samples, one by one: all that are kept, or those after the number that was asked for. */
  readonly recent: HistoryRows;
  /** Everything since the start, thinned out; `null` where only new samples were asked for. */
  readonly whole: HistoryRows | null;
}
