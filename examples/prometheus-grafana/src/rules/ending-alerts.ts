import { restarts } from './older-than.js';
import type { Pace } from './pace.js';
import type { RuleGroup } from './rule.js';

/** Processes that end, and readings that fail. */
export function endingAlerts(pace: Pace): RuleGroup {
  return {
    name: 'node-vitals-endings',
    rules: [
      {
        alert: 'ContainerOOMKill',
        query: `max by (job, instance) (increase(<vitals.container.memory.events{vitals.event="oom_kill"}>[${pace.minutes(10)}])) > 0`,
        for: pace.minutes(0),
        severity: 'critical',
        summary:
          'The kernel has killed a process in the container of {{ $labels.instance }} ({{ $labels.job }})',
        description:
          'Killed in the last ten minutes, for want of memory: {{ $value | printf "%.0f" }}. This process has survived it; had it been the one, its target would have begun anew.',
      },
      {
        alert: 'ProcessRestarting',
        query: `${restarts(pace.minutes(15))} > 2`,
        for: pace.minutes(0),
        severity: 'warning',
        summary: '{{ $labels.instance }} ({{ $labels.job }}) begins again and again',
        description: 'It has begun anew {{ $value | humanize }} times in 15 minutes.',
      },
      {
        alert: 'VitalsReadingFailing',
        query: `sum by (job, instance, vitals_reading) (increase(<vitals.sampler.errors>[${pace.minutes(10)}])) > 0`,
        for: pace.minutes(10),
        severity: 'info',
        summary: 'Numbers of {{ $labels.instance }} ({{ $labels.job }}) are missing',
        description:
          'The reading {{ $labels.vitals_reading }} has failed about {{ $value | printf "%.0f" }} times in ten minutes; its metrics keep their last values. The log of the process says why, once.',
      },
    ],
  };
}
