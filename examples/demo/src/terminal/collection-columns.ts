import { ALLOCATED, GC_DURATION_COUNT, GC_DURATION_SUM, GC_PAUSE_P95, LIVE_HEAP } from '../metric-names.js';
import { megabytes, milliseconds, share, tenths } from '../number-format.js';
import { QUIET_SHARE } from '../signals/collection-time.js';
import { known, perSecond } from './columns.js';
import type { Column } from './columns.js';

/** For faults that cost collections. */
export const collectionColumns: readonly Column[] = [
  {
    heading: 'garbage MB/s',
    width: 12,
    cell: (point, previous) => ({ text: known(perSecond(ALLOCATED, point, previous), megabytes) }),
  },
  {
    heading: 'GCs/s',
    width: 5,
    cell: (point, previous) => ({ text: known(perSecond(GC_DURATION_COUNT, point, previous), tenths) }),
  },
  {
    heading: 'GC time',
    width: 7,
    cell: (point, previous) => {
      const part = perSecond(GC_DURATION_SUM, point, previous);
      return { text: known(part, share), colour: (part ?? 0) > QUIET_SHARE ? 'red' : undefined };
    },
  },
  {
    heading: 'P95 pause',
    width: 9,
    cell: ({ scrape }) => ({ text: known(scrape.value(GC_PAUSE_P95), milliseconds) }),
  },
  {
    heading: 'live heap MB',
    width: 12,
    cell: ({ scrape }) => ({ text: known(scrape.value(LIVE_HEAP), megabytes) }),
  },
];
