import { GC_DURATION_COUNT, GC_DURATION_SUM, GC_UTILIZATION, GC_WINDOW_LABEL } from '../metric-names.js';
import { share, tenths } from '../number-format.js';
import { lastSample, risePerSecond } from '../run/phase-values.js';
import type { Signal } from './signal.js';

/** Share of the time that collections may take without being worth a word. */
export const QUIET_SHARE = 0.015;

/** Collections a second that a healthy service may need. */
const QUIET_PER_SECOND = 4;

/** The time that collections take. How exact it is, is checked against V8's own trace. */
export const collectionTime: Signal = {
  platforms: 'all',
  title: 'the time that garbage collection takes',
  // By how many there are: on a busy machine each of the few may take many times its own length.
  staysQuiet: ({ healthy }) => {
    const perSecond = risePerSecond(healthy, GC_DURATION_COUNT);
    const part = risePerSecond(healthy, GC_DURATION_SUM);
    return {
      holds: perSecond <= QUIET_PER_SECOND,
      subject: GC_DURATION_COUNT,
      finding: `${tenths(perSecond)} a second, up to ${tenths(QUIET_PER_SECOND)} being quiet; ${share(part)} of the time`,
    };
  },
  moves: ({ healthy, fault }) => {
    const before = risePerSecond(healthy, GC_DURATION_SUM);
    const after = risePerSecond(fault, GC_DURATION_SUM);
    const perSecond = risePerSecond(fault, GC_DURATION_COUNT);
    return {
      holds: perSecond > QUIET_PER_SECOND && after > QUIET_SHARE && after > before,
      subject: GC_DURATION_SUM,
      finding: `${share(before)} → ${share(after)} of the time, ${tenths(perSecond)} a second`,
    };
  },
};

const subject = `${GC_UTILIZATION}{${GC_WINDOW_LABEL}="1m"}`;

/** The trace leaves out what measures the heap; and the tick that is scraped was a little earlier. */
const TOLERANCE = 0.35;
const TOLERANCE_SHARE = 0.01;

/** The share of the last minute, which by the end of the fault has the healthy phase in it too. */
export const collectionUtilization: Signal = {
  platforms: 'all',
  title: 'the utilization by garbage collection',
  moves: ({ fault }) => {
    const before = fault.opening.demand(GC_UTILIZATION, GC_WINDOW_LABEL, '1m');
    const { scrape, pausedShare } = lastSample(fault);
    const after = scrape.demand(GC_UTILIZATION, GC_WINDOW_LABEL, '1m');
    return {
      holds: after > before && Math.abs(after - pausedShare) <= TOLERANCE * pausedShare + TOLERANCE_SHARE,
      subject,
      finding: `${share(before)} → ${share(after)}; by the output of --trace-gc ${share(pausedShare)}`,
    };
  },
};
