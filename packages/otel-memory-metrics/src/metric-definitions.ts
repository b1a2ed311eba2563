import { CGROUP_EVENTS } from 'otel-runtime-kit/linux';
import type { MetricDefinition } from 'otel-runtime-kit/otel';
import { MEMORY_LIMITS, MEMORY_SIGNALS } from './snapshot.js';

/** Attribute names of this package. */
export const ATTR_MEMORY_KIND = 'vitals.memory.kind';
export const ATTR_HEAP_SPACE = 'v8js.heap.space.name';
export const ATTR_CONTEXT_STATE = 'vitals.context.state';
export const ATTR_EVENT = 'vitals.event';
export const ATTR_STALL_SCOPE = 'vitals.stall.scope';
export const ATTR_MEMORY_SIGNAL = 'vitals.memory.signal';
export const ATTR_MEMORY_LIMIT = 'vitals.memory.limit';

/** Values of `vitals.reading` in `vitals.sampler.*` that are this package's. */
export const MEMORY_READINGS = [
  'memory.process',
  'memory.heap',
  'memory.array_buffers',
  'memory.container',
  'memory.host',
] as const;

/** Heap spaces of V8 in Node.js 20 to 26; each version has 9 to 13 of them. Another one is reported by its name too. */
export const HEAP_SPACES = [
  'read_only_space',
  'new_space',
  'old_space',
  'code_space',
  'shared_space',
  'trusted_space',
  'shared_trusted_space',
  'new_large_object_space',
  'large_object_space',
  'code_large_object_space',
  'shared_large_object_space',
  'shared_trusted_large_object_space',
  'trusted_large_object_space',
] as const;

const LINUX = ['linux'] as const;
const STATUS = 'of the same read of `/proc/self/status`';

const bytes = { kind: 'observableUpDownCounter', unit: 'By', attributes: {} } as const;
const share = { kind: 'observableGauge', unit: '1', attributes: {}, stability: 'own' } as const;
const heapSpace = {
  ...bytes,
  attributes: { [ATTR_HEAP_SPACE]: HEAP_SPACES },
  stability: 'development',
  platforms: 'all',
} as const;
const cgroup = { ...bytes, stability: 'release candidate', platforms: LINUX } as const;

