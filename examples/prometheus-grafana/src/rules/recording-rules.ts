import { restarts } from './older-than.js';
import type { Pace } from './pace.js';
import type { RecordingRule, RuleGroup } from './rule.js';

/**
 * What panels of a fleet and alerts share. All but the collections by type are one series a job (and type, limit or
 * bucket), so that a fleet costs at each evaluation what its instances cost, but each panel next to nothing.
 *
 * A percentile of a fleet comes from the summed buckets: the mean of the instances' percentiles is a percentile of nothing.
 */
export function recordingRules(pace: Pace): RuleGroup {
  const fiveMinutes = pace.minutes(5);
  return {
    name: 'node-vitals-recording',
    rules: [
      {
        record: 'instance_type:v8js_gc_duration_count:rate5m',
        query: `sum by (job, instance, v8js_gc_type) (rate(<v8js.gc.duration:count>[${fiveMinutes}]))`,
      },
      ...bucketRates(fiveMinutes),
      {
        record: 'job:v8js_gc_duration:p95_5m',
        query: 'histogram_quantile(0.95, job_le:v8js_gc_duration_bucket:rate5m)',
      },
      {
        record: 'job:v8js_gc_duration:p99_5m',
        query: 'histogram_quantile(0.99, job_le:v8js_gc_duration_bucket:rate5m)',
      },
      {
        record: 'job:vitals_instances:count',
        query: 'count by (job) (max by (job, instance) (<process.memory.usage>))',
      },
      { record: 'job:process_memory_usage:sum', query: 'sum by (job) (<process.memory.usage>)' },
      { record: 'job:process_memory_usage:max', query: 'max by (job) (<process.memory.usage>)' },
      {
        record: 'job:process_memory_usage:median',
        query: 'quantile by (job) (0.5, <process.memory.usage>)',
      },
      {
        record: 'job:vitals_container_memory_utilization:max',
        query: 'max by (job) (<vitals.container.memory.utilization>)',
      },
      {
        record: 'job:vitals_heap_live_utilization:max',
        query: 'max by (job) (<vitals.heap.live_utilization>)',
      },
      {
        record: 'job_signal:vitals_memory_growth:max',
        query: 'max by (job, vitals_memory_signal) (<vitals.memory.growth>)',
      },
      {
        record: 'job_limit:vitals_memory_time_to_limit:min',
        query: 'min by (job, vitals_memory_limit) (<vitals.memory.time_to_limit>)',
      },
      {
        record: 'job:vitals_gc_utilization:max',
        query: 'max by (job) (<vitals.gc.utilization{vitals.window="5m"}>)',
      },
      { record: 'job:vitals_fd_utilization:max', query: 'max by (job) (<vitals.fd.utilization>)' },
      {
        record: 'job:vitals_fd_time_to_limit:min',
        query: 'min by (job) (<vitals.fd.time_to_limit>)',
      },
      { record: 'job:vitals_restarts:15m', query: `sum by (job) (${restarts(pace.minutes(15))})` },
    ],
  };
}

/**
 * A fleet has far more buckets than anything else, so that they are summed in parts, each in the time of any other rule.
 * Whole numbers are left to the last part, with boundaries that somebody has set: they are written in more than one way,
 * as `1` and as `1.0`.
 */
const BUCKET_PARTS = [
  '0.0001|0.0005|0.001|0.0025|0.005',
  '0.01|0.025|0.05|0.075|0.1',
  '0.25|0.5|0.75|2.5|7.5',
] as const;

function bucketRates(window: string): RecordingRule[] {
  const matchers = [...BUCKET_PARTS.map(part => `le=~"${part}"`), `le!~"${BUCKET_PARTS.join('|')}"`];
  const parts = matchers.map((matcher, index) => ({
    record: `job_le:v8js_gc_duration_bucket_part${index + 1}:rate5m`,
    query: `sum by (job, le) (rate(<v8js.gc.duration:bucket{${matcher}}>[${window}]))`,
  }));
  return [
    ...parts,
    {
      record: 'job_le:v8js_gc_duration_bucket:rate5m',
      query: parts.map(({ record }) => record).join(' or '),
    },
  ];
}
