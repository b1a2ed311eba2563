import type { FdKind } from './descriptor-kind.js';
import type { FdSnapshot } from './snapshot.js';

/** A threshold has been crossed upwards. */
export interface FdPressure {
  /** Which threshold: the share of the limit (`warnAtRatio`) or the plain number (`warnAtCount`). */
  readonly reason: 'ratio' | 'count';
  /** The threshold in descriptors. */
  readonly threshold: number;
  readonly open: number;
  /** Soft limit. */
  readonly limit: number | null;
  readonly utilization: number | null;
  /** Descriptors per second. */
  readonly growthPerSecond: number | null;
  readonly timeToLimitSeconds: number;
  readonly byKind: Readonly<Record<FdKind, number>> | null;
  /** All of it as one sentence for a log. */
  readonly message: string;
}

/** A threshold that has just been crossed, in descriptors. */
export type Crossing = Pick<FdPressure, 'reason' | 'threshold'>;

/**
 * A crossed threshold is armed again only when the number has fallen this far below it: a count that swings around
 * the threshold is one warning, not one a tick.
 */
const REARM_SHARE = 0.9;

/** Watches the two thresholds, with hysteresis. */
export class DescriptorPressure {
  readonly #warnAtRatio: number;
  readonly #warnAtCount: number;
  #ratioCrossed = false;
  #countCrossed = false;

  /** @param warnAtCount 0 turns that threshold off */
  constructor({ warnAtRatio, warnAtCount }: { readonly warnAtRatio: number; readonly warnAtCount: number }) {
    this.#warnAtRatio = warnAtRatio;
    this.#warnAtCount = warnAtCount;
  }

  /** Which thresholds are crossed now. */
  get crossed(): FdSnapshot['pressure'] {
    return { ratio: this.#ratioCrossed, count: this.#countCrossed };
  }

  /** Takes a new count. Returns the thresholds, in descriptors, that it has just crossed upwards. */
  update(open: number, softLimit: number | null): Crossing[] {
    const crossings: Crossing[] = [];
    if (softLimit !== null) {
      const threshold = this.#warnAtRatio * softLimit;
      const crossed = isCrossed(open, threshold, this.#ratioCrossed);
      if (crossed && !this.#ratioCrossed) crossings.push({ reason: 'ratio', threshold });
      this.#ratioCrossed = crossed;
    }
    if (this.#warnAtCount > 0) {
      const crossed = isCrossed(open, this.#warnAtCount, this.#countCrossed);
      if (crossed && !this.#countCrossed) crossings.push({ reason: 'count', threshold: this.#warnAtCount });
      this.#countCrossed = crossed;
    }
    return crossings;
  }

  /** Takes a crossing back that nobody was told of: the next count may cross again. */
  rearm(reason: Crossing['reason']): void {
    if (reason === 'ratio') this.#ratioCrossed = false;
    else this.#countCrossed = false;
  }
}

function isCrossed(open: number, threshold: number, before: boolean): boolean {
  return open >= (before ? threshold * REARM_SHARE : threshold);
}

/** Puts a crossing and what is known at that moment together. */
export function describePressure(
  { reason, threshold }: Crossing,
  open: number,
  snapshot: FdSnapshot,
): FdPressure {
  const { limit, growthPerSecond, timeToLimitSeconds, byKind } = snapshot;
  const facts = {
    reason,
    threshold,
    open,
    limit: limit.soft,
    // Of the count that crossed: while a long scan ran, another may have been taken.
    utilization: limit.soft === null ? null : open / limit.soft,
    growthPerSecond,
    timeToLimitSeconds,
    byKind,
  };
  return { ...facts, message: sentence(facts) };
}

function sentence(facts: Omit<FdPressure, 'message'>): string {
  const { reason, threshold, open, limit, utilization, growthPerSecond, byKind } = facts;
  const parts = [`${whole(open)} descriptors are open`];
  if (limit !== null && utilization !== null) {
    parts.push(`${(utilization * 100).toFixed(1)} % of the limit of ${whole(limit)}`);
  }
  parts.push(
    reason === 'ratio'
      ? `above warnAtRatio (${whole(threshold)})`
      : `above warnAtCount (${whole(threshold)})`,
  );
  const most = byKind === null ? undefined : largestKind(byKind);
  if (most !== undefined) parts.push(`${(most.share * 100).toFixed(0)} % of them are of kind ${most.kind}`);
  if (growthPerSecond !== null && growthPerSecond > 0) {
    parts.push(`growing by ${twoDigits(growthPerSecond)} a second`);
  }
  return parts.join(', ');
}

function largestKind(byKind: Readonly<Record<FdKind, number>>): { kind: string; share: number } | undefined {
  const entries = Object.entries(byKind);
  const total = entries.reduce((sum, [, count]) => sum + count, 0);
  const [kind, count] = entries.reduce((most, entry) => (entry[1] > most[1] ? entry : most), ['', 0]);
  return total === 0 ? undefined : { kind, share: count / total };
}

function whole(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}

/** Not toPrecision(2), which writes 123 as 1.2e+2. */
function twoDigits(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 2 });
}
