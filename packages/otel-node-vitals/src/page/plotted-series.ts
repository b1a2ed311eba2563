import type { Vitals } from './page-data.js';

/** Numbers whose past is kept, in the order of a history's columns. */
export const PLOTTED = [
  'rss',
  'heapUsed',
  'heapLive',
  'external',
  'container',
  'pauseP95',
  'pauseMax',
  'gcShare1m',
  'gcShare5m',
  'allocationRate',
  'descriptors',
] as const;

/** One of {@link PLOTTED}. */
export type PlottedName = (typeof PLOTTED)[number];

/** Points of the latest samples: 360 of 5 s are half an hour. */
export const RECENT_POINTS = 360;

/** Points of everything since the start: a day of samples is 270 of them with 5 minutes each, or up to 480. */
export const WHOLE_POINTS = 480;

/** Columns of which the peak must survive when samples are put together; of the others the mean is kept. */
export const PEAKS: readonly boolean[] = PLOTTED.map(name => name.startsWith('pause'));

/** The plotted numbers of one moment; NaN where a number is not known. Bytes, seconds, shares, bytes a second, descriptors. */
export function plottedRow({ memory, gc, fd }: Vitals, allocationRate: number | null): number[] {
  const row: Record<PlottedName, number | null | undefined> = {
    rss: memory?.process?.residentBytes,
    heapUsed: memory?.heap?.usedBytes,
    heapLive: memory?.liveHeapBytes ?? gc?.liveHeapBytes,
    external: memory?.heap?.externalBytes,
    container: memory?.container?.workingSetBytes,
    pauseP95: gc?.pauses.p95Seconds,
    pauseMax: gc?.pauses.maxSeconds,
    gcShare1m: gc?.utilization['1m'],
    gcShare5m: gc?.utilization['5m'],
    allocationRate,
    descriptors: fd?.open,
  };
  return PLOTTED.map(name => row[name] ?? NaN);
}
