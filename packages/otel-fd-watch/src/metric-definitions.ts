import type { MetricDefinition } from 'otel-runtime-kit/otel';
import { CONNECTION_STATES } from './connection-states.js';
import { FD_KINDS } from './descriptor-kind.js';

/** Attribute names of this package. */
export const ATTR_FD_KIND = 'vitals.fd.kind';
export const ATTR_FD_LIMIT_TYPE = 'vitals.fd.limit.type';
export const ATTR_CONNECTION_STATE = 'network.connection.state';

/** Values of `vitals.reading` in `vitals.sampler.*` that are this package's. */
export const FD_READINGS = ['fd.count', 'fd.limit', 'fd.kinds', 'fd.connections', 'fd.on_pressure'] as const;

const LINUX = ['linux'] as const;

/** Every instrument of this package: the source of the code, the README tables, the dashboards and the rules. */
export const metricDefinitions = {
  count: {
    name: 'process.unix.file_descriptor.count',
    kind: 'observableUpDownCounter',
    unit: '{file_descriptor}',
    description: 'Number of file descriptors that the process has open.',
    attributes: {},
    stability: 'release candidate',
    source: 'size of `/proc/self/fd` (Linux ≥ 6.2, O(1)), else its listing; macOS: listing of `/dev/fd`',
    platforms: ['linux', 'darwin'],
  },
  limit: {
    name: 'vitals.fd.limit',
    kind: 'observableUpDownCounter',
    unit: '{file_descriptor}',
    description: 'Number of file descriptors that the process may have open (RLIMIT_NOFILE).',
    attributes: { [ATTR_FD_LIMIT_TYPE]: ['soft', 'hard'] },
    stability: 'own',
    source: '`/proc/self/limits`, read every 60 s',
    platforms: LINUX,
  },
  utilization: {
    name: 'vitals.fd.utilization',
    kind: 'observableGauge',
    unit: '1',
    description: 'Open file descriptors as a share of the soft limit.',
    attributes: {},
    stability: 'own',
    source: 'count / soft limit',
    platforms: LINUX,
  },
  open: {
    name: 'vitals.fd.open',
    kind: 'observableUpDownCounter',
    unit: '{file_descriptor}',
    description: 'Open file descriptors by kind, as of the latest scan.',
    attributes: { [ATTR_FD_KIND]: FD_KINDS },
    stability: 'own',
    source: 'links in `/proc/self/fd`, every `byKindIntervalMillis`',
    platforms: LINUX,
  },
  growth: {
    name: 'vitals.fd.growth',
    kind: 'observableGauge',
    unit: '{file_descriptor}/s',
    description: 'Growth of the number of open file descriptors: robust slope over the trend window.',
    attributes: {},
    stability: 'own',
    source: 'Theil–Sen slope over at most 60 blocks of counts',
    platforms: ['linux', 'darwin'],
  },
  timeToLimit: {
    name: 'vitals.fd.time_to_limit',
    kind: 'observableGauge',
    unit: 's',
    description:
      'Time until the soft limit at the present growth; at most 7 days, which also means: not in sight, or no trend yet.',
    attributes: {},
    stability: 'own',
    source: '(soft limit − count) / growth',
    platforms: LINUX,
  },
  connections: {
    name: 'vitals.connection.count',
    kind: 'observableUpDownCounter',
    unit: '{connection}',
    description: "The process's own TCP connections by state. TIME_WAIT belongs to no process.",
    attributes: { [ATTR_CONNECTION_STATE]: CONNECTION_STATES },
    stability: 'own',
    source: '`/proc/self/net/tcp` and `tcp6`, matched by inode, every `byKindIntervalMillis`',
    platforms: LINUX,
    optIn: 'connections',
  },
} as const satisfies Record<string, MetricDefinition>;
