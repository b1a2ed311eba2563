import { COUNT } from '../metric-names.js';
import { whole } from '../number-format.js';
import { browserConnections, rangeOf } from '../run/phase-values.js';
import type { Signal } from './signal.js';

/** Requests under way hold a connection or two; a swing of more than that is no calm. */
const ORDINARY_SWING = 10;

/** The number of open descriptors. How exact it is, is checked against second sources. */
export const descriptorCount: Signal = {
  platforms: 'all',
  title: 'the number of descriptors',
  staysQuiet: ({ healthy }) => {
    const { lowest, highest } = rangeOf(healthy, COUNT);
    const ordinary = ORDINARY_SWING + browserConnections(healthy);
    return {
      holds: highest - lowest <= ordinary,
      subject: COUNT,
      finding: `${whole(lowest)} to ${whole(highest)}, a swing of ${ordinary} being ordinary`,
    };
  },
  moves: ({ plan, healthy, fault }) => {
    const before = healthy.rest.scrape.demand(COUNT);
    const after = fault.rest.scrape.demand(COUNT);
    const planned = plan.faultsPerSecond * fault.seconds;
    return {
      // Half: that the machine was busy is no failure of the metric's.
      holds: after - before >= planned / 2,
      subject: COUNT,
      finding: `${whole(before)} → ${whole(after)}; about ${whole(planned)} more were to be expected`,
    };
  },
};
