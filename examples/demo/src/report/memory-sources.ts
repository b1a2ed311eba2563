import {
  ANONYMOUS,
  EXTERNAL,
  HEAP_LIMIT,
  LIVE_HEAP,
  RESIDENT_BY_KIND,
  RESIDENT_KIND_LABEL,
  RSS,
} from '../metric-names.js';
import { megabytes } from '../number-format.js';
import { RESIDENT_TOLERANCE_BYTES } from '../run/agreement.js';
import type { RunRecord } from '../run/run-record.js';
import type { Scrape } from '../run/scrape.js';
import type { Check } from '../signals/signal.js';
import { compare } from './compare.js';

/** Ordinary memory of a service comes and goes by that much, in bytes. */
const ORDINARY_BYTES = 2_097_152;

/** How far what is measured may be from what the service says that it has kept. */
const KEPT_SHARE = 0.05;

const format = (bytes: number): string => `${megabytes(bytes)} MB`;

/** Who else counts memory: the kernel's page tables, V8's limit in another process, the service itself. */
export function memorySources({ healthy, fault, servicePid, machine }: RunRecord): Check[] {
  const rests = [healthy.rest, fault.rest];
  const rise = (metric: string): number =>
    fault.rest.scrape.demand(metric) - healthy.rest.scrape.demand(metric);
  const kept = (what: 'heapBytes' | 'bufferBytes', where: string, metric: string): Check =>
    compare(`the bytes that the service says it keeps ${where}`, {
      theirs: [fault.rest.tally[what] - healthy.rest.tally[what]],
      ours: [rise(metric)],
      tolerance: bytes => KEPT_SHARE * bytes + ORDINARY_BYTES,
      format,
    });
  const own = [
    compare('heap_size_limit in a process with the same flags', {
      theirs: [machine.heapLimitBytes],
      ours: [fault.rest.scrape.demand(HEAP_LIMIT)],
      format,
    }),
    kept('heapBytes', 'on the heap', LIVE_HEAP),
    kept('bufferBytes', 'in Buffers', EXTERNAL),
  ];
  const outside = rests.map(rest => rest.outside).filter(view => view !== undefined);
  if (outside.length < rests.length) return own;
  const resident = (subject: string, theirs: readonly number[], read: (scrape: Scrape) => number): Check =>
    compare(`${subject} of /proc/${servicePid}/smaps_rollup`, {
      theirs,
      ours: rests.map(({ scrape }) => read(scrape)),
      tolerance: () => RESIDENT_TOLERANCE_BYTES,
      format,
    });
  return [
    resident(
      'Rss',
      outside.map(({ residentBytes }) => residentBytes),
      scrape => scrape.demand(RSS),
    ),
    resident(
      'Anonymous',
      outside.map(({ anonymousBytes }) => anonymousBytes),
      scrape => scrape.demand(RESIDENT_BY_KIND, RESIDENT_KIND_LABEL, ANONYMOUS),
    ),
    ...own,
  ];
}
