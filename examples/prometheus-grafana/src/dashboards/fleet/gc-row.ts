import { NEEDS_RULES } from '../absent.js';
import { FLEET_GC_PAUSE, GC_OVERHEAD } from '../alert-thresholds.js';
import { heatmap } from '../grafana/heatmap.js';
import type { Row } from '../grafana/json.js';
import { timeSeries } from '../grafana/time-series.js';
import { PER_SECOND, SECONDS, SHARE } from '../units.js';
import { recorded, withCollections } from './recorded.js';

const half = { width: 12, height: 8, noValue: NEEDS_RULES } as const;

/** Garbage collection of jobs, from the histograms. */
export const gcRow: Row = {
  title: 'Garbage collection by job',
  panels: [
    timeSeries({
      ...half,
      title: 'Pauses, P95 and P99',
      description:
        'Over the collections of all instances of a job together, of five minutes, from the summed buckets of the histograms and as exact as the buckets are. The mean of percentiles of instances would be a percentile of nothing.',
      unit: SECONDS,
      thresholds: FLEET_GC_PAUSE,
      queries: [
        { query: withCollections(recorded('job:v8js_gc_duration:p95_5m')), legend: '{{job}}, P95' },
        { query: withCollections(recorded('job:v8js_gc_duration:p99_5m')), legend: '{{job}}, P99' },
      ],
    }),
    heatmap({
      ...half,
      title: 'Pauses by length',
      description: 'How many collections a second took how long, over all chosen instances.',
      unit: SECONDS,
      countUnit: PER_SECOND,
      query: `sum by (le) (${recorded('job_le:v8js_gc_duration_bucket:rate5m')})`,
    }),
    timeSeries({
      ...half,
      title: 'Highest overhead',
      description:
        'The largest share of five minutes that any instance of a job stood still for collections.',
      unit: SHARE,
      thresholds: GC_OVERHEAD,
      queries: [{ query: recorded('job:vitals_gc_utilization:max'), legend: '{{job}}' }],
    }),
    timeSeries({
      ...half,
      title: 'Collections, by type',
      description:
        'Of all chosen instances together. A step without a step in the load is a change of the code or of the heap.',
      unit: PER_SECOND,
      stacked: true,
      queries: [
        {
          query: `sum by (v8js_gc_type) (${recorded('instance_type:v8js_gc_duration_count:rate5m')})`,
          legend: '{{v8js_gc_type}}',
        },
      ],
    }),
  ],
};
