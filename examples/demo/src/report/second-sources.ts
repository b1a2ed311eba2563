import type { Aspect } from '../faults/fault.js';
import { REQUESTS } from '../metric-names.js';
import { whole } from '../number-format.js';
import type { RunRecord } from '../run/run-record.js';
import type { Check } from '../signals/signal.js';
import { collectionSources } from './collection-sources.js';
import { compare } from './compare.js';
import { descriptorSources } from './descriptor-sources.js';
import { memorySources } from './memory-sources.js';

const sources: Readonly<Record<Aspect, (run: RunRecord) => Check[]>> = {
  descriptors: descriptorSources,
  memory: memorySources,
  collections: collectionSources,
};

/** The scraped numbers beside those of others who count the same; taken at rest, so that they can be the same. */
export function secondSources(run: RunRecord, aspects: readonly Aspect[]): Check[] {
  const rests = [run.healthy.rest, run.fault.rest];
  return [
    ...aspects.flatMap(aspect => sources[aspect](run)),
    compare('the answers that the load generator got', {
      theirs: rests.map(rest => rest.requestsAnswered),
      ours: rests.map(({ scrape }) => scrape.demand(REQUESTS)),
    }),
    {
      holds: run.failedRequests === 0,
      subject: 'requests that failed',
      finding: whole(run.failedRequests),
    },
  ];
}
