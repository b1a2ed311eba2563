import { GROWTH } from '../metric-names.js';
import { tenths } from '../number-format.js';
import { browserConnections, lastSample, rangeOf, truePerSecond } from '../run/phase-values.js';
import type { Signal } from './signal.js';

/** How far the trend may be from the rate that the service's own count gives. */
const TOLERANCE = 0.2;

/** The trend of the number of open descriptors. */
export const descriptorGrowth: Signal = {
  platforms: 'all',
  title: 'the growth of the number of descriptors',
  staysQuiet: ({ plan, healthy }) => {
    const { lowest, highest } = rangeOf(healthy, GROWTH);
    // Somebody who opens the page brings a handful of connections at once: at most twice their mean over a window.
    const windowSeconds = plan.watch.descriptors.trendWindowMillis / 1_000;
    const quiet = plan.quietGrowthPerSecond + (2 * browserConnections(healthy)) / windowSeconds;
    return {
      holds: Math.max(-lowest, highest) <= quiet,
      subject: GROWTH,
      finding: `${tenths(lowest)} to ${tenths(highest)} a second, up to ${tenths(quiet)} being quiet`,
    };
  },
  moves: ({ plan, fault }) => {
    const growth = lastSample(fault).scrape.demand(GROWTH);
    const truth = truePerSecond(fault, 'descriptors', plan.watch.descriptors);
    return {
      holds: growth > plan.quietGrowthPerSecond && Math.abs(growth - truth) <= TOLERANCE * truth,
      subject: GROWTH,
      finding: `${tenths(growth)} a second; the service leaked ${tenths(truth)} a second`,
    };
  },
};
