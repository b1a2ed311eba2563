import {
  EXTERNAL,
  LIVE_HEAP,
  MEMORY_GROWTH,
  MEMORY_LIMIT_LABEL,
  MEMORY_SIGNAL_LABEL,
  RSS,
  TIME_TO_MEMORY_LIMIT,
} from '../metric-names.js';
import { duration, megabytes } from '../number-format.js';
import { QUIET_BYTES_PER_SECOND } from '../signals/memory-growth.js';
import { known } from './columns.js';
import type { Column, Point } from './columns.js';

function bytes(heading: string, width: number, metric: string): Column {
  return {
    heading,
    width,
    cell: ({ scrape }) => ({ text: known(scrape.value(metric), megabytes) }),
  };
}

/** The growth of one part, in MB/min. */
function growth(heading: string, width: number, signal: string): Column {
  return {
    heading,
    width,
    cell: ({ scrape }) => {
      const perSecond = scrape.value(MEMORY_GROWTH, MEMORY_SIGNAL_LABEL, signal);
      const grows = perSecond !== undefined && perSecond > QUIET_BYTES_PER_SECOND;
      return {
        text: known(perSecond, value => megabytes(60 * value)),
        colour: grows ? 'red' : undefined,
      };
    },
  };
}

/**
 * The nearest of the limits that there are, while the heap or external memory grows. A healthy service takes a little
 * more memory in its first seconds, and what that comes to in hours is nothing to say.
 */
function timeToLimit({ scrape }: Point): string {
  const grows = ['heap_live', 'external'].some(
    signal => (scrape.value(MEMORY_GROWTH, MEMORY_SIGNAL_LABEL, signal) ?? 0) > QUIET_BYTES_PER_SECOND,
  );
  if (!grows) return '-';
  const times = [...scrape.valuesBy(TIME_TO_MEMORY_LIMIT, MEMORY_LIMIT_LABEL).values()];
  return times.length === 0 ? '-' : duration(Math.min(...times));
}

/** For faults that leak memory. */
export const memoryColumns: readonly Column[] = [
  bytes('RSS MB', 6, RSS),
  bytes('live heap', 9, LIVE_HEAP),
  growth('MB/min', 6, 'heap_live'),
  bytes('external', 8, EXTERNAL),
  growth('MB/min', 6, 'external'),
  { heading: 'limit in', width: 8, cell: point => ({ text: timeToLimit(point) }) },
];
