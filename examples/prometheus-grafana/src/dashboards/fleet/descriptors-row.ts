import { LINUX } from '../absent.js';
import { DESCRIPTOR_SHARE, TIME_TO_DESCRIPTOR_LIMIT } from '../alert-thresholds.js';
import type { Row } from '../grafana/json.js';
import { timeSeries } from '../grafana/time-series.js';
import { SHORTEST_SECONDS, timeToLimit } from '../time-to-limit.js';
import { SECONDS, SHARE } from '../units.js';
import { recorded } from './recorded.js';

const half = { width: 12, height: 8, noValue: LINUX } as const;

/** File descriptors of jobs. */
export const descriptorsRow: Row = {
  title: 'File descriptors by job',
  panels: [
    timeSeries({
      ...half,
      title: 'Fullest descriptors',
      description: 'The largest share of its soft limit that any instance of a job has open. Linux only.',
      unit: SHARE,
      thresholds: DESCRIPTOR_SHARE,
      queries: [{ query: recorded('job:vitals_fd_utilization:max'), legend: '{{job}}' }],
    }),
    timeSeries({
      ...half,
      title: 'Shortest time to the descriptor limit',
      description:
        'Of the instance of a job that is nearest to it; orange within an hour. A week is the most that is said, and also means: not in sight. Less than ten seconds is drawn as ten. Linux only.',
      unit: SECONDS,
      thresholds: TIME_TO_DESCRIPTOR_LIMIT,
      logarithmicFrom: SHORTEST_SECONDS,
      queries: [{ query: timeToLimit(recorded('job:vitals_fd_time_to_limit:min')), legend: '{{job}}' }],
    }),
  ],
};
