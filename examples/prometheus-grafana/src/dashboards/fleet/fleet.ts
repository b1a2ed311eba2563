import { processAddress } from '../addresses.js';
import type { Dashboard } from '../dashboard.js';
import { alertsRow } from './alerts-row.js';
import { descriptorsRow } from './descriptors-row.js';
import { gcRow } from './gc-row.js';
import { instancesRow } from './instances-row.js';
import { memoryRow } from './memory-row.js';
import { overviewRow } from './overview-row.js';
import { JOBS } from './recorded.js';

/** All processes of some jobs. */
export const fleet: Dashboard = {
  kind: 'fleet',
  title: 'Node.js vitals: the fleet',
  description:
    'Memory, garbage collection and file descriptors of all Node.js processes of some jobs, from the recording rules of rules/node-vitals.rules.yml (node-vitals.otlp.rules.yml for names with units), and the instances to look at.',
  matchers: JOBS,
  rows: spelling => [
    overviewRow,
    alertsRow(processAddress(spelling, 'line')),
    instancesRow({
      ofLine: processAddress(spelling, 'line'),
      ofSeries: processAddress(spelling, 'series'),
    }),
    memoryRow,
    gcRow,
    descriptorsRow,
  ],
};
