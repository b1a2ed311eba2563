import { COUNT, HORIZON_SECONDS, TIME_TO_LIMIT } from '../metric-names.js';
import { duration } from '../number-format.js';
import { lastSample, truePerSecond } from '../run/phase-values.js';
import type { Signal } from './signal.js';

const TOLERANCE = 0.25;

/** When the descriptors run out. */
export const timeToLimit: Signal = {
  platforms: 'linux',
  title: 'the time to the limit',
  moves: ({ plan, machine, fault }) => {
    const { scrape } = lastSample(fault);
    const seconds = scrape.demand(TIME_TO_LIMIT);
    const rate = truePerSecond(fault, 'descriptors', plan.watch.descriptors);
    const computed = rate > 0 ? (machine.descriptorLimit - scrape.demand(COUNT)) / rate : Infinity;
    const inSight = computed < HORIZON_SECONDS;
    return {
      // Where the limit is in the billions, or none, a leak this slow is rightly not in sight of it.
      holds:
        rate > 0 &&
        (inSight ? Math.abs(seconds - computed) <= TOLERANCE * computed : seconds === HORIZON_SECONDS),
      subject: TIME_TO_LIMIT,
      finding: `${duration(seconds)}; by the shell's limit and the service's own count ${duration(computed)}`,
    };
  },
};
