import { LINUX } from '../absent.js';
import { MEMORY_GROWTH, TIME_TO_MEMORY_LIMIT } from '../alert-thresholds.js';
import type { Row } from '../grafana/json.js';
import { limitLine, peakLine } from '../grafana/overrides.js';
import { timeSeries } from '../grafana/time-series.js';
import { limitInSight } from '../limit-in-sight.js';
import { SHORTEST_SECONDS, timeToLimit } from '../time-to-limit.js';
import { BYTES, MEBIBYTES_PER_MINUTE, SECONDS } from '../units.js';

const half = { width: 12, height: 9 } as const;
const third = { width: 8, height: 8 } as const;
const low = { width: 12, height: 6 } as const;

/** What the memory of the process consists of, how it grows, and what it grows against. */
export const memoryRow: Row = {
  title: 'Memory',
  panels: [
    timeSeries({
      ...half,
      title: 'Resident set and its limit',
      description:
        'Physical memory of the process, the most that it ever had, and the limit of the container at which the kernel kills it without a word. The limit is drawn when a quarter of it is taken, and not outside of a container.',
      unit: BYTES,
      queries: [
        { query: 'max(<process.memory.usage>)', legend: 'resident set' },
        { query: 'max(<vitals.memory.peak>)', legend: 'peak' },
        {
          query: limitInSight('max(<vitals.container.memory.limit>)', 'max(<process.memory.usage>)'),
          legend: 'container limit',
        },
      ],
      overrides: [limitLine('container limit'), peakLine('peak')],
    }),
    timeSeries({
      ...half,
      title: 'Resident memory by kind',
      description:
        'Together they are the resident set. anon is heap and everything allocated; file is code and mapped files, which the kernel can drop; shmem is shared memory, a tmpfs included. Linux only.',
      unit: BYTES,
      stacked: true,
      noValue: LINUX,
      queries: [
        {
          query: 'max by (vitals_memory_kind) (<vitals.memory.resident>)',
          legend: '{{vitals_memory_kind}}',
        },
      ],
    }),
    timeSeries({
      ...third,
      title: 'Outside of the heap',
      description:
        'External memory is held by objects on the heap; array buffers (Buffers too) are a part of it. Native is what neither explains: code, stacks, libraries, the fragments of the allocator. Below 0 it says that the others are not all resident.',
      unit: BYTES,
      queries: [
        { query: 'max(<vitals.memory.external>)', legend: 'external' },
        { query: 'max(<vitals.memory.array_buffers>)', legend: 'array buffers' },
        { query: 'max(<vitals.memory.native>)', legend: 'native' },
      ],
    }),
    timeSeries({
      ...third,
      title: 'Growth',
      description:
        'Slope over the trend window (30 minutes by default), robust against spikes. The dashed lines are for the resident set; its parts are alerted on at half of that, and only with it.',
      unit: MEBIBYTES_PER_MINUTE,
      thresholds: MEMORY_GROWTH,
      queries: [
        {
          query: 'max by (vitals_memory_signal) (<vitals.memory.growth>) * 60 / 1048576',
          legend: '{{vitals_memory_signal}}',
        },
      ],
    }),
    timeSeries({
      ...third,
      title: 'Time to limit',
      description:
        'Until each limit is reached at the present growth; red within ten minutes, orange within an hour. A week is the most that is said, and also means: not in sight, or no trend yet. Less than ten seconds is drawn as ten.',
      unit: SECONDS,
      thresholds: TIME_TO_MEMORY_LIMIT,
      logarithmicFrom: SHORTEST_SECONDS,
      queries: [
        {
          query: timeToLimit('min by (vitals_memory_limit) (<vitals.memory.time_to_limit>)'),
          legend: '{{vitals_memory_limit}}',
        },
      ],
    }),
    timeSeries({
      ...low,
      title: 'Swapped out',
      description:
        'Memory of the process that the kernel has written to disk. Collections touch all of the heap, so that any of it makes them slow. Linux only.',
      unit: BYTES,
      noValue: LINUX,
      queries: [{ query: 'max(<vitals.memory.swap>)', legend: 'swap' }],
    }),
    timeSeries({
      ...low,
      title: 'Address space',
      description:
        'What the process has reserved, not what it takes: V8 reserves gigabytes and uses little of them. Only steady growth is of interest. Linux only.',
      unit: BYTES,
      noValue: LINUX,
      queries: [{ query: 'max(<process.memory.virtual>)', legend: 'virtual' }],
    }),
  ],
};
