import { clockTime, whole } from '../number-format.js';
import { topOf } from '../run/descriptor-kinds.js';
import type { Check, Signal } from './signal.js';

/** Not a metric, but a call. */
export const PRESSURE_SUBJECT = 'onPressure';

const subject = PRESSURE_SUBJECT;

/** The call of `onPressure`: once, at its threshold, naming the kind; and never while nothing is wrong. */
export function pressureWarning(kind: string): Signal {
  return {
    platforms: 'all',
    title: 'the warning',
    staysQuiet: ({ warnings }) => {
      const early = warnings.filter(({ phase }) => phase !== 'fault');
      return {
        holds: early.length === 0,
        subject,
        finding: early.length === 0 ? 'not called' : `called ${early.length} × before the fault`,
      };
    },
    moves: ({ plan, warnings }): Check => {
      const { warnAtCount } = plan.watch.descriptors;
      const called = warnings.filter(({ phase }) => phase === 'fault');
      const [first] = called;
      if (first === undefined) {
        return {
          holds: false,
          subject,
          finding: `not called; it was set to ${whole(warnAtCount)} descriptors`,
        };
      }
      const top = first.byKind === null ? undefined : topOf(new Map(Object.entries(first.byKind)));
      return {
        holds:
          called.length === 1 &&
          first.reason === 'count' &&
          first.threshold === warnAtCount &&
          first.open >= warnAtCount &&
          (top === undefined || top.kind === kind),
        subject,
        finding:
          `called ${called.length === 1 ? 'once' : `${called.length} ×`}, at ${clockTime(first.atSeconds)}, ` +
          `with ${whole(first.open)} open and a threshold of ${whole(first.threshold)}` +
          (top === undefined ? '' : `, most of them of kind ${top.kind}`),
      };
    },
  };
}
