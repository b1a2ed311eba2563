import { COUNT, GROWTH, TIME_TO_LIMIT, UTILIZATION } from '../metric-names.js';
import { duration, tenths, whole } from '../number-format.js';
import { kindsOf, topOf } from '../run/descriptor-kinds.js';
import { known } from './columns.js';
import type { Column, Point } from './columns.js';

/**
 * For faults that leak descriptors.
 *
 * @param quietGrowthPerSecond growth beyond that is coloured, and only then is there a time to speak of
 */
export function descriptorColumns(quietGrowthPerSecond: number): readonly Column[] {
  // In the warm-up the load generator's own connections come.
  const grows = ({ scrape, phase }: Point): boolean =>
    phase !== 'warm-up' && (scrape.value(GROWTH) ?? 0) > quietGrowthPerSecond;
  return [
    {
      heading: 'descriptors',
      width: 11,
      cell: ({ scrape }) => ({ text: known(scrape.value(COUNT), whole) }),
    },
    {
      heading: 'growth/s',
      width: 8,
      cell: point => ({
        text: known(point.scrape.value(GROWTH), tenths),
        colour: grows(point) ? 'red' : undefined,
      }),
    },
    {
      heading: 'mostly',
      width: 10,
      cell: ({ scrape }) => {
        const top = topOf(kindsOf(scrape));
        return { text: top === undefined ? '-' : `${top.kind} ${(top.share * 100).toFixed(0)}%` };
      },
    },
    {
      heading: 'of limit',
      width: 8,
      cell: ({ scrape }) => ({
        text: known(scrape.value(UTILIZATION), value => `${tenths(value * 100)}%`),
      }),
    },
    {
      heading: 'limit in',
      width: 8,
      cell: point => ({
        text: grows(point) ? known(point.scrape.value(TIME_TO_LIMIT), duration) : '-',
      }),
    },
  ];
}
