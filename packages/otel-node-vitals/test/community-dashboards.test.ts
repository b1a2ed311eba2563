import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { repositoryRoot } from 'test-helpers/repository';
import { maximumDescriptors } from '../src/prom-client-names.js';
import { promClientViews } from '../src/prom-client-views.js';

/** The panels of the community's dashboards, and the metrics that their queries ask for. */
const DASHBOARDS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  '11159': {
    'Process CPU Usage': ['process_cpu_user_seconds_total', 'process_cpu_system_seconds_total'],
    'Event Loop Lag': ['nodejs_eventloop_lag_seconds'],
    'Node.js Version': ['nodejs_version_info'],
    'Process Restart Times': ['process_start_time_seconds'],
    'Process Memory Usage': [
      'process_resident_memory_bytes',
      'nodejs_heap_size_total_bytes',
      'nodejs_heap_size_used_bytes',
      'nodejs_external_memory_bytes',
    ],
    'Active Handlers/Requests Total': ['nodejs_active_handles_total', 'nodejs_active_requests_total'],
    'Heap Total Detail': ['nodejs_heap_space_size_total_bytes'],
    'Heap Used Detail': ['nodejs_heap_space_size_used_bytes'],
    'Heap Available Detail': ['nodejs_heap_space_size_available_bytes'],
  },
  '11956': {
    'Nodejs Version': ['nodejs_version_info'],
    'Active Requests': ['nodejs_active_requests', 'nodejs_active_requests_total'],
    'Active Handles': ['nodejs_active_handles', 'nodejs_active_handles_total'],
    'Process Heap': ['process_heap_bytes'],
    'Process start time': ['process_start_time_seconds'],
    'Max file descriptors': ['process_max_fds'],
    'Open file descriptors': ['process_open_fds'],
    '% CPU usage': [
      'process_cpu_user_seconds_total',
      'process_cpu_system_seconds_total',
      'process_cpu_seconds_total',
    ],
    'Event loop lag': ['nodejs_eventloop_lag_seconds'],
    'External Memory': ['nodejs_external_memory_bytes'],
    'Heap size': ['nodejs_heap_size_total_bytes', 'nodejs_heap_size_used_bytes'],
    'Process Memory': ['process_resident_memory_bytes', 'process_virtual_memory_bytes'],
    'Heap Space: Total': ['nodejs_heap_space_size_total_bytes'],
    Available: ['nodejs_heap_space_size_available_bytes'],
    Used: ['nodejs_heap_space_size_used_bytes'],
  },
};

const readme = readFileSync(join(repositoryRoot, 'packages', 'otel-node-vitals', 'README.md'), 'utf8');
const ours = new Set([maximumDescriptors.name, ...promClientViews().map(({ name }) => name)]);

describe('the panels of community dashboards', () => {
  for (const [id, panels] of Object.entries(DASHBOARDS)) {
    it(`work in ${id} as the README says: those of which every metric is ours, and no other`, () => {
      const [, , working = '', others = ''] = rowOf(id);
      const works = ([, names]: [string, readonly string[]]): boolean => names.every(name => ours.has(name));
      const entries = Object.entries(panels);
      expect(working.split(', ')).to.have.members(entries.filter(works).map(([panel]) => panel));
      expect(others.split(', ')).to.have.members(
        entries.filter(entry => !works(entry)).map(([panel]) => panel),
      );
    });

    it(`want of ${id} nothing that the README does not speak of`, () => {
      const foreign = Object.values(panels)
        .flat()
        .filter(name => !ours.has(name));
      const told = wordsOnTheOthers();
      expect(told.length).to.be.greaterThan(4);
      expect(foreign.filter(name => !told.some(pattern => pattern.test(name)))).to.deep.equal([]);
    });
  }
});

/** Cells of the README's row on a dashboard; the first is empty. */
function rowOf(id: string): string[] {
  const row = readme.split('\n').find(line => line.startsWith(`| [${id}]`));
  expect(row, `no row on ${id}`).to.be.a('string');
  return row!.split('|').map(cell => cell.trim());
}

/** The names, some with a star, of what the README says that others have to provide. */
function wordsOnTheOthers(): RegExp[] {
  const [item = ''] = /- \*\*What the others need\*\*[^]*?(?=\n- )/.exec(readme) ?? [];
  return [...item.matchAll(/`([a-z_]+\*?)`/g)].map(
    ([, name = '']) => new RegExp(`^${name.replace('*', '.*')}$`),
  );
}
