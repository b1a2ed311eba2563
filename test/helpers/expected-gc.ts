import { seriesName } from './sdk-metrics.js';
import type { SeriesValues } from './sdk-metrics.js';

/** The shape of a `GcSummary`, as far as it is looked at. Not imported: the packages' own tests use these helpers. */
export interface ShownGc {
  readonly forced: number;
  readonly pauses: { readonly p95Seconds: number | null; readonly maxSeconds: number | null };
  readonly utilization: Readonly<Record<string, number>>;
  readonly heapEffects: {
    readonly allocatedBytes: number;
    readonly promotedBytes: number;
    readonly reclaimedBytes: Readonly<Record<string, number>>;
  } | null;
  readonly liveHeapBytes: number | null;
  readonly liveHeapUtilization: number | null;
  readonly majorAgeSeconds: number | null;
}

/** What the observable instruments of otel-gc-instrumentation have to say after a tick, from the summary alone. */
export function expectedGcValues(shown: ShownGc): SeriesValues {
  const by = (name: string, key: string, values: Readonly<Record<string, number>>) =>
    Object.entries(values).map(([value, number]) => [seriesName(name, { [key]: value }), number] as const);
  // A type that this V8 does not have is no series.
  const reclaimed = Object.fromEntries(
    Object.entries(shown.heapEffects?.reclaimedBytes ?? {}).filter(([type]) => type !== 'unknown'),
  );
  const all: (readonly [string, number | null | undefined])[] = [
    ['vitals.gc.pause.p95', shown.pauses.p95Seconds ?? 0],
    ['vitals.gc.pause.max', shown.pauses.maxSeconds ?? 0],
    ['vitals.gc.forced', shown.forced],
    ...by('vitals.gc.utilization', 'vitals.window', shown.utilization),
    ...by('vitals.gc.reclaimed', 'v8js.gc.type', reclaimed),
    ['vitals.gc.promoted', shown.heapEffects?.promotedBytes],
    ['vitals.heap.allocated', shown.heapEffects?.allocatedBytes],
    ['vitals.heap.live', shown.liveHeapBytes],
    ['vitals.heap.live_utilization', shown.liveHeapUtilization],
    ['vitals.gc.major.age', shown.majorAgeSeconds],
  ];
  return Object.fromEntries(all.filter(([, value]) => typeof value === 'number'));
}
