import {
  bytes,
  bytesPerMinute,
  count,
  duration,
  perMinute,
  percent,
  timeToLimit,
} from '../../src/page/number-words.js';
import type { PageData } from '../../src/page/page-data.js';

/** One number: what it is, its words, or why there is none. */
export interface NumberRow {
  readonly label: string;
  readonly metric: string;
  readonly read: (data: PageData) => number | null | undefined;
  readonly words: (value: number) => string;
  readonly none: (data: PageData) => string;
}

export interface NumberGroup {
  readonly title: string;
  readonly rows: readonly NumberRow[];
}

type Row = readonly [
  label: string,
  metric: string,
  read: NumberRow['read'],
  words: NumberRow['words'],
  none?: string,
];

const NOT_READ = 'not known here: the platform does not tell';
const NO_TREND = 'not known yet: too few samples';
const NO_MAJOR = 'not known yet: no major collection so far';
const attribute = (metric: string, name: string, value: string): string => `${metric}{${name}="${value}"}`;

const processRows: Row[] = [
  ['Resident set (RSS)', 'process.memory.usage', d => d.memory?.process?.residentBytes, bytes],
  ['Peak of it', 'vitals.memory.peak', d => d.memory?.process?.peakBytes, bytes],
  ['Anonymous part', resident('anon'), d => d.memory?.process?.anonymousBytes, bytes],
  ['Part from files', resident('file'), d => d.memory?.process?.fileBytes, bytes],
  ['Shared part', resident('shmem'), d => d.memory?.process?.sharedBytes, bytes],
  ['Swapped out', 'vitals.memory.swap', d => d.memory?.process?.swapBytes, bytes],
  ['Address space', 'process.memory.virtual', d => d.memory?.process?.virtualBytes, bytes],
  ['Outside of V8', 'vitals.memory.native', d => d.memory?.nativeBytes, bytes],
  ['Growth of RSS', growth('rss'), d => d.memory?.growthPerSecond.rss, bytesPerMinute, NO_TREND],
  [
    'Growth of the live heap',
    growth('heap_live'),
    d => d.memory?.growthPerSecond.heap_live,
    bytesPerMinute,
    NO_TREND,
  ],
  [
    'Growth of external memory',
    growth('external'),
    d => d.memory?.growthPerSecond.external,
    bytesPerMinute,
    NO_TREND,
  ],
  ['Growth outside of V8', growth('native'), d => d.memory?.growthPerSecond.native, bytesPerMinute, NO_TREND],
];

const heapRows: Row[] = [
  ['In use', 'vitals.heap.used', d => d.memory?.heap?.usedBytes, bytes],
  [
    'Live: in use after the last major collection',
    'vitals.heap.live',
    d => d.memory?.liveHeapBytes ?? d.gc?.liveHeapBytes,
    bytes,
    NO_MAJOR,
  ],
  ['Size', 'vitals.heap.size', d => d.memory?.heap?.sizeBytes, bytes],
  ['Limit', 'vitals.heap.limit', d => d.memory?.heap?.limitBytes, bytes],
  ['Used of the limit', 'vitals.heap.utilization', d => d.memory?.heap?.utilization, percent],
  ['External memory', 'vitals.memory.external', d => d.memory?.heap?.externalBytes, bytes],
  ['Array buffers', 'vitals.memory.array_buffers', d => d.memory?.heap?.arrayBufferBytes, bytes],
  [
    'Contexts',
    attribute('vitals.heap.context.count', 'vitals.context.state', 'native'),
    d => d.memory?.heap?.nativeContexts,
    count,
  ],
  [
    'Detached contexts',
    attribute('vitals.heap.context.count', 'vitals.context.state', 'detached'),
    d => d.memory?.heap?.detachedContexts,
    count,
  ],
  ['Time to the heap limit', timeTo('heap'), d => d.memory?.timeToLimitSeconds.heap, timeToLimit],
];

const containerRows: Row[] = [
  ['Working set', 'container.memory.working_set', d => d.memory?.container?.workingSetBytes, bytes],
  ['Usage, page cache included', 'container.memory.usage', d => d.memory?.container?.usageBytes, bytes],
  ['Limit', 'vitals.container.memory.limit', d => d.memory?.container?.limitBytes, bytes, 'no limit is set'],
  [
    'Available',
    'container.memory.available',
    d => d.memory?.container?.availableBytes,
    bytes,
    'not known here: needs a limit and a cgroup',
  ],
  [
    'Used of the limit',
    'vitals.container.memory.utilization',
    d => d.memory?.container?.utilization,
    percent,
    'no limit is set',
  ],
  ['Slowed down', containerEvent('high'), d => d.memory?.container?.events.high, count],
  ['Limit hit', containerEvent('max'), d => d.memory?.container?.events.max, count],
  ['Out of memory', containerEvent('oom'), d => d.memory?.container?.events.oom, count],
  ['Killed for want of memory', containerEvent('oom_kill'), d => d.memory?.container?.events.oom_kill, count],
  [
    'Time to the container limit',
    timeTo('container'),
    d => d.memory?.timeToLimitSeconds.container,
    timeToLimit,
    'no limit is set',
  ],
  ['Time until the machine is full', timeTo('host'), d => d.memory?.timeToLimitSeconds.host, timeToLimit],
];

