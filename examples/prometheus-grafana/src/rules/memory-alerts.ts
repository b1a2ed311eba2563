import { latest } from './latest.js';
import { olderThan } from './older-than.js';
import type { Pace } from './pace.js';
import type { AlertRule, RuleGroup } from './rule.js';
import { timeToLimitAlerts } from './time-to-limit-alerts.js';

const MEBIBYTE = 1_048_576;

/** Memory: how much there is, how fast it grows, when it is used up. */
export function memoryAlerts(pace: Pace): RuleGroup {
  return {
    name: 'node-vitals-memory',
    rules: [
      ...usageLevels(pace),
      {
        alert: 'ContainerMemoryNearlyFull',
        query: `max by (job, instance) (${latest('<vitals.container.memory.utilization>', pace)}) > 0.9`,
        for: pace.minutes(5),
        severity: 'critical',
        summary: 'The container of {{ $labels.instance }} ({{ $labels.job }}) has used 90 % of its memory',
        description:
          'Its working set is {{ $value | humanizePercentage }} of the limit. What the kubelet evicts by, and all processes of the container together.',
      },
      growing('MemoryGrowing', 0.1, 60, 'info', pace),
      growing('MemoryGrowingFast', 0.5, 30, 'warning', pace),
      ...timeToLimitAlerts(pace),
      {
        alert: 'HeapNearlyFull',
        query: `max by (job, instance) (${latest('<vitals.heap.live_utilization>', pace)}) > 0.8`,
        for: pace.minutes(5),
        severity: 'critical',
        summary: 'The heap of {{ $labels.instance }} ({{ $labels.job }}) is nearly full',
        description:
          'After the latest major collection {{ $value | humanizePercentage }} of the heap limit were still in use. Near 100 % V8 collects all the time, then ends the process.',
      },
      {
        alert: 'HeapLimitAboveContainerLimit',
        query: [
          `max by (job, instance) (${latest('<vitals.heap.limit>', pace)})`,
          `/ on (job, instance) max by (job, instance) (${latest('<vitals.container.memory.limit>', pace)}) > 1`,
        ].join('\n'),
        for: pace.minutes(5),
        severity: 'warning',
        summary:
          'V8 may take more memory than the container of {{ $labels.instance }} ({{ $labels.job }}) has',
        description:
          'The heap limit is {{ $value | humanizePercentage }} of the container limit: the kernel will kill the process before V8 thinks of collecting harder, and without a word (nodejs/node#64646). Set --max-old-space-size to about three quarters of the container limit.',
      },
    ],
  };
}

/** The levels of escalation: 1.5, 1.8 and 1.9 GB of 2 GB. */
function usageLevels(pace: Pace): AlertRule[] {
  const levels = [
    { alert: 'MemoryUsageHigh', share: 0.73, minutes: 5, severity: 'warning', word: 'high' },
    { alert: 'MemoryUsageVeryHigh', share: 0.88, minutes: 2, severity: 'critical', word: 'very high' },
    { alert: 'MemoryUsageExtreme', share: 0.93, minutes: 1, severity: 'critical', word: 'extreme' },
  ] as const;
  return levels.map(({ alert, share, minutes, severity, word }, index) => ({
    alert,
    query: [
      `max by (job, instance) (${latest('<process.memory.usage>', pace)})`,
      `/ on (job, instance) max by (job, instance) (${latest('<vitals.container.memory.limit>', pace)}) > ${share}`,
    ].join('\n'),
    for: pace.minutes(minutes),
    severity,
    summary: `Memory usage of {{ $labels.instance }} ({{ $labels.job }}) is ${word}`,
    description: `Its resident set is {{ $value | humanizePercentage }} of the container limit, more than ${Math.round(100 * share)} %: level ${index + 1} of 3.`,
  }));
}

/**
 * One part of the memory grows, and the resident set with it. Each alone is a look-alike: the resident set follows load
 * and V8's generosity, and a heap may grow into pages that it has long had.
 */
function growing(
  alert: string,
  mebibytesPerMinute: number,
  minutes: number,
  severity: AlertRule['severity'],
  pace: Pace,
): AlertRule {
  const part = latest('<vitals.memory.growth{vitals.memory.signal=~"heap_live|external|native"}>', pace);
  const whole = latest('<vitals.memory.growth{vitals.memory.signal="rss"}>', pace);
  const inMebibytesPerMinute = `* ${pace.secondsPerMinute} / ${MEBIBYTE}`;
  return {
    alert,
    query: [
      `max by (job, instance, vitals_memory_signal) (${part}) ${inMebibytesPerMinute} > ${mebibytesPerMinute / 2}`,
      `and on (job, instance) max by (job, instance) (${whole}) ${inMebibytesPerMinute} > ${mebibytesPerMinute}`,
      olderThan(minutes, pace),
    ].join('\n'),
    for: pace.minutes(minutes),
    severity,
    summary: `Memory of {{ $labels.instance }} ({{ $labels.job }}) keeps growing`,
    description: `Its {{ $labels.vitals_memory_signal }} memory grows by {{ $value | printf "%.2f" }} MiB a minute, and the resident set by more than ${mebibytesPerMinute}, for ${minutes} minutes now.`,
  };
}
