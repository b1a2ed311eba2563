import type { Dashboard } from '../dashboard.js';
import { containerRow } from './container-row.js';
import { descriptorsRow } from './descriptors-row.js';
import { gcRow } from './gc-row.js';
import { heapRow } from './heap-row.js';
import { memoryRow } from './memory-row.js';
import { overviewRow } from './overview-row.js';
import { samplerRow } from './sampler-row.js';

/** Everything about one process. */
export const oneProcess: Dashboard = {
  kind: 'one-process',
  title: 'Node.js vitals: one process',
  description:
    'Memory, garbage collection and file descriptors of one Node.js process: what grows, what it grows against, what collections cost.',
  matchers: 'job="$job",instance="$instance"',
  rows: () => [overviewRow, memoryRow, heapRow, containerRow, gcRow, descriptorsRow, samplerRow],
};
