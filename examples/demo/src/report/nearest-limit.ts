import {
  CONTAINER_LIMIT,
  HEAP_LIMIT,
  HORIZON_SECONDS,
  MEMORY_LIMIT_LABEL,
  TIME_TO_MEMORY_LIMIT,
} from '../metric-names.js';
import { duration, megabytes } from '../number-format.js';
import type { Scrape } from '../run/scrape.js';

/** Which limit is reached first and when, as half a sentence, from one scrape. */
export function nearestLimit(scrape: Scrape): string {
  let nearest = { limit: '', seconds: Infinity };
  for (const [limit, seconds] of scrape.valuesBy(TIME_TO_MEMORY_LIMIT, MEMORY_LIMIT_LABEL)) {
    if (seconds < nearest.seconds) nearest = { limit, seconds };
  }
  const { limit, seconds } = nearest;
  if (seconds === Infinity) return 'no limit is known';
  if (seconds >= HORIZON_SECONDS) return 'every limit is more than 7 days away';
  const when = duration(seconds);
  switch (limit) {
    case 'heap':
      return `at this rate the heap limit${of(scrape.value(HEAP_LIMIT))} is reached in ${when}`;
    case 'container':
      return `at this rate the container limit${of(scrape.value(CONTAINER_LIMIT))} is reached in ${when}`;
    default:
      return `at this rate the machine's memory is used up in ${when}`;
  }
}

function of(bytes: number | undefined): string {
  return bytes === undefined ? '' : ` of ${megabytes(bytes)} MB`;
}
