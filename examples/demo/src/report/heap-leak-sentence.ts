import { MEMORY_GROWTH, MEMORY_SIGNAL_LABEL } from '../metric-names.js';
import { megabytes, tenths } from '../number-format.js';
import { liveHeaps } from '../run/live-heap.js';
import { lastSample } from '../run/phase-values.js';
import type { RunRecord } from '../run/run-record.js';
import { nearestLimit } from './nearest-limit.js';

/** What was seen of a leak on the V8 heap, from the scraped metrics alone. */
export function heapLeakSentence(run: RunRecord): string {
  const { scrape } = lastSample(run.fault);
  const growth = scrape.value(MEMORY_GROWTH, MEMORY_SIGNAL_LABEL, 'heap_live');
  const { before, after } = liveHeaps(run);
  const grew = growth === undefined ? 'is not known to grow' : `grew ${megabytes(60 * growth)} MB/min`;
  return (
    `the live heap ${grew}, ${megabytes(after - before)} MB more in ${tenths(run.fault.seconds)} s; ` +
    `${nearestLimit(scrape)}.`
  );
}
