import type { Aspect } from '../faults/fault.js';
import { ALLOCATED, EXTERNAL, COUNT, GC_DURATION_SUM, GROWTH, LIVE_HEAP, REQUESTS } from '../metric-names.js';
import { megabytes, share, tenths, whole } from '../number-format.js';
import { rangeOf, risePerSecond } from '../run/phase-values.js';
import type { PhaseRecord, RunRecord } from '../run/run-record.js';

const parts: Readonly<Record<Aspect, (run: RunRecord) => string>> = {
  descriptors: ({ healthy, warnings }) => {
    const growth = rangeOf(healthy, GROWTH);
    const grew = tenths(-growth.lowest > growth.highest ? growth.lowest : growth.highest);
    const early = warnings.filter(({ phase }) => phase !== 'fault').length;
    return (
      `descriptors stayed ${stayed(healthy, COUNT, whole)}, ` +
      `growth ${grew === '0.0' ? '' : 'up to '}${grew} a second, ` +
      `${early === 0 ? 'no' : early} ${early > 1 ? 'warnings' : 'warning'}`
    );
  },
  memory: ({ healthy }) =>
    `the live heap stayed ${stayed(healthy, LIVE_HEAP, megabytes)} MB, ` +
    `external memory ${stayed(healthy, EXTERNAL, megabytes)} MB`,
  collections: ({ healthy }) =>
    `garbage collection took ${share(risePerSecond(healthy, GC_DURATION_SUM))} of the time, ` +
    `${megabytes(risePerSecond(healthy, ALLOCATED))} MB/s of garbage`,
};

/** What was seen while nothing was wrong, from the scraped metrics. */
export function healthySentence(run: RunRecord, aspects: readonly Aspect[]): string {
  const { opening, rest, seconds } = run.healthy;
  const requests = rest.scrape.demand(REQUESTS) - opening.demand(REQUESTS);
  const all = aspects.map(aspect => parts[aspect](run));
  return `${tenths(seconds)} s, ${whole(requests)} requests; ${all.join('; ')}.`;
}

/** `at 29`, or `between 28 and 31`. */
function stayed(phase: PhaseRecord, metric: string, format: (value: number) => string): string {
  const range = rangeOf(phase, metric);
  const [lowest, highest] = [format(range.lowest), format(range.highest)];
  return lowest === highest ? `at ${lowest}` : `between ${lowest} and ${highest}`;
}
