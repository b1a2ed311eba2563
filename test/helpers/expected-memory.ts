import { seriesName } from './sdk-metrics.js';
import type { SeriesValues } from './sdk-metrics.js';

type Numbers = Readonly<Record<string, number | null>>;

/** The shape of a `MemorySnapshot`, as far as it is looked at. Not imported: the packages' own tests use these helpers. */
export interface ShownMemory {
  readonly process: {
    readonly residentBytes: number | null;
    readonly peakBytes: number | null;
    readonly virtualBytes: number | null;
    readonly anonymousBytes: number | null;
    readonly fileBytes: number | null;
    readonly sharedBytes: number | null;
    readonly swapBytes: number | null;
  } | null;
  readonly heap: {
    readonly usedBytes: number;
    readonly sizeBytes: number;
    readonly limitBytes: number;
    readonly utilization: number;
    readonly externalBytes: number;
    readonly arrayBufferBytes: number | null;
    readonly nativeContexts: number;
    readonly detachedContexts: number;
    readonly spaces: Readonly<Record<string, { readonly usedBytes: number; readonly sizeBytes: number }>>;
  } | null;
  readonly nativeBytes: number | null;
  readonly container: {
    readonly usageBytes: number | null;
    readonly workingSetBytes: number | null;
    readonly availableBytes: number | null;
    readonly limitBytes: number | null;
    readonly utilization: number | null;
    readonly events: Readonly<Record<string, number | undefined>>;
    readonly stallSeconds: { readonly some: number | null; readonly full: number | null } | null;
  } | null;
  readonly growthPerSecond: Numbers;
  readonly timeToLimitSeconds: Numbers;
}

/** What the instruments of otel-memory-metrics have to say after a tick, from the snapshot alone. */
export function expectedMemoryValues(shown: ShownMemory): SeriesValues {
  const { process, heap, container } = shown;
  const by = (name: string, key: string, values: Readonly<Record<string, number | null | undefined>>) =>
    Object.entries(values).map(([value, number]) => [seriesName(name, { [key]: value }), number] as const);
  const spaces = Object.entries(heap?.spaces ?? {});
  const all: (readonly [string, number | null | undefined])[] = [
    ['process.memory.usage', process?.residentBytes],
    ['process.memory.virtual', process?.virtualBytes],
    ['vitals.memory.peak', process?.peakBytes],
    ['vitals.memory.swap', process?.swapBytes],
    ...by('vitals.memory.resident', 'vitals.memory.kind', {
      anon: process?.anonymousBytes,
      file: process?.fileBytes,
      shmem: process?.sharedBytes,
    }),
    ...by(
      'v8js.memory.heap.used',
      'v8js.heap.space.name',
      Object.fromEntries(spaces.map(([space, { usedBytes }]) => [space, usedBytes])),
    ),
    ...by(
      'v8js.memory.heap.space.size',
      'v8js.heap.space.name',
      Object.fromEntries(spaces.map(([space, { sizeBytes }]) => [space, sizeBytes])),
    ),
    ['vitals.heap.used', heap?.usedBytes],
    ['vitals.heap.size', heap?.sizeBytes],
    ['vitals.heap.limit', heap?.limitBytes],
    ['vitals.heap.utilization', heap?.utilization],
    ['vitals.memory.external', heap?.externalBytes],
    ['vitals.memory.array_buffers', heap?.arrayBufferBytes],
    ['vitals.memory.native', shown.nativeBytes],
    ...by('vitals.heap.context.count', 'vitals.context.state', {
      native: heap?.nativeContexts,
      detached: heap?.detachedContexts,
    }),
    ['container.memory.usage', container?.usageBytes],
    ['container.memory.working_set', container?.workingSetBytes],
    ['container.memory.available', container?.availableBytes],
    ['vitals.container.memory.limit', container?.limitBytes],
    ['vitals.container.memory.utilization', container?.utilization],
    ...by('vitals.container.memory.events', 'vitals.event', container?.events ?? {}),
    ...by('vitals.container.memory.stall.time', 'vitals.stall.scope', { ...container?.stallSeconds }),
    ...by('vitals.memory.growth', 'vitals.memory.signal', shown.growthPerSecond),
    ...by('vitals.memory.time_to_limit', 'vitals.memory.limit', shown.timeToLimitSeconds),
  ];
  return Object.fromEntries(all.filter(([, value]) => typeof value === 'number'));
}
