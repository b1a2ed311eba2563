import { AFTER_A_MAJOR, IN_A_CONTAINER, NEEDS_RULES } from '../absent.js';
import { CONTAINER_SHARE, HEAP_SHARE, MEMORY_GROWTH, TIME_TO_MEMORY_LIMIT } from '../alert-thresholds.js';
import type { Row } from '../grafana/json.js';
import { timeSeries } from '../grafana/time-series.js';
import { SHORTEST_SECONDS, timeToLimit } from '../time-to-limit.js';
import { BYTES, COUNT, MEBIBYTES_PER_MINUTE, SECONDS, SHARE } from '../units.js';
import { recorded } from './recorded.js';

const third = { width: 8, height: 8, noValue: NEEDS_RULES } as const;
const half = { width: 12, height: 8, noValue: NEEDS_RULES } as const;

/** Memory of jobs: sums, and the worst instance of each. */
export const memoryRow: Row = {
  title: 'Memory by job',
  panels: [
    timeSeries({
      ...third,
      title: 'Instances and restarts',
      description:
        'How many processes of each job report, and how often processes have begun anew within 15 minutes behind instances that stayed.',
      unit: COUNT,
      decimals: 0,
      queries: [
        { query: recorded('job:vitals_instances:count'), legend: '{{job}}' },
        { query: recorded('job:vitals_restarts:15m'), legend: '{{job}}, restarts' },
      ],
    }),
    timeSeries({
      ...third,
      title: 'Resident memory, sum',
      description: 'The resident sets of all instances of a job together: what the job costs.',
      unit: BYTES,
      stacked: true,
      queries: [{ query: recorded('job:process_memory_usage:sum'), legend: '{{job}}' }],
    }),
    timeSeries({
      ...third,
      title: 'Resident memory, highest and median',
      description:
        'Of the instances of each job. One that is far above the median has something that the others have not; both rising is what all of them do.',
      unit: BYTES,
      queries: [
        { query: recorded('job:process_memory_usage:max'), legend: '{{job}}, highest' },
        { query: recorded('job:process_memory_usage:median'), legend: '{{job}}, median' },
      ],
    }),
    timeSeries({
      ...half,
      title: 'Fullest container',
      description:
        'The highest working set of a job, as a share of its limit. Absent where none runs in a container with a limit.',
      unit: SHARE,
      thresholds: CONTAINER_SHARE,
      noValue: IN_A_CONTAINER,
      queries: [{ query: recorded('job:vitals_container_memory_utilization:max'), legend: '{{job}}' }],
    }),
    timeSeries({
      ...half,
      title: 'Fullest live heap',
      description: 'The highest live heap of a job, after a major collection, as a share of the heap limit.',
      unit: SHARE,
      thresholds: HEAP_SHARE,
      noValue: AFTER_A_MAJOR,
      queries: [{ query: recorded('job:vitals_heap_live_utilization:max'), legend: '{{job}}' }],
    }),
    timeSeries({
      ...half,
      title: 'Fastest growth, by signal',
      description:
        'Of the instance that grows fastest, for each part of the memory. The lines are for the resident set; its parts are alerted on at half of that, and only with it.',
      unit: MEBIBYTES_PER_MINUTE,
      thresholds: MEMORY_GROWTH,
      queries: [
        {
          query: `max by (vitals_memory_signal) (${recorded('job_signal:vitals_memory_growth:max')}) * 60 / 1048576`,
          legend: '{{vitals_memory_signal}}',
        },
      ],
    }),
    timeSeries({
      ...half,
      title: 'Shortest time to limit, by limit',
      description:
        'Of the instance that is nearest to each limit; red within ten minutes, orange within an hour. A week is the most that is said, and also means: not in sight. Less than ten seconds is drawn as ten.',
      unit: SECONDS,
      thresholds: TIME_TO_MEMORY_LIMIT,
      logarithmicFrom: SHORTEST_SECONDS,
      queries: [
        {
          query: timeToLimit(
            `min by (vitals_memory_limit) (${recorded('job_limit:vitals_memory_time_to_limit:min')})`,
          ),
          legend: '{{vitals_memory_limit}}',
        },
      ],
    }),
  ],
};
