import type { PhaseRecord, Sample } from './run-record.js';

/**
 * The lowest and the highest value that a metric had in a phase, under load.
 *
 * @throws Error if it had none
 */
export function rangeOf(phase: PhaseRecord, metric: string): { lowest: number; highest: number } {
  const values = phase.samples.map(({ scrape }) => scrape.value(metric)).filter(value => value !== undefined);
  if (values.length === 0) throw new Error(`no scrape of the phase has ${metric}`);
  return { lowest: Math.min(...values), highest: Math.max(...values) };
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

/** What the service left behind, by its own count, over the time that it had load. */
export function trueLeaksPerSecond(phase: PhaseRecord): number {
  return (phase.rest.leaks - phase.leaksBefore) / phase.seconds;
}
