import { LINUX, LINUX_AND_MACOS, optIn } from '../absent.js';
import { DESCRIPTOR_GROWTH, DESCRIPTOR_SHARE, TIME_TO_DESCRIPTOR_LIMIT } from '../alert-thresholds.js';
import type { Row } from '../grafana/json.js';
import { limitLine, totalLine } from '../grafana/overrides.js';
import { timeSeries } from '../grafana/time-series.js';
import { SHORTEST_SECONDS, timeToLimit } from '../time-to-limit.js';
import { COUNT, PER_MINUTE, SECONDS, SHARE } from '../units.js';

const third = { width: 8, height: 8 } as const;

/** Files, sockets, pipes: what is open, and whether it becomes more and more. */
export const descriptorsRow: Row = {
  title: 'File descriptors',
  panels: [
    timeSeries({
      ...third,
      title: 'Open descriptors by kind',
      description:
        'The line is the count, read at each tick; the kinds below it come from a slower scan and may lag behind by a minute. The kind that grows says what is not closed; kinds of which none is open are left out. Linux only; the count also on macOS.',
      unit: COUNT,
      decimals: 0,
      stacked: true,
      noValue: LINUX_AND_MACOS,
      queries: [
        { query: 'max by (vitals_fd_kind) (<vitals.fd.open>) > 0', legend: '{{vitals_fd_kind}}' },
        { query: 'max(<process.unix.file_descriptor.count>)', legend: 'all' },
      ],
      overrides: [totalLine('all')],
    }),
    timeSeries({
      ...third,
      title: 'Growth of descriptors',
      description:
        'Slope over the trend window. Above the line for minutes, with the count really higher than before, is a leak; a level swing is not. Linux and macOS.',
      unit: PER_MINUTE,
      thresholds: DESCRIPTOR_GROWTH,
      noValue: LINUX_AND_MACOS,
      queries: [{ query: 'max(<vitals.fd.growth>) * 60', legend: 'growth' }],
    }),
    timeSeries({
      ...third,
      title: 'Time to the descriptor limit',
      description:
        'Until the soft limit is reached at the present growth; orange within an hour. A week is the most that is said, and also means: not in sight, or no trend yet. Less than ten seconds is drawn as ten. Linux only.',
      unit: SECONDS,
      thresholds: TIME_TO_DESCRIPTOR_LIMIT,
      logarithmicFrom: SHORTEST_SECONDS,
      noValue: LINUX,
      queries: [{ query: timeToLimit('min(<vitals.fd.time_to_limit>)'), legend: 'soft limit' }],
    }),
    timeSeries({
      ...third,
      title: 'Share of the soft limit',
      description:
        'With none left the process can accept no connection, open no file and start no child (EMFILE). Linux only.',
      unit: SHARE,
      thresholds: DESCRIPTOR_SHARE,
      noValue: LINUX,
      queries: [{ query: 'max(<vitals.fd.utilization>)', legend: 'open' }],
    }),
    timeSeries({
      ...third,
      title: 'Count and limits',
      description:
        'On a scale of powers of ten, for limits are often a million. The soft limit is the one that counts; a process may raise it up to the hard one. Linux only; the count also on macOS.',
      unit: COUNT,
      decimals: 0,
      logarithmicFrom: 1,
      noValue: LINUX_AND_MACOS,
      queries: [
        { query: 'max(<process.unix.file_descriptor.count>)', legend: 'open' },
        {
          query: 'max by (vitals_fd_limit_type) (<vitals.fd.limit>)',
          legend: '{{vitals_fd_limit_type}} limit',
        },
      ],
      overrides: [limitLine('soft limit'), limitLine('hard limit', 'dark-red')],
    }),
    timeSeries({
      ...third,
      title: 'Connections by state',
      description:
        'TCP connections of this process alone, by state. Many in close_wait are not closed by us after the other side has; TIME_WAIT belongs to no process. Linux only, and off by default: the option connections.',
      unit: COUNT,
      decimals: 0,
      stacked: true,
      noValue: optIn('connections'),
      queries: [
        {
          query: 'max by (network_connection_state) (<vitals.connection.count>)',
          legend: '{{network_connection_state}}',
        },
      ],
    }),
  ],
};
