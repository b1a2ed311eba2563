import { ALLOCATED } from '../metric-names.js';
import { megabytes } from '../number-format.js';
import { risePerSecond } from '../run/phase-values.js';
import type { Signal } from './signal.js';

/** Bytes a second that a healthy service may allocate. */
const QUIET_BYTES_PER_SECOND = 12_582_912;

/** What requests take besides what the service counts: the HTTP server itself, the scrapes. */
const MOST_OVER = 1.25;

/** The last of it is not collected yet, and hence not counted. */
const LEAST_UNDER = 0.9;

/** How much is allocated on the heap. */
export const garbageRate: Signal = {
  platforms: 'all',
  title: 'the rate of allocation',
  staysQuiet: ({ healthy }) => {
    const perSecond = risePerSecond(healthy, ALLOCATED);
    return {
      holds: perSecond <= QUIET_BYTES_PER_SECOND,
      subject: ALLOCATED,
      finding: `${megabytes(perSecond)} MB/s, up to ${megabytes(QUIET_BYTES_PER_SECOND)} being modest`,
    };
  },
  moves: ({ healthy, fault }) => {
    const rise = fault.rest.scrape.demand(ALLOCATED) - healthy.rest.scrape.demand(ALLOCATED);
    const made = fault.rest.tally.garbageBytes - healthy.rest.tally.garbageBytes;
    return {
      holds:
        risePerSecond(fault, ALLOCATED) > QUIET_BYTES_PER_SECOND &&
        rise >= LEAST_UNDER * made &&
        rise <= MOST_OVER * made,
      subject: ALLOCATED,
      finding: `${megabytes(rise)} MB more; the service made ${megabytes(made)} MB of garbage`,
    };
  },
};
