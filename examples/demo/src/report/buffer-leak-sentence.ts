import { EXTERNAL, MEMORY_GROWTH, MEMORY_SIGNAL_LABEL } from '../metric-names.js';
import { megabytes, percent, tenths } from '../number-format.js';
import { lastSample } from '../run/phase-values.js';
import type { RunRecord } from '../run/run-record.js';
import { nearestLimit } from './nearest-limit.js';

/** From that share on it is all of it: the heap and the kernel's own accounts move a little too. */
const ALL = 0.95;

/** What was seen of a leak of Buffers, from the scraped metrics alone. */
export function bufferLeakSentence({ healthy, fault }: RunRecord): string {
  const { scrape } = lastSample(fault);
  const growth = (signal: string): number | undefined =>
    scrape.value(MEMORY_GROWTH, MEMORY_SIGNAL_LABEL, signal);
  const resident = growth('rss');
  const more = fault.rest.scrape.demand(EXTERNAL) - healthy.rest.scrape.demand(EXTERNAL);
  const grew =
    resident === undefined
      ? 'RSS is not known to grow'
      : `RSS grew ${megabytes(60 * resident)} MB/min, ${externalPart(growth('external') ?? 0, resident)}`;
  return `${grew}, ${megabytes(more)} MB more in ${tenths(fault.seconds)} s; ${nearestLimit(scrape)}.`;
}

function externalPart(external: number, resident: number): string {
  const part = external / resident;
  if (!(part > 0) || resident <= 0) return 'none of it external memory';
  return part >= ALL ? 'all of it external memory' : `${percent(part)} of it external memory`;
}
