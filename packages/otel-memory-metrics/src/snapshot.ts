import type { CgroupEventCounts, ProcessMemory, StallSeconds } from 'otel-runtime-kit/linux';

/** What memory is watched for growth: the process's resident set, the live heap, what is outside of the heap. */
export const MEMORY_SIGNALS = ['rss', 'heap_live', 'external', 'native'] as const;

/** One of {@link MEMORY_SIGNALS}. */
export type MemorySignal = (typeof MEMORY_SIGNALS)[number];

/** What memory can run into. */
export const MEMORY_LIMITS = ['heap', 'container', 'host'] as const;

/** One of {@link MEMORY_LIMITS}. */
export type MemoryLimit = (typeof MEMORY_LIMITS)[number];

/** Memory of the process in bytes; `null` where the platform does not tell, or the latest reading failed. */
export type ProcessMemorySnapshot = ProcessMemory;

/** One space of the V8 heap, in bytes. */
export interface HeapSpaceSnapshot {
  readonly usedBytes: number;
  readonly sizeBytes: number;
  readonly availableBytes: number;
  readonly physicalBytes: number;
}

/** The V8 heap of this isolate, in bytes. */
export interface HeapSnapshot {
  readonly usedBytes: number;
  /** What V8 has taken from the system for the heap. */
  readonly sizeBytes: number;
  readonly limitBytes: number;
  /** Used / limit. */
  readonly utilization: number;
  /** Memory outside of the heap that objects on it hold, array buffers included. */
  readonly externalBytes: number;
  /** Array buffers and Buffers; `null` if it cannot be read now. */
  readonly arrayBufferBytes: number | null;
  readonly nativeContexts: number;
  readonly detachedContexts: number;
  /** By the names that this V8 has for them. */
  readonly spaces: Readonly<Record<string, HeapSpaceSnapshot>>;
}

/** The container: the memory cgroup of the process, which may hold other processes too. */
export interface ContainerMemorySnapshot {
  /** All that is charged to it, page cache too; `null` outside of a cgroup. */
  readonly usageBytes: number | null;
  /** Usage less inactive file pages: what the kubelet compares with the limit. */
  readonly workingSetBytes: number | null;
  /** Limit less working set, at least 0. */
  readonly availableBytes: number | null;
  /** The limit in force; `null` is unlimited. */
  readonly limitBytes: number | null;
  /** Where the limit is from: `limitBytes`, CONTAINER_MEMORY_LIMIT_MB, or the cgroup. */
  readonly limitSource: 'option' | 'environment' | 'cgroup' | null;
  /** The line above which the kernel throttles and reclaims (memory.high, cgroup v2); no limit. */
  readonly highBytes: number | null;
  /** Working set (resident set where there is no cgroup) / limit; 0 of a limit that was lifted. */
  readonly utilization: number | null;
  /** Since the cgroup was made; one that the kernel does not count is absent. */
  readonly events: CgroupEventCounts;
  /** Cgroup v2 only. */
  readonly stallSeconds: StallSeconds | null;
}

/** What is known of memory at one moment. Never changes once made. */
export interface MemorySnapshot {
  /** When it was read, in milliseconds since the Unix epoch; `null` before the first reading. */
  readonly takenAtMillis: number | null;
  /** `null` in a worker thread: the main thread speaks for the process. */
  readonly process: ProcessMemorySnapshot | null;
  readonly heap: HeapSnapshot | null;
  /** Heap in use after the latest major collection; `null` before the first. */
  readonly liveHeapBytes: number | null;
  /** Resident set − heap size − external: what neither V8 nor its objects account for. May be negative. */
  readonly nativeBytes: number | null;
  /** `null` outside of a container, in worker threads and in cluster workers. */
  readonly container: ContainerMemorySnapshot | null;
  /** Memory of the machine; `null` where it is not known. */
  readonly host: { readonly totalBytes: number; readonly availableBytes: number | null } | null;
  /**
   * Robust slope over the trend window, in bytes per second; `null` while there is too little evidence, 0 once it is known
   * no more.
   */
  readonly growthPerSecond: Readonly<Record<MemorySignal, number | null>>;
  /**
   * Seconds until each limit at the present growth, at most 7 days (604,800), which also means "not in sight"; `null`
   * where there has never been such a limit.
   */
  readonly timeToLimitSeconds: Readonly<Record<MemoryLimit, number | null>>;
}

/** Before the first reading. */
export const EMPTY_SNAPSHOT: MemorySnapshot = Object.freeze({
  takenAtMillis: null,
  process: null,
  heap: null,
  liveHeapBytes: null,
  nativeBytes: null,
  container: null,
  host: null,
  growthPerSecond: Object.freeze({ rss: null, heap_live: null, external: null, native: null }),
  timeToLimitSeconds: Object.freeze({ heap: null, container: null, host: null }),
});