const gcRows: Row[] = [
  ['Collections', 'v8js.gc.duration (count)', d => d.gc?.total.count, count],
  ['Time in them', 'v8js.gc.duration (sum)', d => d.gc?.total.pauseSeconds, duration],
  [
    'Major collections',
    attribute('v8js.gc.duration', 'v8js.gc.type', 'major'),
    d => d.gc?.byType.major.count,
    count,
  ],
  [
    'Minor collections',
    attribute('v8js.gc.duration', 'v8js.gc.type', 'minor'),
    d => d.gc?.byType.minor.count,
    count,
  ],
  ['Forced collections', 'vitals.gc.forced', d => d.gc?.forced, count],
  [
    'Pause, 95th percentile',
    'vitals.gc.pause.p95',
    d => d.gc?.pauses.p95Seconds,
    duration,
    'no collection lately',
  ],
  ['Longest pause', 'vitals.gc.pause.max', d => d.gc?.pauses.maxSeconds, duration, 'no collection lately'],
  [
    'Share of the last minute',
    attribute('vitals.gc.utilization', 'vitals.window', '1m'),
    d => d.gc?.utilization['1m'],
    percent,
  ],
  [
    'Share of the last five',
    attribute('vitals.gc.utilization', 'vitals.window', '5m'),
    d => d.gc?.utilization['5m'],
    percent,
  ],
  ['Allocated so far', 'vitals.heap.allocated', d => d.gc?.heapEffects?.allocatedBytes, bytes],
  ['Promoted so far', 'vitals.gc.promoted', d => d.gc?.heapEffects?.promotedBytes, bytes],
  ['Last major collection', 'vitals.gc.major.age', d => d.gc?.majorAgeSeconds, ago, NO_MAJOR],
];

const descriptorRows: Row[] = [
  ['Open', 'process.unix.file_descriptor.count', d => d.fd?.open, count],
  [
    'Soft limit',
    attribute('vitals.fd.limit', 'vitals.fd.limit.type', 'soft'),
    d => d.fd?.limit.soft,
    count,
    'unknown or unlimited',
  ],
  [
    'Hard limit',
    attribute('vitals.fd.limit', 'vitals.fd.limit.type', 'hard'),
    d => d.fd?.limit.hard,
    count,
    'unknown or unlimited',
  ],
  ['Used of the soft limit', 'vitals.fd.utilization', d => d.fd?.utilization, percent],
  ['Growth', 'vitals.fd.growth', d => d.fd?.growthPerSecond, perMinute, NO_TREND],
  [
    'Time to the soft limit',
    'vitals.fd.time_to_limit',
    d => (d.fd?.open == null || d.fd.limit.soft === null ? null : d.fd.timeToLimitSeconds),
    timeToLimit,
  ],
];

/** Every number of the page, in the order of the table. */
export const NUMBER_GROUPS: readonly NumberGroup[] = [
  group('Process', processRows, d =>
    d.memory === null
      ? 'memory is not watched'
      : d.memory.process === null
        ? 'the main thread speaks for the process'
        : null,
  ),
  group('V8 heap', heapRows, d => (d.memory === null ? 'memory is not watched' : null)),
  group('Container and machine', containerRows, d =>
    d.memory === null ? 'memory is not watched' : d.memory.container === null ? 'not in a container' : null,
  ),
  group('Garbage collection', gcRows, d => (d.gc === null ? 'garbage collection is not watched' : null)),
  group('Descriptors', descriptorRows, d => (d.fd === null ? 'descriptors are not watched' : null)),
];

function group(title: string, rows: readonly Row[], missing: (data: PageData) => string | null): NumberGroup {
  return {
    title,
    rows: rows.map(([label, metric, read, words, none = NOT_READ]) => ({
      label,
      metric,
      read,
      words,
      none: data => {
        const why = missing(data);
        return why === null ? none : `not known here: ${why}`;
      },
    })),
  };
}

function resident(kind: string): string {
  return attribute('vitals.memory.resident', 'vitals.memory.kind', kind);
}

function growth(signal: string): string {
  return attribute('vitals.memory.growth', 'vitals.memory.signal', signal);
}

function timeTo(limit: string): string {
  return attribute('vitals.memory.time_to_limit', 'vitals.memory.limit', limit);
}

function containerEvent(event: string): string {
  return attribute('vitals.container.memory.events', 'vitals.event', event);
}

function ago(seconds: number): string {
  return `${duration(seconds)} ago`;
}
