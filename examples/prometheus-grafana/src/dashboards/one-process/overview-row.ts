import { AFTER_A_MAJOR, LINUX, NO_ALERTS } from '../absent.js';
import { ALERT_STATE_MAPPINGS, ALERT_STATE_THRESHOLDS, alertStates } from '../alert-states.js';
import {
  DESCRIPTOR_SHARE,
  GC_OVERHEAD,
  GC_PAUSE,
  HEAP_SHARE,
  RESTARTS,
  TIME_TO_MEMORY_LIMIT,
  USAGE_LEVELS,
} from '../alert-thresholds.js';
import type { Row } from '../grafana/json.js';
import { stateTimeline } from '../grafana/state-timeline.js';
import { stat } from '../grafana/stat.js';
import { BYTES, COUNT, SECONDS, SHARE } from '../units.js';
import { restarts } from '../../rules/older-than.js';

const box = { width: 3, height: 4 } as const;

/** The state of things, before any cause. */
export const overviewRow: Row = {
  title: 'Overview',
  panels: [
    stat({
      ...box,
      title: 'Resident set',
      description:
        'Physical memory that the process takes (RSS), heap and all else. Level is no fault, growth may be.',
      unit: BYTES,
      query: 'max(<process.memory.usage>)',
    }),
    stat({
      ...box,
      title: 'Of the container',
      description:
        'Resident set as a share of the container limit. Orange, red and dark red are the three levels of escalation. Absent where the process has no container limit.',
      unit: SHARE,
      thresholds: USAGE_LEVELS,
      noValue: 'No limit',
      query: 'max(<process.memory.usage>) / max(<vitals.container.memory.limit>)',
    }),
    stat({
      ...box,
      title: 'Live heap',
      description:
        'Heap that was still in use after the latest major collection, as a share of the heap limit. Near 100 % V8 collects all the time, then ends the process.',
      unit: SHARE,
      thresholds: HEAP_SHARE,
      noValue: AFTER_A_MAJOR,
      query: 'max(<vitals.heap.live_utilization>)',
    }),
    stat({
      ...box,
      title: 'Time to limit',
      description:
        'Until the nearest limit (heap, container or host) is reached at the present growth. A week is the most that is said: it also means that no limit is in sight.',
      unit: SECONDS,
      thresholds: TIME_TO_MEMORY_LIMIT,
      query: 'min(<vitals.memory.time_to_limit>)',
    }),
    stat({
      ...box,
      title: 'GC pause, P95',
      description:
        'One pause of twenty during the last minutes was this long or longer. Exact, of this process alone: never add up or average it over processes.',
      unit: SECONDS,
      thresholds: GC_PAUSE,
      query: 'max(<vitals.gc.pause.p95{v8js.gc.type=""}>)',
    }),
    stat({
      ...box,
      title: 'GC overhead',
      description: 'Share of the last five minutes in which the thread stood still for collections.',
      unit: SHARE,
      thresholds: GC_OVERHEAD,
      query: 'max(<vitals.gc.utilization{vitals.window="5m"}>)',
    }),
    stat({
      ...box,
      title: 'Descriptors',
      description:
        'Open file descriptors as a share of the soft limit. With none left the process can accept no connection and open no file (EMFILE). Linux only.',
      unit: SHARE,
      thresholds: DESCRIPTOR_SHARE,
      noValue: LINUX,
      query: 'max(<vitals.fd.utilization>)',
    }),
    stat({
      ...box,
      title: 'Restarts',
      description:
        'How often the process behind this instance has begun anew within 15 minutes. On Kubernetes a new pod is a new instance and does not count here.',
      unit: COUNT,
      decimals: 0,
      thresholds: RESTARTS,
      query: `max(${restarts('15m')})`,
    }),
    stateTimeline({
      title: 'Alerts',
      description:
        'Alerts of this process by name: pending, or firing with their severity. What to do is in the runbook, under the name of the alert. Alerts of the whole job are on the dashboard of the fleet.',
      width: 24,
      height: 5,
      unit: COUNT,
      thresholds: ALERT_STATE_THRESHOLDS,
      mappings: ALERT_STATE_MAPPINGS,
      noValue: NO_ALERTS,
      queries: [
        { query: alertStates('job="$job",instance="$instance"', ['alertname']), legend: '{{alertname}}' },
      ],
    }),
  ],
};