/** Every instrument of this package: the source of the code, the README tables, the dashboards and the rules. */
export const metricDefinitions = {
  usage: {
    ...bytes,
    name: 'process.memory.usage',
    description: 'Physical memory in use by the process: resident set size.',
    stability: 'release candidate',
    source: 'VmRSS of `/proc/self/status`, held open; elsewhere `process.memoryUsage.rss()`',
    platforms: 'all',
  },
  virtual: {
    ...bytes,
    name: 'process.memory.virtual',
    description: 'Size of the address space of the process.',
    stability: 'release candidate',
    source: `VmSize ${STATUS}`,
    platforms: LINUX,
  },
  peak: {
    ...bytes,
    kind: 'observableGauge',
    name: 'vitals.memory.peak',
    description: 'Highest resident set size that the process has had.',
    stability: 'own',
    source: `VmHWM ${STATUS}; elsewhere \`process.resourceUsage().maxRSS\``,
    platforms: 'all',
  },
  resident: {
    ...bytes,
    name: 'vitals.memory.resident',
    description: 'Resident memory by kind; the sum is the resident set size.',
    attributes: { [ATTR_MEMORY_KIND]: ['anon', 'file', 'shmem'] },
    stability: 'own',
    source: `RssAnon, RssFile, RssShmem ${STATUS}`,
    platforms: LINUX,
  },
  swap: {
    ...bytes,
    name: 'vitals.memory.swap',
    description: 'Memory of the process that is swapped out.',
    stability: 'own',
    source: `VmSwap ${STATUS}`,
    platforms: LINUX,
  },
  heapSpaceUsed: {
    ...heapSpace,
    name: 'v8js.memory.heap.used',
    description: 'Heap memory in use, by heap space.',
    source: 'space_used_size of `v8.getHeapSpaceStatistics()`',
  },
  heapSpaceSize: {
    ...heapSpace,
    name: 'v8js.memory.heap.space.size',
    description: 'Heap memory taken from the system, by heap space.',
    source: 'space_size of `v8.getHeapSpaceStatistics()`',
  },
  heapSpaceAvailable: {
    ...heapSpace,
    name: 'v8js.memory.heap.space.available_size',
    description: 'Heap memory that is free in a heap space.',
    source: 'space_available_size of `v8.getHeapSpaceStatistics()`',
    optIn: 'heapSpaceDetails',
  },
  heapSpacePhysical: {
    ...heapSpace,
    name: 'v8js.memory.heap.space.physical_size',
    description: 'Physical memory of a heap space.',
    source: 'physical_space_size of `v8.getHeapSpaceStatistics()`',
    optIn: 'heapSpaceDetails',
  },
  heapUsed: {
    ...bytes,
    name: 'vitals.heap.used',
    description: 'Heap memory in use, live or not yet collected.',
    stability: 'own',
    source: 'used_heap_size of `v8.getHeapStatistics()`',
    platforms: 'all',
  },
  heapSize: {
    ...bytes,
    name: 'vitals.heap.size',
    description: 'Heap memory taken from the system.',
    stability: 'own',
    source: 'total_heap_size of `v8.getHeapStatistics()`',
    platforms: 'all',
  },
  heapLimit: {
    ...bytes,
    name: 'vitals.heap.limit',
    description: 'Size of the heap at which V8 ends the process.',
    stability: 'own',
    source: 'heap_size_limit of `v8.getHeapStatistics()` (`--max-old-space-size` and the young generation)',
    platforms: 'all',
  },
  heapUtilization: {
    ...share,
    name: 'vitals.heap.utilization',
    description: 'Heap memory in use as a share of the limit.',
    source: 'used / limit',
    platforms: 'all',
  },
  external: {
    ...bytes,
    name: 'vitals.memory.external',
    description: 'Memory outside of the heap that is held by objects on it; array buffers included.',
    stability: 'own',
    source: 'external_memory of `v8.getHeapStatistics()`',
    platforms: 'all',
  },
  arrayBuffers: {
    ...bytes,
    name: 'vitals.memory.array_buffers',
    description: 'Memory of array buffers, shared ones and Buffers.',
    stability: 'own',
    source: 'arrayBuffers of `process.memoryUsage()`, which needs a free descriptor',
    platforms: 'all',
  },
  native: {
    ...bytes,
    kind: 'observableGauge',
    name: 'vitals.memory.native',
    description:
      'Resident memory that neither the heap nor its external memory accounts for; negative if they are not all resident.',
    stability: 'own',
    source: 'resident set size − heap size − external',
    platforms: 'all',
  },
  contexts: {
    kind: 'observableUpDownCounter',
    unit: '{context}',
    name: 'vitals.heap.context.count',
    description: 'V8 contexts; detached ones that do not go away are a leak.',
    attributes: { [ATTR_CONTEXT_STATE]: ['native', 'detached'] },
    stability: 'own',
    source: 'number_of_native_contexts and number_of_detached_contexts of `v8.getHeapStatistics()`',
    platforms: 'all',
  },
  containerUsage: {
    ...cgroup,
    name: 'container.memory.usage',
    description: 'Memory that is charged to the container, page cache included.',
    source: 'memory.current; v1: memory.usage_in_bytes',
  },
  containerWorkingSet: {
    ...cgroup,
    name: 'container.memory.working_set',
    description: 'Memory of the container that cannot simply be given back.',
    source: 'usage − inactive_file, as the kubelet has it',
  },
  containerAvailable: {
    ...cgroup,
    name: 'container.memory.available',
    description: 'Memory that the container may still take.',
    source: 'limit − working set',
  },
  containerLimit: {
    ...bytes,
    name: 'vitals.container.memory.limit',
    description: 'Memory limit that is in force for the container.',
    stability: 'own',
    source:
      '`limitBytes`, else `CONTAINER_MEMORY_LIMIT_MB`, else the lowest limit of the cgroup and those above it',
    platforms: 'all',
  },
  containerUtilization: {
    ...share,
    name: 'vitals.container.memory.utilization',
    description: 'Memory of the container as a share of its limit.',
    source: 'working set / limit; where there is no cgroup, resident set size / limit',
    platforms: 'all',
  },
  containerEvents: {
    kind: 'observableCounter',
    unit: '{event}',
    name: 'vitals.container.memory.events',
    description:
      'How often the container was slowed down (high), hit its limit (max), ran out of memory, lost a process.',
    attributes: { [ATTR_EVENT]: CGROUP_EVENTS },
    stability: 'own',
    source: 'memory.events; v1: memory.failcnt (max), memory.oom_control (oom_kill)',
    platforms: LINUX,
  },
  containerStallTime: {
    kind: 'observableCounter',
    unit: 's',
    name: 'vitals.container.memory.stall.time',
    description: 'Time in which some or all tasks of the container stood still for want of memory.',
    attributes: { [ATTR_STALL_SCOPE]: ['some', 'full'] },
    stability: 'own',
    source: 'totals of memory.pressure (cgroup v2)',
    platforms: LINUX,
  },
  growth: {
    kind: 'observableGauge',
    unit: 'By/s',
    name: 'vitals.memory.growth',
    description: 'Growth of memory: robust slope over the trend window.',
    attributes: { [ATTR_MEMORY_SIGNAL]: MEMORY_SIGNALS },
    stability: 'own',
    source: 'Theil–Sen slope over at most 60 blocks of samples',
    platforms: 'all',
  },
  timeToLimit: {
    kind: 'observableGauge',
    unit: 's',
    name: 'vitals.memory.time_to_limit',
    description:
      'Time until a limit at the present growth; at most 7 days, which also means: not in sight, or no trend yet.',
    attributes: { [ATTR_MEMORY_LIMIT]: MEMORY_LIMITS },
    stability: 'own',
    source: '(limit − current) / growth; live heap, working set of the container, MemAvailable of the host',
    platforms: 'all',
  },
} as const satisfies Record<string, MetricDefinition>;
