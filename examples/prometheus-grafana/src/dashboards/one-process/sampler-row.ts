import type { Row } from '../grafana/json.js';
import { timeSeries } from '../grafana/time-series.js';
import { COUNT, PER_SECOND, SHARE } from '../units.js';

const half = { width: 12, height: 8 } as const;

/** What all of this costs the process. */
export const samplerRow: Row = {
  title: 'Cost of these metrics',
  panels: [
    timeSeries({
      ...half,
      title: 'Time share of our readings',
      description:
        'Share of the time of the main thread that is spent in our own readings, by reading. Far below 1 % is as it should be.',
      unit: SHARE,
      stacked: true,
      legendTable: true,
      queries: [
        {
          query: 'sum by (vitals_reading) (rate(<vitals.sampler.time>[$__rate_interval]))',
          legend: '{{vitals_reading}}',
        },
      ],
    }),
    timeSeries({
      ...half,
      title: 'Readings',
      description:
        'How often each is made. One that has stopped is one whose numbers stand still; all at once is a thread that is blocked.',
      unit: PER_SECOND,
      legendTable: true,
      queries: [
        {
          query: 'sum by (vitals_reading) (rate(<vitals.sampler.ticks>[$__rate_interval]))',
          legend: '{{vitals_reading}}',
        },
      ],
    }),
    timeSeries({
      width: 24,
      height: 6,
      title: 'Failed readings',
      description:
        'Readings that failed, by reading and error; their metrics keep their last values. The log of the process says why, once.',
      unit: COUNT,
      bars: true,
      noValue: 'None failed',
      queries: [
        {
          query: 'sum by (vitals_reading, error_type) (increase(<vitals.sampler.errors>[$__rate_interval]))',
          legend: '{{vitals_reading}}: {{error_type}}',
        },
      ],
    }),
  ],
};
