import { latest } from './latest.js';
import type { Pace } from './pace.js';
import type { RuleGroup } from './rule.js';

/** Garbage collection: how long it stops the thread, how much of the time it takes, how often it comes. */
export function gcAlerts(pace: Pace): RuleGroup {
  const fiveMinutes = pace.minutes(5);
  return {
    name: 'node-vitals-gc',
    rules: [
      {
        alert: 'GCPauseTimeHigh',
        // Of fewer than twenty collections the percentile is the longest: one alone would be spoken of for five minutes.
        query: [
          `max by (job, instance) (${latest('<vitals.gc.pause.p95{v8js.gc.type=""}>', pace)}) > 0.1`,
          `unless on (job, instance) sum by (job, instance) (increase(<v8js.gc.duration:count>[${fiveMinutes}]))`,
          `- sum by (job, instance) (increase(<v8js.gc.duration:bucket{le="0.1"}>[${fiveMinutes}])) < 1.5`,
        ].join('\n'),
        for: pace.minutes(2),
        severity: 'critical',
        summary: 'Collections stop {{ $labels.instance }} ({{ $labels.job }}) for long',
        description:
          'One collection of twenty stops the thread for {{ $value | humanizeDuration }} or longer (P95 of the last minutes, exact); 0.1 s is much for a service.',
      },
      {
        alert: 'FleetGCPauseTimeHigh',
        query: [
          'job:v8js_gc_duration:p95_5m > 0.1',
          'unless on (job) (job_le:v8js_gc_duration_bucket:rate5m{le="+Inf"}',
          `- ignoring (le) job_le:v8js_gc_duration_bucket:rate5m{le="0.1"}) * ${5 * pace.secondsPerMinute} < 1.5`,
        ].join('\n'),
        for: pace.minutes(2),
        severity: 'critical',
        summary: 'Collections stop the processes of {{ $labels.job }} for long',
        description:
          'Over all its instances, one collection of twenty takes {{ $value | humanizeDuration }} or longer, to the accuracy of the buckets.',
      },
      {
        alert: 'GCOverheadHigh',
        query: `max by (job, instance) (${latest(`<vitals.gc.utilization{vitals.window="${pace.utilizationWindow}"}>`, pace)}) > 0.1`,
        for: pace.minutes(5),
        severity: 'warning',
        summary: '{{ $labels.instance }} ({{ $labels.job }}) spends its time collecting garbage',
        description:
          'The thread has stood still for collections during {{ $value | humanizePercentage }} of the last five minutes.',
      },
      collections('MinorCollectionsFrequent', 'minor', 10, '10', pace),
      // A leak in seconds needs a V8 that looks for it as much more often, so that this threshold keeps the pace too.
      collections('MajorCollectionsFrequent', 'major', 0.1, String(6 / pace.secondsPerMinute), pace),
    ],
  };
}

function collections(
  alert: string,
  type: string,
  perSecond: number,
  threshold: string,
  pace: Pace,
): RuleGroup['rules'][number] {
  return {
    alert,
    query: `instance_type:v8js_gc_duration_count:rate5m{v8js_gc_type="${type}"} > ${threshold}`,
    for: pace.minutes(10),
    severity: 'info',
    summary: `{{ $labels.instance }} ({{ $labels.job }}) has many ${type} collections`,
    description: `{{ $value | printf "%.3g" }} ${type} collections a second; more than ${perSecond} mean that much is allocated, or into too little room.`,
  };
}
