import { latest } from './latest.js';
import { olderThan } from './older-than.js';
import type { Pace } from './pace.js';
import type { AlertRule } from './rule.js';

/** When memory is used up, at its present growth. */
export function timeToLimitAlerts(pace: Pace): AlertRule[] {
  return [
    withinTime('MemoryLimitWithinAnHour', 'an hour', 3_600, 5, 'warning', 10, 20, pace),
    withinTime('MemoryLimitWithinTenMinutes', 'ten minutes', 600, 1, 'critical', 5, 15, pace),
  ];
}

/**
 * By the trend of half an hour, and by the last minutes alone in no more than twice the time: the trend goes on for ten
 * minutes and more when memory has stopped growing, after a step or a long warm-up.
 *
 * @param heapMinutes how far back the live heap is looked at: it is known at each major collection only, and these come
 *   the more often the less room is left
 * @param settledMinutes a process that is younger is judged by how much memory it has, not by how fast it takes it
 */
function withinTime(
  alert: string,
  words: string,
  seconds: number,
  minutes: number,
  severity: AlertRule['severity'],
  heapMinutes: number,
  settledMinutes: number,
  pace: Pace,
): AlertRule {
  const fiveMinutes = pace.minutes(5);
  const trend = (limit: string): string =>
    `min by (job, instance, vitals_memory_limit) (${latest(`<vitals.memory.time_to_limit{vitals.memory.limit="${limit}"}>`, pace)}) < ${seconds}`;
  const isFull = (share: string, window: string): string =>
    `and on (job, instance) max by (job, instance) (predict_linear(${share}[${window}], ${2 * seconds})) > 1`;
  return {
    alert,
    query: [
      '(',
      `  ${trend('heap')}`,
      `  ${isFull('<vitals.heap.live_utilization>', pace.minutes(heapMinutes))}`,
      'or',
      `  ${trend('container')}`,
      `  ${isFull('<vitals.container.memory.utilization>', fiveMinutes)}`,
      'or',
      `  ${trend('host')}`,
      `  and on (job, instance) max by (job, instance) (deriv(<process.memory.usage>[${fiveMinutes}]))`,
      `  > on (job, instance) max by (job, instance) (${latest('<vitals.memory.growth{vitals.memory.signal="rss"}>', pace)}) / 2`,
      ')',
      olderThan(settledMinutes, pace),
    ].join('\n'),
    for: pace.minutes(minutes),
    severity,
    summary: `{{ $labels.instance }} ({{ $labels.job }}) reaches its {{ $labels.vitals_memory_limit }} limit within ${words}`,
    description:
      'At its present growth it is there in {{ $value | humanizeDuration }}. The limit of the heap ends the process with a message of V8, that of the container without any.',
  };
}
