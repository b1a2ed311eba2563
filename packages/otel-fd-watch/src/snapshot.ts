import { SEVEN_DAYS_SECONDS } from 'otel-runtime-kit/trend';
import type { ConnectionState } from './connection-states.js';
import type { FdKind } from './descriptor-kind.js';

/** What is known of the process's descriptors at one moment. Never changes once made. */
export interface FdSnapshot {
  /** When the count was read, in milliseconds since the Unix epoch; `null` before the first reading. */
  readonly takenAtMillis: number | null;
  /** Open descriptors; `null` if they cannot be counted here, or the latest reading failed. */
  readonly open: number | null;
  /** RLIMIT_NOFILE; `null` where unknown or unlimited. */
  readonly limit: { readonly soft: number | null; readonly hard: number | null };
  /** Open descriptors / soft limit. */
  readonly utilization: number | null;
  /** Robust slope over the trend window, in descriptors per second; `null` while there is too little evidence. */
  readonly growthPerSecond: number | null;
  /** Seconds until the soft limit at that growth, at most 7 days (604,800), which also means "not in sight". */
  readonly timeToLimitSeconds: number;
  /** Open descriptors by kind, from the latest scan. */
  readonly byKind: Readonly<Record<FdKind, number>> | null;
  /** When that scan ended, in milliseconds since the Unix epoch. */
  readonly byKindTakenAtMillis: number | null;
  /** Whether the kinds are estimates from an even sample, there being more than `byKindMaximum`. */
  readonly byKindSampled: boolean;
  /** Own TCP connections by state, from the latest scan (option `connections`). */
  readonly connections: Readonly<Record<ConnectionState, number>> | null;
  /** Which thresholds are crossed now (with hysteresis). */
  readonly pressure: { readonly ratio: boolean; readonly count: boolean };
}

/** Before the first reading. */
export const EMPTY_SNAPSHOT: FdSnapshot = Object.freeze({
  takenAtMillis: null,
  open: null,
  limit: Object.freeze({ soft: null, hard: null }),
  utilization: null,
  growthPerSecond: null,
  timeToLimitSeconds: SEVEN_DAYS_SECONDS,
  byKind: null,
  byKindTakenAtMillis: null,
  byKindSampled: false,
  connections: null,
  pressure: Object.freeze({ ratio: false, count: false }),
});
