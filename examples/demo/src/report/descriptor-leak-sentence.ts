import { COUNT, GROWTH, LIMIT, LIMIT_TYPE_LABEL, TIME_TO_LIMIT } from '../metric-names.js';
import { HORIZON_SECONDS } from '../metric-names.js';
import { duration, percent, tenths, whole } from '../number-format.js';
import { kindsOf } from '../run/descriptor-kinds.js';
import { lastSample } from '../run/phase-values.js';
import type { RunRecord } from '../run/run-record.js';

/**
 * What was seen of a descriptor leak, from the scraped metrics alone; what a platform has not got is left out.
 *
 * @param plural what has leaked, in words
 * @param kind what has leaked, as `vitals.fd.kind`
 */
export function descriptorLeakSentence({ healthy, fault }: RunRecord, plural: string, kind: string): string {
  const { scrape: last } = lastSample(fault);
  const { scrape: atRest } = fault.rest;
  const more = atRest.demand(COUNT) - healthy.rest.scrape.demand(COUNT);
  const parts = [
    `descriptors grew ${tenths(last.demand(GROWTH))} a second, ${whole(more)} more in ${tenths(fault.seconds)} s`,
  ];
  const kinds = kindsOf(atRest);
  const total = [...kinds.values()].reduce((sum, count) => sum + count, 0);
  if (total > 0) parts.push(`${percent((kinds.get(kind) ?? 0) / total)} are ${plural}`);
  const seconds = last.value(TIME_TO_LIMIT);
  if (seconds !== undefined) parts.push(limitPart(seconds, last.value(LIMIT, LIMIT_TYPE_LABEL, 'soft')));
  return `${parts.join('; ')}.`;
}

function limitPart(seconds: number, limit: number | undefined): string {
  if (limit === undefined) return 'there is no limit to reach';
  return seconds >= HORIZON_SECONDS
    ? `the limit of ${whole(limit)} is more than 7 days away`
    : `at this rate the limit of ${whole(limit)} is reached in ${duration(seconds)}`;
}
