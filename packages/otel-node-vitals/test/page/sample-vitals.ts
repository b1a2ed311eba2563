import type { FdSnapshot } from 'otel-fd-watch';
import type { GcSummary } from 'otel-gc-instrumentation';
import type { MemorySnapshot } from 'otel-memory-metrics';

const MIB = 1024 ** 2;
export const HORIZON_SECONDS = 604_800;

type Deep<Type> = {
  readonly [Key in keyof Type]?: Type[Key] extends object | null
    ? Deep<NonNullable<Type[Key]>> | null
    : Type[Key];
};

/** A snapshot of memory with everything known, in a container of 512 MiB; what is given stands in its place. */
export function memorySnapshot(given: Deep<MemorySnapshot> = {}): MemorySnapshot {
  return over<MemorySnapshot>(
    {
      takenAtMillis: 1_800_000_000_000,
      process: {
        residentBytes: 182 * MIB,
        peakBytes: 190 * MIB,
        virtualBytes: 1_100 * MIB,
        anonymousBytes: 130 * MIB,
        fileBytes: 52 * MIB,
        sharedBytes: 0,
        swapBytes: 0,
      },
      heap: {
        usedBytes: 96 * MIB,
        sizeBytes: 110 * MIB,
        limitBytes: 2_096 * MIB,
        utilization: 96 / 2_096,
        externalBytes: 12 * MIB,
        arrayBufferBytes: 9 * MIB,
        nativeContexts: 1,
        detachedContexts: 0,
        spaces: {},
      },
      liveHeapBytes: 80 * MIB,
      nativeBytes: 60 * MIB,
      container: {
        usageBytes: 260 * MIB,
        workingSetBytes: 200 * MIB,
        availableBytes: 312 * MIB,
        limitBytes: 512 * MIB,
        limitSource: 'cgroup',
        highBytes: null,
        utilization: 200 / 512,
        events: { high: 0, max: 3, oom: 0, oom_kill: 0 },
        stallSeconds: null,
      },
      host: { totalBytes: 16_384 * MIB, availableBytes: 9_000 * MIB },
      growthPerSecond: { rss: 0, heap_live: 0, external: 0, native: 0 },
      timeToLimitSeconds: { heap: HORIZON_SECONDS, container: HORIZON_SECONDS, host: HORIZON_SECONDS },
    },
    given,
  );
}

export function gcSummary(given: Deep<GcSummary> = {}): GcSummary {
  const none = { count: 0, pauseSeconds: 0 };
  const bytes = { minor: 700 * MIB, major: 200 * MIB, incremental: 0, weakcb: 0, unknown: 0 };
  return over<GcSummary>(
    {
      takenAtMillis: 1_800_000_000_000,
      total: { count: 1_234, pauseSeconds: 3.21 },
      byType: {
        minor: { count: 1_200, pauseSeconds: 2 },
        major: { count: 34, pauseSeconds: 1.21 },
        incremental: none,
        weakcb: none,
        unknown: none,
      },
      forced: 2,
      pauses: { count: 300, p95Seconds: 0.0043, maxSeconds: 0.0141 },
      pausesByType: null,
      utilization: { '1m': 0.0123, '5m': 0.0087 },
      heapEffects: {
        allocatedBytes: 1_000 * MIB,
        promotedBytes: 40 * MIB,
        reclaimedBytes: bytes,
        measuredGcs: 1_234,
        estimatedGcs: 0,
      },
      liveHeapBytes: 80 * MIB,
      liveHeapUtilization: 80 / 2_096,
      majorAgeSeconds: 12,
      source: { pauses: 'observer', heapEffects: 'measuring' },
    },
    given,
  );
}

export function fdSnapshot(given: Deep<FdSnapshot> = {}): FdSnapshot {
  return over<FdSnapshot>(
    {
      takenAtMillis: 1_800_000_000_000,
      open: 58,
      limit: { soft: 1_024, hard: 524_288 },
      utilization: 58 / 1_024,
      growthPerSecond: 0,
      timeToLimitSeconds: HORIZON_SECONDS,
      byKind: {
        file: 25,
        socket: 17,
        pipe: 9,
        device: 1,
        eventpoll: 3,
        eventfd: 3,
        io_uring: 0,
        inotify: 0,
        other: 0,
      },
      byKindTakenAtMillis: 1_800_000_000_000,
      byKindSampled: false,
      connections: null,
      pressure: { ratio: false, count: false },
    },
    given,
  );
}

function over<Type>(sample: Type, given: unknown): Type {
  if (typeof given !== 'object' || given === null || typeof sample !== 'object' || sample === null) {
    return given as Type;
  }
  const merged = { ...sample } as Record<string, unknown>;
  for (const [key, value] of Object.entries(given)) merged[key] = over(merged[key], value);
  return merged as Type;
}
