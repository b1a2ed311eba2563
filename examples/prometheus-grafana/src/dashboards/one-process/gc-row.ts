import { AFTER_A_MAJOR } from '../absent.js';
import { GC_OVERHEAD, GC_PAUSE, MAJOR_COLLECTIONS, MINOR_COLLECTIONS } from '../alert-thresholds.js';
import { heatmap } from '../grafana/heatmap.js';
import type { Row } from '../grafana/json.js';
import { timeSeries } from '../grafana/time-series.js';
import { BYTES_PER_SECOND, COUNT, PER_SECOND, SECONDS, SHARE } from '../units.js';

const half = { width: 12, height: 9 } as const;
const third = { width: 8, height: 8 } as const;

/** What garbage collection costs, and what it has to do. */
export const gcRow: Row = {
  title: 'Garbage collection',
  panels: [
    timeSeries({
      ...half,
      title: 'Pauses: P95 and longest',
      description:
        'Over the sliding window (5 minutes by default), over all types, exact; 0 if there were none. For several processes take the histogram: percentiles cannot be averaged.',
      unit: SECONDS,
      thresholds: GC_PAUSE,
      queries: [
        { query: 'max(<vitals.gc.pause.p95{v8js.gc.type=""}>)', legend: 'P95' },
        { query: 'max(<vitals.gc.pause.max{v8js.gc.type=""}>)', legend: 'longest' },
      ],
    }),
    heatmap({
      ...half,
      title: 'Pauses by length',
      description:
        'How many collections took how long, from the buckets of v8js.gc.duration. Minor ones belong at a millisecond or below; a second band far above is major ones that stop the thread.',
      unit: SECONDS,
      countUnit: COUNT,
      query: 'sum by (le) (increase(<v8js.gc.duration:bucket>[$__rate_interval]))',
    }),
    timeSeries({
      ...third,
      title: 'Overhead',
      description:
        'Share of the time that the thread stood still for collections: a lower bound of their cost, for V8 also works beside the thread.',
      unit: SHARE,
      thresholds: GC_OVERHEAD,
      queries: [{ query: 'max by (vitals_window) (<vitals.gc.utilization>)', legend: '{{vitals_window}}' }],
    }),
    timeSeries({
      ...third,
      title: 'Time in collections, by type',
      description:
        'Which type the time goes to. Much for minor ones: many objects are made, and live on for a little; for major ones: the heap is full, or has much in it.',
      unit: SHARE,
      stacked: true,
      queries: [
        {
          query: 'sum by (v8js_gc_type) (rate(<v8js.gc.duration:sum>[$__rate_interval]))',
          legend: '{{v8js_gc_type}}',
        },
      ],
    }),
    timeSeries({
      ...third,
      title: 'Allocated, freed, promoted',
      description:
        'What collections have to do. Allocated and freed belong together; promoted is what outlived its youth and waits for a major collection. Much of it from short-lived work means that the young generation is too small.',
      unit: BYTES_PER_SECOND,
      queries: [
        { query: 'sum(rate(<vitals.heap.allocated>[$__rate_interval]))', legend: 'allocated' },
        { query: 'sum(rate(<vitals.gc.reclaimed>[$__rate_interval]))', legend: 'freed' },
        { query: 'sum(rate(<vitals.gc.promoted>[$__rate_interval]))', legend: 'promoted' },
      ],
    }),
    timeSeries({
      ...third,
      title: 'Minor collections',
      description:
        'Of the young generation. Above the line much is allocated, or into too little room (--max-semi-space-size).',
      unit: PER_SECOND,
      thresholds: MINOR_COLLECTIONS,
      queries: [
        {
          query:
            'sum by (v8js_gc_type) (rate(<v8js.gc.duration:count{v8js.gc.type="minor"}>[$__rate_interval]))',
          legend: '{{v8js_gc_type}}',
        },
      ],
    }),
    timeSeries({
      ...third,
      title: 'Major collections',
      description:
        'Of the whole heap; the line is for those of type major. Incremental steps and weak callbacks come with them.',
      unit: PER_SECOND,
      thresholds: MAJOR_COLLECTIONS,
      queries: [
        {
          query:
            'sum by (v8js_gc_type) (rate(<v8js.gc.duration:count{v8js.gc.type!="minor"}>[$__rate_interval]))',
          legend: '{{v8js_gc_type}}',
        },
      ],
    }),
    timeSeries({
      ...third,
      title: 'Forced collections',
      description:
        'Collections that somebody asked for, as global.gc() does, or a heap snapshot. A service should have none.',
      unit: PER_SECOND,
      bars: true,
      queries: [{ query: 'sum(rate(<vitals.gc.forced>[$__rate_interval]))', legend: 'forced' }],
    }),
    timeSeries({
      ...third,
      title: 'Age of the latest major collection',
      description:
        'How old the number of the live heap is. Hours are usual for a quiet service; until the next one its heap may look bigger than it is.',
      unit: SECONDS,
      noValue: AFTER_A_MAJOR,
      queries: [{ query: 'max(<vitals.gc.major.age>)', legend: 'age' }],
    }),
    timeSeries({
      ...third,
      title: 'Freed, by type',
      description:
        'Which collections find the garbage. A healthy service frees nearly all of it by minor ones.',
      unit: BYTES_PER_SECOND,
      stacked: true,
      queries: [
        {
          query: 'sum by (v8js_gc_type) (rate(<vitals.gc.reclaimed>[$__rate_interval]))',
          legend: '{{v8js_gc_type}}',
        },
      ],
    }),
    heatmap({
      ...third,
      title: 'Major pauses by length',
      description: 'As above, of type major alone: these are the long ones.',
      unit: SECONDS,
      countUnit: COUNT,
      query: 'sum by (le) (increase(<v8js.gc.duration:bucket{v8js.gc.type="major"}>[$__rate_interval]))',
    }),
  ],
};
