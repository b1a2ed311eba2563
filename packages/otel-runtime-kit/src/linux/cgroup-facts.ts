import type { CgroupProblem } from './cgroup-file.js';
import type { LimitValue } from './cgroup-values.js';
import type { StallSeconds } from './memory-pressure.js';

/** What a memory cgroup counts, by the names that `memory.events` of v2 has for it. */
export const CGROUP_EVENTS = ['high', 'max', 'oom', 'oom_kill'] as const;

/** One of {@link CGROUP_EVENTS}. */
export type CgroupEvent = (typeof CGROUP_EVENTS)[number];

/** How often each has happened since the cgroup was made; one that this kernel does not count is absent. */
export type CgroupEventCounts = Readonly<Partial<Record<CgroupEvent, number>>>;

/** What the files of a memory cgroup say, in bytes; `null` or empty where they do not. */
export interface CgroupFacts {
  readonly usageBytes: number | null;
  readonly anonymousBytes: number | null;
  /** File pages that the kernel would give up first. */
  readonly inactiveFileBytes: number | null;
  /** Every limit that is in force here, its own and those above it. */
  readonly limits: readonly LimitValue[];
  /** Every soft line: above it the kernel slows the cgroup down and reclaims from it. */
  readonly highs: readonly LimitValue[];
  readonly swapBytes: number | null;
  readonly swapLimitBytes: number | null;
  readonly peakBytes: number | null;
  readonly events: CgroupEventCounts;
  /** Whether the cgroup is out of memory at this moment; only v1 tells. */
  readonly underOom: boolean | null;
  readonly stallSeconds: StallSeconds | null;
}

/** The files of a memory cgroup, held open. */
export interface CgroupFiles {
  /** Never throws: what cannot be read is missing, and why is added to `problems`. */
  read(problems: CgroupProblem[]): CgroupFacts;
  /** Gives the descriptors back. */
  close(): void;
}
