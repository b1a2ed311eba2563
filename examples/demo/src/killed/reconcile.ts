import { whole } from '../number-format.js';
import type { Accepted } from './accepted.js';

/** What has arrived, in all. */
export interface Arrived {
  /** How often each, by name. */
  readonly spans: ReadonlyMap<string, number>;
  readonly logs: ReadonlyMap<string, number>;
  readonly requestsCounted: number;
}

/** What became of what was accepted of one kind. */
export interface Fate {
  /** In the plural. */
  readonly kind: string;
  readonly accepted: number;
  readonly arrived: number;
  readonly lost: number;
  readonly twice: number;
}

/**
 * Compares what was accepted with what has arrived.
 *
 * @param requestsSent by the load generator: more than that cannot have been counted
 */
export function reconcile(accepted: Accepted, arrived: Arrived, requestsSent: number): readonly Fate[] {
  return [
    fateOf('spans', accepted.spans, arrived.spans),
    fateOf('log records', accepted.logs, arrived.logs),
    {
      kind: 'requests counted',
      accepted: accepted.counted,
      arrived: Math.min(accepted.counted, arrived.requestsCounted),
      lost: Math.max(0, accepted.counted - arrived.requestsCounted),
      twice: Math.max(0, arrived.requestsCounted - requestsSent),
    },
  ];
}

function fateOf(kind: string, accepted: readonly string[], arrived: ReadonlyMap<string, number>): Fate {
  const found = accepted.filter(name => arrived.has(name)).length;
  const times = [...arrived.values()];
  return {
    kind,
    accepted: accepted.length,
    arrived: found,
    lost: accepted.length - found,
    twice: times.filter(count => count > 1).length,
  };
}

/** `accepted 12,345 spans, 12,345 arrived, 0 lost, 12 twice; …` */
export function inWords(fates: readonly Fate[]): string {
  const parts = fates.map(
    ({ kind, accepted, arrived, lost, twice }) =>
      `${whole(accepted)} ${kind}, ${whole(arrived)} arrived, ${whole(lost)} lost, ${whole(twice)} twice`,
  );
  return `accepted ${parts.join('; ')}`;
}

/** What is not as it must be: nothing may be lost, and there must have been something to lose. */
export function failuresOf(fates: readonly Fate[]): string[] {
  return fates.flatMap(({ kind, accepted, lost }) => {
    if (accepted === 0) return [`no ${kind} were accepted`];
    return lost > 0 ? [`${whole(lost)} ${kind} were lost`] : [];
  });
}
