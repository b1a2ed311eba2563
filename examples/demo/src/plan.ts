import type { Fault } from './faults/fault.js';
import type { Machine } from './run/machine.js';

/** How long a fault that was asked for takes, unless told otherwise. */
export const DEFAULT_SECONDS = 30;

/** How long each fault of the tour takes, unless told otherwise: a minute for all of them. */
export const TOUR_SECONDS = 13;

/** Below that, the fault lasts hardly longer than a trend takes to see it. */
export const MINIMUM_SECONDS = 12;

/** Runs below that have less time for everything. */
const SHORT_SECONDS = 20;

const REQUESTS_PER_SECOND = 40;

const SAMPLE_INTERVAL_MILLIS = 250;

/** Fewer than this, and a leak is hardly told from a healthy service in the time that a demo has. */
const LEAST_FAULTS_PER_SECOND = 4;

/** Everything about a run that is decided before it begins. */
export interface Plan {
  readonly totalSeconds: number;
  readonly warmUpSeconds: number;
  readonly healthySeconds: number;
  readonly faultSeconds: number;
  readonly requestsPerSecond: number;
  /** Every how many requests the fault strikes: 1 unless there is little room for it. */
  readonly faultEvery: number;
  readonly faultsPerSecond: number;
  /** Growth, in descriptors a second, up to which a service counts as quiet. */
  readonly quietGrowthPerSecond: number;
  readonly scrapeIntervalMillis: number;
  /** Settings of the three instrumentations: minutes made into seconds. */
  readonly watch: {
    readonly descriptors: {
      readonly sampleIntervalMillis: number;
      readonly trendWindowMillis: number;
      readonly byKindIntervalMillis: number;
      readonly warnAtCount: number;
    };
    readonly memory: { readonly sampleIntervalMillis: number; readonly trendWindowMillis: number };
    readonly collections: { readonly sampleIntervalMillis: number; readonly pauseWindowMillis: number };
  };
}

/** How far the trends of a service that goes round look back. */
const ROUND_WINDOW_MILLIS = 6_000;

/** The machine leaves no room for the fault. */
export class NoRoomError extends Error {}

/**
 * @param totalSeconds how long all of it may take
 * @throws NoRoomError
 */
export function makePlan(
  totalSeconds: number,
  { beginsIn, room }: Pick<Fault, 'beginsIn' | 'room'>,
  machine: Machine,
): Plan {
  const isShort = totalSeconds < SHORT_SECONDS;
  const byKindIntervalMillis = isShort ? 1_000 : 2_000;
  // The first connections are growth, and the trend takes a while to see that they were all.
  const warmUpSeconds = isShort ? 2.5 : 4;
  // Starting the service, and two rests in which numbers are compared, each until the next scan by kind.
  const overheadSeconds = 1 + (2 * byKindIntervalMillis) / 1_000;
  const loadSeconds = totalSeconds - overheadSeconds - warmUpSeconds;
  const faultSeconds = 0.6 * loadSeconds;
  const faultySeconds = beginsIn === 'fault' ? faultSeconds : warmUpSeconds + loadSeconds;
  const { faultyRequests, limitedBy, remedy } = room(machine);
  const faultEvery =
    faultyRequests > 0
      ? Math.max(1, Math.ceil((REQUESTS_PER_SECOND * faultySeconds) / faultyRequests))
      : Infinity;
  const faultsPerSecond = REQUESTS_PER_SECOND / faultEvery;
  if (faultsPerSecond < LEAST_FAULTS_PER_SECOND) {
    throw new NoRoomError(
      `${limitedBy} leaves no room for a leak of ${totalSeconds} s; ${remedy} or take fewer --seconds`,
    );
  }
  // Shorter than the fault, so that in the end a window sees nothing else.
  const windowMillis = Math.min(12_000, Math.round(750 * faultSeconds));
  return {
    totalSeconds,
    warmUpSeconds,
    healthySeconds: 0.4 * loadSeconds,
    faultSeconds,
    requestsPerSecond: REQUESTS_PER_SECOND,
    faultEvery,
    faultsPerSecond,
    quietGrowthPerSecond: Math.max(1, 0.05 * faultsPerSecond),
    scrapeIntervalMillis: 500,
    watch: {
      descriptors: {
        sampleIntervalMillis: SAMPLE_INTERVAL_MILLIS,
        trendWindowMillis: windowMillis,
        byKindIntervalMillis,
        warnAtCount: 10 * Math.ceil((30 + 0.5 * faultsPerSecond * faultSeconds) / 10),
      },
      memory: { sampleIntervalMillis: SAMPLE_INTERVAL_MILLIS, trendWindowMillis: windowMillis },
      collections: { sampleIntervalMillis: SAMPLE_INTERVAL_MILLIS, pauseWindowMillis: windowMillis },
    },
  };
}

/** The same with trends that do not look back from healthy to the fault before. */
export function forRounds(plan: Plan): Plan {
  const { descriptors, memory, collections } = plan.watch;
  const trendWindowMillis = Math.min(ROUND_WINDOW_MILLIS, memory.trendWindowMillis);
  return {
    ...plan,
    watch: {
      descriptors: { ...descriptors, trendWindowMillis },
      memory: { ...memory, trendWindowMillis },
      collections,
    },
  };
}
