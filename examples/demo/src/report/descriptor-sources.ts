import { COUNT, KIND_LABEL, LIMIT, LIMIT_TYPE_LABEL, OPEN_BY_KIND } from '../metric-names.js';
import type { RunRecord } from '../run/run-record.js';
import type { Scrape } from '../run/scrape.js';
import type { Check } from '../signals/signal.js';
import { compare } from './compare.js';

/** Who else counts descriptors: the kernel, and the service itself. Exactly the same. */
export function descriptorSources({ healthy, fault, servicePid, machine }: RunRecord): Check[] {
  const rests = [healthy.rest, fault.rest];
  const [before = NaN, after = NaN] = rests.map(({ scrape }) => scrape.demand(COUNT));
  const own = compare('the leaks that the service counted itself', {
    theirs: [fault.rest.tally.descriptors - healthy.rest.tally.descriptors],
    // A browser that shows the page has come, or gone.
    ours: [after - before - (fault.rest.onlookers.connected - healthy.rest.onlookers.connected)],
  });
  const outside = rests.map(rest => rest.outside).filter(view => view !== undefined);
  if (outside.length < rests.length) return [own];
  const ofKind = (kind: string): number[] =>
    rests.map(({ scrape }) => scrape.demand(OPEN_BY_KIND, KIND_LABEL, kind));
  const folder = `/proc/${servicePid}/fd`;
  return [
    compare(`${folder}, listed from outside`, {
      theirs: outside.map(({ open }) => open),
      ours: [before, after],
    }),
    compare(`sockets among the links of ${folder}`, {
      theirs: outside.map(({ sockets }) => sockets),
      ours: ofKind('socket'),
    }),
    compare(`files among the links of ${folder}`, {
      theirs: outside.map(({ files }) => files),
      ours: ofKind('file'),
    }),
    compare('ulimit -n', { theirs: [machine.descriptorLimit], ours: [softLimit(fault.rest.scrape)] }),
    own,
  ];
}

/** The limit as scraped: where there is none, there is no such series. */
function softLimit(scrape: Scrape): number {
  return scrape.value(LIMIT, LIMIT_TYPE_LABEL, 'soft') ?? Infinity;
}
