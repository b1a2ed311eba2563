import { IN_A_CONTAINER } from '../absent.js';
import { CONTAINER_SHARE, USAGE_LEVELS } from '../alert-thresholds.js';
import type { Row } from '../grafana/json.js';
import { coloured, limitLine } from '../grafana/overrides.js';
import { timeSeries } from '../grafana/time-series.js';
import { BYTES, COUNT, SHARE } from '../units.js';

const third = { width: 8, height: 8, noValue: IN_A_CONTAINER } as const;

/** The container as its cgroup accounts for it: all of its processes together. */
export const containerRow: Row = {
  title: 'Container',
  panels: [
    timeSeries({
      ...third,
      title: 'Container memory and its limit',
      description:
        'Usage has the page cache in it, which can simply be given back; the working set has not. All processes of the container together. Absent outside of a container.',
      unit: BYTES,
      queries: [
        { query: 'max(<container.memory.working_set>)', legend: 'working set' },
        { query: 'max(<container.memory.usage>)', legend: 'usage' },
        { query: 'max(<vitals.container.memory.limit>)', legend: 'limit' },
      ],
      overrides: [limitLine('limit')],
    }),
    timeSeries({
      ...third,
      title: 'Working set, share of the limit',
      description:
        'What the kubelet evicts by, and near 100 % the kernel kills. Where a limit is given by hand and there is no cgroup, it is the resident set. Absent outside of a container.',
      unit: SHARE,
      thresholds: CONTAINER_SHARE,
      queries: [{ query: 'max(<vitals.container.memory.utilization>)', legend: 'working set' }],
    }),
    timeSeries({
      ...third,
      title: 'Resident set, share of the limit',
      description:
        'Of this process alone. The lines are the three levels of escalation: 1.5, 1.8 and 1.9 GB of 2 GB. Absent outside of a container.',
      unit: SHARE,
      thresholds: USAGE_LEVELS,
      queries: [
        {
          query: 'max(<process.memory.usage>) / max(<vitals.container.memory.limit>)',
          legend: 'resident set',
        },
      ],
    }),
    timeSeries({
      ...third,
      title: 'Available',
      description:
        'What the container may still take before the kernel has to kill: the limit without the working set. Absent outside of a container.',
      unit: BYTES,
      queries: [{ query: 'max(<container.memory.available>)', legend: 'available' }],
    }),
    timeSeries({
      ...third,
      title: 'Events',
      description:
        'high: slowed down; max: at the limit, page cache was dropped; oom: nothing was left to drop; oom_kill: the kernel has killed a process. Any of the last two is an incident. Absent outside of a container.',
      unit: COUNT,
      bars: true,
      queries: [
        {
          query: 'max by (vitals_event) (increase(<vitals.container.memory.events>[$__rate_interval]))',
          legend: '{{vitals_event}}',
        },
      ],
      overrides: [coloured('oom', 'orange'), coloured('oom_kill', 'red')],
    }),
    timeSeries({
      ...third,
      title: 'Standing still for want of memory',
      description:
        'Share of the time in which some, or all, tasks of the container waited for memory. Above a few percent it is too small for its load. Absent outside of a container, and with cgroup v1.',
      unit: SHARE,
      queries: [
        {
          query: 'max by (vitals_stall_scope) (rate(<vitals.container.memory.stall.time>[$__rate_interval]))',
          legend: '{{vitals_stall_scope}}',
        },
      ],
    }),
  ],
};
