import { GC_READINGS, GC_TYPES } from 'otel-runtime-kit/gc';
import type { MetricDefinition } from 'otel-runtime-kit/otel';
import { DEFAULT_BUCKETS } from './options.js';

/** Attribute names of this package. */
export const ATTR_GC_TYPE = 'v8js.gc.type';
export const ATTR_WINDOW = 'vitals.window';

/** Windows of `vitals.gc.utilization`, by the value of {@link ATTR_WINDOW}. */
export const UTILIZATION_WINDOWS_MILLIS = { '1m': 60_000, '5m': 300_000 } as const;

/** Values of `vitals.reading` in `vitals.sampler.*` that this package causes, the shared source's included. */
export const GC_INSTRUMENTATION_READINGS = [...GC_READINGS, 'gc.summary'] as const;

const own = { stability: 'own', platforms: 'all' } as const;
const byType = { [ATTR_GC_TYPE]: GC_TYPES } as const;

/** Every instrument of this package: the source of the code, the README tables, the dashboards and the rules. */
export const metricDefinitions = {
  duration: {
    name: 'v8js.gc.duration',
    kind: 'histogram',
    unit: 's',
    description: 'Garbage collection duration.',
    attributes: byType,
    stability: 'development',
    platforms: 'all',
    source: '`PerformanceObserver`, every entry',
    buckets: DEFAULT_BUCKETS,
  },
  pauseP95: {
    ...own,
    name: 'vitals.gc.pause.p95',
    kind: 'observableGauge',
    unit: 's',
    description: '95th percentile of the pauses during the sliding window; 0 if there were none.',
    attributes: byType,
    source: 'nearest rank within 0.5 %, over all types; series with the attribute only with `pauseByType`',
  },
  pauseMaximum: {
    ...own,
    name: 'vitals.gc.pause.max',
    kind: 'observableGauge',
    unit: 's',
    description: 'Longest pause during the sliding window; 0 if there was none.',
    attributes: byType,
    source: 'exact, over all types; series with the attribute only with `pauseByType`',
  },
  forced: {
    ...own,
    name: 'vitals.gc.forced',
    kind: 'observableCounter',
    unit: '{gc}',
    description: 'Collections that somebody forced, as `global.gc()` does.',
    attributes: {},
    source: 'flags of the entries',
  },
  utilization: {
    ...own,
    name: 'vitals.gc.utilization',
    kind: 'observableGauge',
    unit: '1',
    description:
      'Share of the time that the thread stood still for collections; a lower bound of their cost.',
    attributes: { [ATTR_WINDOW]: ['1m', '5m'] },
    source: 'pause time / wall time',
  },
  reclaimed: {
    ...own,
    name: 'vitals.gc.reclaimed',
    kind: 'observableCounter',
    unit: 'By',
    description: 'Bytes of the heap that collections have freed.',
    attributes: byType,
    source: '`v8.GCProfiler`: heap before − after',
  },
  promoted: {
    ...own,
    name: 'vitals.gc.promoted',
    kind: 'observableCounter',
    unit: 'By',
    description: 'Bytes that survived the young generation and were moved to the old one.',
    attributes: {},
    source: '`v8.GCProfiler`: growth of the old spaces in minor collections',
  },
  allocated: {
    ...own,
    name: 'vitals.heap.allocated',
    kind: 'observableCounter',
    unit: 'By',
    description: 'Bytes allocated on the heap.',
    attributes: {},
    source: '`v8.GCProfiler`: heap before a collection − after the one before',
  },
  live: {
    ...own,
    name: 'vitals.heap.live',
    kind: 'observableGauge',
    unit: 'By',
    description: 'Heap in use after the latest major collection: what is really needed, without garbage.',
    attributes: {},
    source: 'heap used right after it; nothing before the first',
  },
  liveUtilization: {
    ...own,
    name: 'vitals.heap.live_utilization',
    kind: 'observableGauge',
    unit: '1',
    description: 'Heap in use after the latest major collection as a share of the heap limit.',
    attributes: {},
    source: 'live heap / `heap_size_limit`',
  },
  majorAge: {
    ...own,
    name: 'vitals.gc.major.age',
    kind: 'observableGauge',
    unit: 's',
    description: 'Time since the latest major collection: how fresh the live heap is.',
    attributes: {},
    source: 'the same collection; nothing before the first',
  },
} as const satisfies Record<string, MetricDefinition>;
