import { MEMORY_GROWTH, MEMORY_SIGNAL_LABEL } from '../metric-names.js';
import { megabytes } from '../number-format.js';
import { lastSample, rangeIfAny, truePerSecond } from '../run/phase-values.js';
import type { Signal } from './signal.js';

/** How far a trend may be from the rate that the service's own count gives. */
const TOLERANCE = 0.25;

/** What a healthy service may seem to grow by, in bytes a second, over windows as short as these. */
export const QUIET_BYTES_PER_SECOND = 2_621_440;

/** The trend of one part of memory, which shows the true growth. */
function memoryGrowth(
  signal: 'rss' | 'heap_live' | 'external',
  kept: readonly ('heapBytes' | 'bufferBytes')[],
): Signal {
  const subject = subjectOf(signal);
  return {
    platforms: 'all',
    title: `the growth of ${signal}`,
    moves: ({ plan, fault }) => {
      const growth = lastSample(fault).scrape.value(MEMORY_GROWTH, MEMORY_SIGNAL_LABEL, signal);
      const truth = kept.reduce((sum, what) => sum + truePerSecond(fault, what, plan.watch.memory), 0);
      const byCount = `the service kept ${perMinute(truth)} MB/min`;
      if (growth === undefined) return { holds: false, subject, finding: `none is known; ${byCount}` };
      return {
        holds: growth > QUIET_BYTES_PER_SECOND && Math.abs(growth - truth) <= TOLERANCE * truth,
        subject,
        finding: `${perMinute(growth)} MB/min; ${byCount}`,
      };
    },
  };
}

/** Whether a trend kept still; one that nobody can speak of yet has. */
function staysQuiet(signal: string): NonNullable<Signal['staysQuiet']> {
  const subject = subjectOf(signal);
  const quiet = `up to ${perMinute(QUIET_BYTES_PER_SECOND)} being quiet`;
  return ({ healthy }) => {
    const range = rangeIfAny(healthy, MEMORY_GROWTH, MEMORY_SIGNAL_LABEL, signal);
    if (range === undefined) return { holds: true, subject, finding: 'too little evidence to speak of any' };
    return {
      holds: Math.max(-range.lowest, range.highest) <= QUIET_BYTES_PER_SECOND,
      subject,
      finding: `${perMinute(range.lowest)} to ${perMinute(range.highest)} MB/min, ${quiet}`,
    };
  };
}

function subjectOf(signal: string): string {
  return `${MEMORY_GROWTH}{${MEMORY_SIGNAL_LABEL}="${signal}"}`;
}

function perMinute(bytesPerSecond: number): string {
  return megabytes(60 * bytesPerSecond);
}

/**
 * All that the service keeps is resident. That it is quiet before is not to be expected: in the first seconds of a
 * service V8 takes memory for the heap ahead of need.
 */
export const residentGrowth = memoryGrowth('rss', ['heapBytes', 'bufferBytes']);

/** Of what major collections leave. */
export const liveHeapGrowth: Signal = {
  ...memoryGrowth('heap_live', ['heapBytes']),
  staysQuiet: staysQuiet('heap_live'),
};

/** Of what is outside of the heap, and held by objects on it. */
export const externalGrowth: Signal = {
  ...memoryGrowth('external', ['bufferBytes']),
  staysQuiet: staysQuiet('external'),
};
