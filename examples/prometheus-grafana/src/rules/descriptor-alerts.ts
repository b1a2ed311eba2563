import { latest } from './latest.js';
import { olderThan } from './older-than.js';
import type { Pace } from './pace.js';
import type { RuleGroup } from './rule.js';

const COUNT = '<process.unix.file_descriptor.count>';

/** File descriptors: how many of those that may be open, and whether they become more and more. */
export function descriptorAlerts(pace: Pace): RuleGroup {
  const fiveMinutes = pace.minutes(5);
  return {
    name: 'node-vitals-descriptors',
    rules: [
      {
        alert: 'FDLeakDetected',
        // Growth of five minutes is a swing as often as a leak: a swing has been as high before.
        query: [
          `max by (job, instance) (${latest('<vitals.fd.growth>', pace)}) * ${pace.secondsPerMinute} > 10`,
          `and on (job, instance) max by (job, instance) (${latest(COUNT, pace)}`,
          `- max_over_time(${COUNT}[${pace.minutes(30)}] offset ${fiveMinutes})) > 50`,
          olderThan(15, pace),
        ].join('\n'),
        for: pace.minutes(3),
        severity: 'warning',
        summary: '{{ $labels.instance }} ({{ $labels.job }}) leaks file descriptors',
        description:
          'It has {{ $value | printf "%.0f" }} more open each minute, by the trend, and more than 50 more than at any time in the half hour before the last five minutes.',
      },
      {
        alert: 'FDUtilizationHigh',
        query: `max by (job, instance) (${latest('<vitals.fd.utilization>', pace)}) > 0.8`,
        for: fiveMinutes,
        severity: 'warning',
        summary: '{{ $labels.instance }} ({{ $labels.job }}) has used most of its file descriptors',
        description:
          '{{ $value | humanizePercentage }} of those that it may have are open. With none left it can accept no connection, open no file and start no child (EMFILE).',
      },
      {
        alert: 'FDLimitWithinAnHour',
        query: [
          `min by (job, instance) (${latest('<vitals.fd.time_to_limit>', pace)}) < 3600`,
          olderThan(15, pace),
        ].join('\n'),
        for: fiveMinutes,
        severity: 'warning',
        summary: '{{ $labels.instance }} ({{ $labels.job }}) runs out of file descriptors within an hour',
        description: 'At its present growth the last one is taken in {{ $value | humanizeDuration }}.',
      },
    ],
  };
}
