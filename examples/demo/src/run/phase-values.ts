import type { Tally } from '../tally.js';
import type { PhaseRecord, Sample } from './run-record.js';

/** How far a trend looks back. */
interface TrendPlan {
  readonly trendWindowMillis: number;
}

/** Lowest and highest. */
export interface Range {
  readonly lowest: number;
  readonly highest: number;
}

/**
 * The lowest and the highest value that a metric had in a phase, under load; `undefined` if it had none.
 */
export function rangeIfAny(
  phase: PhaseRecord,
  metric: string,
  label?: string,
  labelValue?: string,
): Range | undefined {
  const values = phase.samples
    .map(({ scrape }) => scrape.value(metric, label, labelValue))
    .filter(value => value !== undefined);
  return values.length === 0 ? undefined : { lowest: Math.min(...values), highest: Math.max(...values) };
}

/**
 * The lowest and the highest value that a metric had in a phase, under load.
 *
 * @throws Error if it had none
 */
export function rangeOf(phase: PhaseRecord, metric: string): Range {
  const range = rangeIfAny(phase, metric);
  if (range === undefined) throw new Error(`no scrape of the phase has ${metric}`);
  return range;
}

/**
 * The last scrape under load.
 *
 * @throws Error if there was none
 */
export function lastSample({ samples }: Pick<PhaseRecord, 'samples'>): Sample {
  const last = samples.at(-1);
  if (last === undefined) throw new Error('there was no scrape in the phase');
  return last;
}

/**
 * What the service did a second during the last window of a trend: each request does the same, and how many were
 * answered by when is the load generator's own count. Over a whole phase the mean may be another, since what a busy
 * machine has held up is caught up on.
 */
export function truePerSecond(
  phase: PhaseRecord,
  what: keyof Tally,
  { trendWindowMillis }: TrendPlan,
): number {
  const { samples, rest, answeredBefore, tallyBefore } = phase;
  const last = lastSample(phase);
  const first =
    samples.find(({ atSeconds }) => atSeconds >= last.atSeconds - trendWindowMillis / 1_000) ?? last;
  const requests = rest.requestsAnswered - answeredBefore;
  const each = (rest.tally[what] - tallyBefore[what]) / requests;
  if (first === last || requests === 0) return 0;
  return (each * (last.requestsAnswered - first.requestsAnswered)) / (last.atSeconds - first.atSeconds);
}

/** Connections of browsers that show the page: all that there ever were by the end of a phase, less the demo's own. */
export function browserConnections({ rest }: Pick<PhaseRecord, 'rest'>): number {
  return Math.max(0, rest.onlookers.everConnected - 1);
}

/** By how much the sum of all series under a name grew a second, under load. */
export function risePerSecond(phase: PhaseRecord, metric: string): number {
  return (lastSample(phase).scrape.sum(metric) - phase.opening.sum(metric)) / phase.seconds;
}
