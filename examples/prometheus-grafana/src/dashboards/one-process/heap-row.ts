import { AFTER_A_MAJOR } from '../absent.js';
import { HEAP_SHARE } from '../alert-thresholds.js';
import type { Row } from '../grafana/json.js';
import { coloured, limitLine } from '../grafana/overrides.js';
import { timeSeries } from '../grafana/time-series.js';
import { limitInSight } from '../limit-in-sight.js';
import { BYTES, COUNT, SHARE } from '../units.js';

const half = { width: 12, height: 8 } as const;
const third = { width: 8, height: 8 } as const;

/** What is on the heap of V8. */
export const heapRow: Row = {
  title: 'Heap',
  panels: [
    timeSeries({
      ...third,
      title: 'Heap',
      description:
        'Live is what a major collection left over, what is really needed: look at it for a leak. Used goes up and down with each collection, size is taken from the system, and at the limit V8 ends the process; it is drawn when a quarter of it is taken.',
      unit: BYTES,
      queries: [
        { query: 'max(<vitals.heap.used>)', legend: 'used' },
        { query: 'max(<vitals.heap.size>)', legend: 'size' },
        { query: 'max(<vitals.heap.live>)', legend: 'live' },
        { query: limitInSight('max(<vitals.heap.limit>)', 'max(<vitals.heap.size>)'), legend: 'heap limit' },
      ],
      overrides: [limitLine('heap limit'), coloured('live', 'purple')],
    }),
    timeSeries({
      ...third,
      title: 'Heap, share of its limit',
      description:
        'Used may come near to the limit between two collections. Live must not: above the line V8 collects more and more for less and less.',
      unit: SHARE,
      thresholds: HEAP_SHARE,
      noValue: AFTER_A_MAJOR,
      queries: [
        { query: 'max(<vitals.heap.utilization>)', legend: 'used' },
        { query: 'max(<vitals.heap.live_utilization>)', legend: 'live' },
      ],
      overrides: [coloured('live', 'purple')],
    }),
    timeSeries({
      ...third,
      title: 'Contexts',
      description:
        'Global environments of V8: one, and one for each vm.createContext. A detached context that does not go away is a leak of all that it holds.',
      unit: COUNT,
      decimals: 0,
      queries: [
        {
          query: 'max by (vitals_context_state) (<vitals.heap.context.count>)',
          legend: '{{vitals_context_state}}',
        },
      ],
    }),
    timeSeries({
      ...half,
      title: 'Heap spaces, in use',
      description:
        'Which part of the heap is full. Ordinary objects that live on are in old_space, big ones in large_object_space, and code in code_space. Spaces that are empty are left out.',
      unit: BYTES,
      stacked: true,
      queries: [
        {
          query: 'max by (v8js_heap_space_name) (<v8js.memory.heap.used>) > 0',
          legend: '{{v8js_heap_space_name}}',
        },
      ],
    }),
    timeSeries({
      ...half,
      title: 'Heap spaces, taken from the system',
      description:
        'What V8 holds for each space. Much more than is in use means that it expects to need it again, or that the objects left over lie scattered. Spaces of no size are left out.',
      unit: BYTES,
      stacked: true,
      queries: [
        {
          query: 'max by (v8js_heap_space_name) (<v8js.memory.heap.space.size>) > 0',
          legend: '{{v8js_heap_space_name}}',
        },
      ],
    }),
  ],
};
