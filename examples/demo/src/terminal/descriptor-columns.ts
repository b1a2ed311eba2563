import { COUNT, GROWTH, TIME_TO_LIMIT, UTILIZATION } from '../metric-names.js';
import { duration, tenths, whole } from '../number-format.js';
import { kindsOf, topOf } from '../run/descriptor-kinds.js';
import { known } from './columns.js';
import type { Column } from './columns.js';

/**
 * For faults that leak descriptors.
 *
 * @param quietGrowthPerSecond growth beyond that is coloured
 */
export function descriptorColumns(quietGrowthPerSecond: number): readonly Column[] {
  return [
    {
      heading: 'descriptors',
      width: 11,
      cell: ({ scrape }) => ({ text: known(scrape.value(COUNT), whole) }),
    },
    {
      heading: 'growth/s',
      width: 8,
      cell: ({ scrape }) => {
        const growth = scrape.value(GROWTH);
        const grows = growth !== undefined && growth > quietGrowthPerSecond;
        return { text: known(growth, tenths), colour: grows ? 'red' : undefined };
      },
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
      cell: ({ scrape }) => ({ text: known(scrape.value(TIME_TO_LIMIT), duration) }),
    },
  ];
}
