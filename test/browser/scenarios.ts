import { fdSnapshot, gcSummary, memorySnapshot } from './page-server.js';
import type { PageData } from './page-server.js';

type Vitals = Pick<PageData, 'memory' | 'gc' | 'fd'>;

const MIB = 1024 ** 2;
const HORIZON_SECONDS = 604_800;
/** The same waves every time, so that two pictures can be compared. */
const wave = (share: number, turns: number): number => Math.sin(share * turns * 2 * Math.PI);

/** Nothing grows. */
export function healthy(share: number): Vitals {
  const saw = (share * 60) % 1;
  return {
    memory: memorySnapshot({
      process: { residentBytes: (150 + 6 * wave(share, 3)) * MIB },
      heap: { usedBytes: (60 + 25 * saw) * MIB },
      liveHeapBytes: 58 * MIB,
      container: { workingSetBytes: (158 + 6 * wave(share, 3)) * MIB },
    }),
    gc: gcSummary({
      pauses: { p95Seconds: 0.003 + 0.0006 * wave(share, 9), maxSeconds: 0.011 },
      utilization: { '1m': 0.012 + 0.004 * wave(share, 14), '5m': 0.011 + 0.001 * wave(share, 4) },
      takenAtMillis: 1_800_000_000_000 + share * 1_800_000,
      heapEffects: { allocatedBytes: (share * 60_000 + 60 * wave(share, 12)) * MIB },
    }),
    fd: fdSnapshot({ open: Math.round(52 + 6 * wave(share, 7)) }),
  };
}

/** The heap grows towards the container's limit, and descriptors leak. */
export function leaking(share: number): Vitals {
  const quiet = healthy(share);
  const grown = 230 * share;
  const open = Math.round(60 + 420 * share + 5 * wave(share, 30));
  return {
    memory: memorySnapshot({
      ...quiet.memory,
      process: { residentBytes: (150 + grown + 6 * wave(share, 3)) * MIB },
      heap: { usedBytes: (60 + grown + 25 * ((share * 60) % 1)) * MIB },
      liveHeapBytes: (58 + grown) * MIB,
      container: { workingSetBytes: (158 + grown + 6 * wave(share, 3)) * MIB },
      growthPerSecond: { rss: 0.128 * MIB, heap_live: 0.126 * MIB, external: 0, native: -40 },
      timeToLimitSeconds: { heap: 14_200, container: 970, host: HORIZON_SECONDS },
    }),
    gc: gcSummary({
      ...quiet.gc,
      pauses: { p95Seconds: 0.003 + 0.02 * share, maxSeconds: 0.02 + 0.05 * Math.floor(share * 5) },
      utilization: { '1m': 0.012 + 0.06 * share ** 2, '5m': 0.011 + 0.05 * share ** 2 },
    }),
    fd: fdSnapshot({
      open,
      utilization: open / 1_024,
      growthPerSecond: 0.233,
      timeToLimitSeconds: 2_340,
      byKind: { file: 12, socket: open - 40, pipe: 9 },
    }),
  };
}

/** Instrumentations that run, and can tell nothing: another platform, before the first sample. */
export const nothingKnown: Vitals = {
  memory: memorySnapshot({
    takenAtMillis: null,
    process: null,
    heap: null,
    liveHeapBytes: null,
    nativeBytes: null,
    container: null,
    host: null,
    growthPerSecond: { rss: null, heap_live: null, external: null, native: null },
    timeToLimitSeconds: { heap: null, container: null, host: null },
  }),
  gc: null,
  fd: fdSnapshot({
    takenAtMillis: null,
    open: null,
    limit: { soft: null, hard: null },
    utilization: null,
    growthPerSecond: null,
    byKind: null,
    byKindTakenAtMillis: null,
  }),
};
