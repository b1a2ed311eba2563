import {
  CONTAINER_LIMIT,
  CONTAINER_WORKING_SET,
  HORIZON_SECONDS,
  LIVE_HEAP,
  MEMORY_LIMIT_LABEL,
  RSS,
  TIME_TO_MEMORY_LIMIT,
} from '../metric-names.js';
import { duration } from '../number-format.js';
import { lastSample, truePerSecond } from '../run/phase-values.js';
import type { RunRecord } from '../run/run-record.js';
import type { Check, Signal } from './signal.js';

/** The container's share holds other processes, and the machine has others too. */
const TOLERANCE = 0.3;

/** Whether a time to a limit is what the service's own count and somebody else's limit give. */
function timeTo(limit: string, leftBytes: number, bytesPerSecond: number, run: RunRecord): Check {
  const seconds = lastSample(run.fault).scrape.value(TIME_TO_MEMORY_LIMIT, MEMORY_LIMIT_LABEL, limit);
  const computed = bytesPerSecond > 0 ? leftBytes / bytesPerSecond : Infinity;
  const inSight = computed < HORIZON_SECONDS;
  return {
    holds: seconds !== undefined && inSight && Math.abs(seconds - computed) <= TOLERANCE * computed,
    subject: `${TIME_TO_MEMORY_LIMIT}{${MEMORY_LIMIT_LABEL}="${limit}"}`,
    finding:
      `${seconds === undefined ? 'none is known' : duration(seconds)}; ` +
      `by the service's own count ${duration(computed)}`,
  };
}

/** What the service keeps a second, by its own count. */
function rate({ plan, fault }: RunRecord, what: 'heapBytes' | 'bufferBytes'): number {
  return truePerSecond(fault, what, plan.watch.memory);
}

/** When the live heap reaches V8's limit. */
export const timeToHeapLimit: Signal = {
  platforms: 'all',
  title: 'the time to the heap limit',
  moves: run => {
    const left = run.machine.heapLimitBytes - lastSample(run.fault).scrape.demand(LIVE_HEAP);
    return timeTo('heap', left, rate(run, 'heapBytes'), run);
  },
};

/** When the container's memory is used up, or that of the machine where the container has no limit. */
export const timeToMemoryLimit: Signal = {
  platforms: 'linux',
  title: 'the time to the limit of the container or the machine',
  moves: run => {
    const { scrape } = lastSample(run.fault);
    const perSecond = rate(run, 'bufferBytes') + rate(run, 'heapBytes');
    const containerLimit = scrape.value(CONTAINER_LIMIT);
    if (containerLimit !== undefined) {
      // A limit may be given from outside, by a variable, where there is no cgroup.
      const used = scrape.value(CONTAINER_WORKING_SET) ?? scrape.demand(RSS);
      return timeTo('container', containerLimit - used, perSecond, run);
    }
    return timeTo('host', run.fault.rest.outside?.availableBytes ?? NaN, perSecond, run);
  },
};
