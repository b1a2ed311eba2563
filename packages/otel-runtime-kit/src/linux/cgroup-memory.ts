import { readFileSync } from 'node:fs';
import type { CgroupEventCounts, CgroupFiles } from './cgroup-facts.js';
import { isNotOffered } from './cgroup-file.js';
import type { CgroupProblem } from './cgroup-file.js';
import { CgroupFilesV1 } from './cgroup-memory-v1.js';
import { CgroupFilesV2 } from './cgroup-memory-v2.js';
import { findMemoryCgroup } from './cgroup-place.js';
import type { CgroupRoots, MemoryCgroup } from './cgroup-place.js';
import { effectiveLimit } from './cgroup-values.js';
import { parseHostMemory } from './host-memory.js';
import type { StallSeconds } from './memory-pressure.js';

/** The memory of a cgroup, which may hold more processes than this one. `null` is "none" or "cannot be told". */
export interface CgroupMemoryReading {
  readonly version: 1 | 2;
  /** All that is charged to the cgroup and those below it, page cache too. */
  readonly usageBytes: number | null;
  /** Usage less inactive file pages, at least 0: what the kubelet compares with the limit and evicts by. */
  readonly workingSetBytes: number | null;
  readonly anonymousBytes: number | null;
  /** The lowest limit from here to the highest cgroup that can be seen; `null` is unlimited. */
  readonly limitBytes: number | null;
  /** The lowest `memory.high`, above which the kernel throttles and reclaims; it is not a limit. v2 only. */
  readonly highBytes: number | null;
  /** Limit less working set, at least 0. */
  readonly availableBytes: number | null;
  readonly swapBytes: number | null;
  /** Most swap that can be used; 0 is "none may be used", `null` is unlimited. */
  readonly swapLimitBytes: number | null;
  /** Highest usage there has been. */
  readonly peakBytes: number | null;
  readonly events: CgroupEventCounts;
  /** Whether the cgroup is out of memory at this moment, its tasks held up. v1 only. */
  readonly underOom: boolean | null;
  /** v2 only. */
  readonly stallSeconds: StallSeconds | null;
  /** Why parts are missing that should be there; empty as a rule. */
  readonly problems: readonly CgroupProblem[];
}

/** What {@link CgroupMemory.open} needs to know. */
export interface CgroupMemoryOptions extends CgroupRoots {
  /** Memory of the host in bytes, above which a limit is none. Default: MemTotal of `/proc/meminfo`. */
  readonly hostTotalBytes?: number;
}

/** Reads the memory cgroup of this process from files that are held open, also when no descriptor is left. */
export class CgroupMemory {
  /** Which cgroup it is. */
  readonly cgroup: MemoryCgroup;
  readonly #files: CgroupFiles;
  readonly #hostTotalBytes: number;
  #isGone = false;

  /**
   * @returns `undefined` where there is no memory cgroup but the root: not Linux, no controller, no container
   * @throws EMFILE, ENFILE or ENOMEM if there is no way to look now: try again later
   */
  static open(options: CgroupMemoryOptions = {}): CgroupMemory | undefined {
    const cgroup = findMemoryCgroup(options);
    if (cgroup === undefined) return undefined;
    return CgroupMemory.at(cgroup, options);
  }

  /** Opens the files of a cgroup that was found with the same options. */
  static at(cgroup: MemoryCgroup, options: CgroupMemoryOptions): CgroupMemory {
    return new CgroupMemory(cgroup, options.hostTotalBytes ?? hostTotalBytes(options.procRoot ?? '/proc'));
  }

  /** @param hostTotalBytes `Infinity` if it is not known */
  constructor(cgroup: MemoryCgroup, hostTotalBytes: number) {
    this.cgroup = cgroup;
    this.#hostTotalBytes = hostTotalBytes;
    const Files = cgroup.version === 1 ? CgroupFilesV1 : CgroupFilesV2;
    this.#files = new Files(cgroup.directory, cgroup.chain);
  }

  /** Whether the latest reading missed files that every such cgroup has: it was removed, or has its controller no more. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** Never throws: what cannot be read is `null`, and why is in `problems`. */
  read(): CgroupMemoryReading {
    const problems: CgroupProblem[] = [];
    const { inactiveFileBytes, limits, highs, ...facts } = this.#files.read(problems);
    this.#isGone = problems.some(({ error }) => isNotOffered(error));
    const { usageBytes } = facts;
    const workingSetBytes =
      usageBytes === null || inactiveFileBytes === null ? null : Math.max(0, usageBytes - inactiveFileBytes);
    const limitBytes = effectiveLimit(limits, this.#hostTotalBytes);
    return {
      version: this.cgroup.version,
      ...facts,
      workingSetBytes,
      limitBytes,
      highBytes: effectiveLimit(highs, this.#hostTotalBytes),
      availableBytes:
        limitBytes === null || workingSetBytes === null ? null : Math.max(0, limitBytes - workingSetBytes),
      problems,
    };
  }

  /** Gives every descriptor back. */
  close(): void {
    this.#files.close();
  }
}

function hostTotalBytes(procRoot: string): number {
  try {
    return parseHostMemory(readFileSync(`${procRoot}/meminfo`, 'latin1'))?.totalBytes ?? Infinity;
  } catch {
    return Infinity;
  }
}
