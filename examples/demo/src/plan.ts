import type { Fault } from './faults/fault.js';

/** How long all of it takes unless told otherwise. */
export const DEFAULT_SECONDS = 30;

/** Below that, the fault lasts hardly longer than a trend takes to see it. */
export const MINIMUM_SECONDS = 12;

/** Runs below that have less time for everything. */
const SHORT_SECONDS = 20;

const REQUESTS_PER_SECOND = 40;

/** Share of the descriptor limit that a leak may use, in the service and, for sockets, at the parent's end too. */
const LIMIT_SHARE = 0.7;

/** Descriptors of a Node process under this load, rounded up. */
const ORDINARY_DESCRIPTORS = 60;

/** Slower than this, a leak is hardly told from a healthy service in the time that a demo has. */
const LEAST_LEAKS_PER_SECOND = 4;

/** Everything about a run that is decided before it begins. */
export interface Plan {
  readonly totalSeconds: number;
  readonly warmUpSeconds: number;
  readonly healthySeconds: number;
  readonly faultSeconds: number;
  readonly requestsPerSecond: number;
  /** Every how many requests the fault strikes: 1 unless the descriptor limit is low. */
  readonly faultEvery: number;
  readonly leaksPerSecond: number;
  /** Growth, in descriptors a second, up to which a service counts as quiet. */
  readonly quietGrowthPerSecond: number;
  readonly scrapeIntervalMillis: number;
  /** Settings of otel-fd-watch: minutes made into seconds. */
  readonly watch: {
    readonly sampleIntervalMillis: number;
    readonly trendWindowMillis: number;
    readonly byKindIntervalMillis: number;
    readonly warnAtCount: number;
  };
}

/** The descriptor limit leaves no room for a leak. */
export class LimitTooLowError extends Error {}

/**
 * @param beginsIn the phase from which on there is a leak
 * @param limit descriptors that a process may have open; Infinity where there is none
 * @throws LimitTooLowError
 */
export function makePlan(totalSeconds: number, beginsIn: Fault['beginsIn'], limit: number): Plan {
  const isShort = totalSeconds < SHORT_SECONDS;
  const byKindIntervalMillis = isShort ? 1_000 : 2_000;
  // The first connections are growth, and the trend takes a while to see that they were all.
  const warmUpSeconds = isShort ? 2.5 : 4;
  // Starting the service, and two rests in which numbers are compared, each until the next scan by kind.
  const overheadSeconds = 1 + (2 * byKindIntervalMillis) / 1_000;
  const loadSeconds = totalSeconds - overheadSeconds - warmUpSeconds;
  const faultSeconds = 0.6 * loadSeconds;
  const leakSeconds = beginsIn === 'fault' ? faultSeconds : warmUpSeconds + loadSeconds;
  const room = LIMIT_SHARE * limit - ORDINARY_DESCRIPTORS;
  const faultEvery = room > 0 ? Math.max(1, Math.ceil((REQUESTS_PER_SECOND * leakSeconds) / room)) : Infinity;
  const leaksPerSecond = REQUESTS_PER_SECOND / faultEvery;
  if (leaksPerSecond < LEAST_LEAKS_PER_SECOND) {
    throw new LimitTooLowError(
      `the limit of ${limit} open descriptors leaves no room for a leak of ${totalSeconds} s; raise it (ulimit -n) or take fewer --seconds`,
    );
  }
  return {
    totalSeconds,
    warmUpSeconds,
    healthySeconds: 0.4 * loadSeconds,
    faultSeconds,
    requestsPerSecond: REQUESTS_PER_SECOND,
    faultEvery,
    leaksPerSecond,
    quietGrowthPerSecond: Math.max(1, 0.05 * leaksPerSecond),
    scrapeIntervalMillis: 500,
    watch: {
      sampleIntervalMillis: 250,
      // Shorter than the fault, so that in the end the window sees nothing else.
      trendWindowMillis: Math.min(12_000, Math.round(750 * faultSeconds)),
      byKindIntervalMillis,
      warnAtCount: 10 * Math.ceil((30 + 0.5 * leaksPerSecond * faultSeconds) / 10),
    },
  };
}
