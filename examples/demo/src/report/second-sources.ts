import { COUNT, KIND_LABEL, LIMIT, LIMIT_TYPE_LABEL, OPEN_BY_KIND, REQUESTS } from '../metric-names.js';
import { whole } from '../number-format.js';
import type { OutsideView } from '../run/outside-view.js';
import type { RunRecord } from '../run/run-record.js';
import type { Scrape } from '../run/scrape.js';
import type { Check } from '../signals/signal.js';

/** The scraped numbers beside those of others who count the same: exact, since they were taken at rest. */
export function secondSources(run: RunRecord): Check[] {
  const { healthy, fault, servicePid } = run;
  const rests = [healthy.rest, fault.rest];
  const scraped = (metric: string): number[] => rests.map(({ scrape }) => scrape.demand(metric));
  const [before = NaN, after = NaN] = scraped(COUNT);
  const checks = [
    compare(
      'the leaks that the service counted itself',
      [fault.rest.leaks - healthy.rest.leaks],
      [after - before],
    ),
    compare(
      'the answers that the load generator got',
      rests.map(rest => rest.requestsAnswered),
      scraped(REQUESTS),
    ),
    {
      holds: run.failedRequests === 0,
      subject: 'requests that failed',
      finding: whole(run.failedRequests),
    },
  ];
  const outside = rests.map(rest => rest.outside).filter(view => view !== undefined);
  if (outside.length < rests.length) return checks;
  const ofKind = (kind: string): number[] =>
    rests.map(({ scrape }) => scrape.demand(OPEN_BY_KIND, KIND_LABEL, kind));
  const folder = `/proc/${servicePid}/fd`;
  return [
    compare(`${folder}, listed from outside`, viewed(outside, 'open'), [before, after]),
    compare(`sockets among the links of ${folder}`, viewed(outside, 'sockets'), ofKind('socket')),
    compare(`files among the links of ${folder}`, viewed(outside, 'files'), ofKind('file')),
    compare('ulimit -n', [run.shellLimit], [softLimit(fault.rest.scrape)]),
    ...checks,
  ];
}

function viewed(views: readonly OutsideView[], what: keyof OutsideView): number[] {
  return views.map(view => view[what]);
}

/** The limit as scraped: where there is none, there is no such series. */
function softLimit(scrape: Scrape): number {
  return scrape.value(LIMIT, LIMIT_TYPE_LABEL, 'soft') ?? Infinity;
}

function compare(subject: string, theirs: readonly number[], ours: readonly number[]): Check {
  const holds = theirs.length === ours.length && theirs.every((value, index) => value === ours[index]);
  const list = (values: readonly number[]): string => values.map(shown).join(' and ');
  return {
    holds,
    subject,
    finding: holds ? `${list(theirs)}, as scraped` : `${list(theirs)}, but scraped ${list(ours)}`,
  };
}

function shown(value: number): string {
  return Number.isFinite(value) ? whole(value) : 'none';
}
