import { COUNT, GROWTH, REQUESTS } from '../metric-names.js';
import { tenths, whole } from '../number-format.js';
import { rangeOf } from '../run/phase-values.js';
import type { RunRecord } from '../run/run-record.js';

/** What was seen while nothing was wrong, from the scraped metrics. */
export function healthySentence({ healthy, warnings }: RunRecord): string {
  const { opening, rest, seconds } = healthy;
  const requests = rest.scrape.demand(REQUESTS) - opening.demand(REQUESTS);
  const count = rangeOf(healthy, COUNT);
  const growth = rangeOf(healthy, GROWTH);
  const early = warnings.filter(({ phase }) => phase !== 'fault').length;
  const stayed =
    count.lowest === count.highest
      ? `at ${whole(count.lowest)}`
      : `between ${whole(count.lowest)} and ${whole(count.highest)}`;
  const grew = tenths(-growth.lowest > growth.highest ? growth.lowest : growth.highest);
  return (
    `${tenths(seconds)} s, ${whole(requests)} requests; ` +
    `descriptors stayed ${stayed}, ` +
    `growth ${grew === '0.0' ? '' : 'up to '}${grew} a second, ${early === 0 ? 'no' : early} ${early > 1 ? 'warnings' : 'warning'}.`
  );
}
