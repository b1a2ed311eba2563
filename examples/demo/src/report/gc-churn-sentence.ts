import { ALLOCATED, GC_DURATION_SUM, GC_PAUSE_P95 } from '../metric-names.js';
import { megabytes, milliseconds, share, tenths } from '../number-format.js';
import { liveHeaps } from '../run/live-heap.js';
import { lastSample, risePerSecond } from '../run/phase-values.js';
import type { RunRecord } from '../run/run-record.js';

/** What was seen of garbage without a leak, from the scraped metrics alone. */
export function gcChurnSentence(run: RunRecord): string {
  const { healthy, fault } = run;
  const [now, before] = [fault, healthy].map(phase => share(risePerSecond(phase, GC_DURATION_SUM)));
  const { scrape } = lastSample(fault);
  const heaps = liveHeaps(run);
  const leaked = heaps.isFlat
    ? `nothing leaked: the live heap is flat at ${megabytes(heaps.after)} MB`
    : `the live heap went from ${megabytes(heaps.before)} to ${megabytes(heaps.after)} MB`;
  return (
    `garbage collection took ${now ?? ''} of the last ${tenths(fault.seconds)} s, ${before ?? ''} before ` +
    `(P95 pause ${milliseconds(scrape.demand(GC_PAUSE_P95))}), ` +
    `${megabytes(risePerSecond(fault, ALLOCATED))} MB/s of garbage; ${leaked}.`
  );
}
