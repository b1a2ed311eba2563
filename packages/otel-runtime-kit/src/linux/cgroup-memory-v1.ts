import type { CgroupEvent, CgroupFacts, CgroupFiles } from './cgroup-facts.js';
import { CgroupFile } from './cgroup-file.js';
import type { CgroupProblem } from './cgroup-file.js';
import { keyedValue, limitOf, parseCount, parseLimit } from './cgroup-values.js';
import type { LimitValue } from './cgroup-values.js';

/** The lines of `memory.stat` that are needed. */
export interface MemoryStatV1 {
  /** `total_rss`: anonymous memory, this cgroup's and that of those below it. */
  readonly anonymousBytes: number | null;
  /** `total_inactive_file`. */
  readonly inactiveFileBytes: number | null;
  /** `total_swap`; `null` without swap accounting. */
  readonly swapBytes: number | null;
  /** `hierarchical_memory_limit`: the lowest from here to the root, seen or not. */
  readonly limit: LimitValue;
  /** `hierarchical_memsw_limit`: the same of memory and swap together. */
  readonly withSwapLimit: LimitValue;
}

/**
 * Reads `memory.stat` of a v1 cgroup (https://docs.kernel.org/admin-guide/cgroup-v1/memory.html#stat-file).
 *
 * @returns `undefined` if it has neither of the lines that make the working set
 */
export function parseMemoryStatV1(text: string): MemoryStatV1 | undefined {
  const anonymous = keyedValue(text, 'total_rss');
  const inactiveFile = keyedValue(text, 'total_inactive_file');
  if (anonymous === undefined && inactiveFile === undefined) return undefined;
  return {
    anonymousBytes: anonymous ?? null,
    inactiveFileBytes: inactiveFile ?? null,
    swapBytes: keyedValue(text, 'total_swap') ?? null,
    limit: limitOf(keyedValue(text, 'hierarchical_memory_limit')),
    withSwapLimit: limitOf(keyedValue(text, 'hierarchical_memsw_limit')),
  };
}

/** What `memory.oom_control` tells. */
export interface OomControl {
  readonly underOom: boolean | null;
  /** Processes killed; Linux 4.13 and later. */
  readonly kills: number | null;
}

/** Reads `memory.oom_control` of a v1 cgroup; `undefined` if it has neither line. */
export function parseOomControl(text: string): OomControl | undefined {
  const underOom = keyedValue(text, 'under_oom');
  const kills = keyedValue(text, 'oom_kill');
  if (underOom === undefined && kills === undefined) return undefined;
  return { underOom: underOom === undefined ? null : underOom !== 0, kills: kills ?? null };
}

/** The memory files of a v1 cgroup and the limits of those above it. */
export class CgroupFilesV1 implements CgroupFiles {
  readonly #usage: CgroupFile<number>;
  readonly #stat: CgroupFile<MemoryStatV1>;
  readonly #limits: readonly CgroupFile<LimitValue>[];
  readonly #peak: CgroupFile<number> | undefined;
  readonly #failures: CgroupFile<number> | undefined;
  readonly #oomControl: CgroupFile<OomControl> | undefined;

  /**
   * @param directory of the cgroup
   * @param chain this directory and those above it whose limits count here
   */
  constructor(directory: string, chain: readonly string[]) {
    this.#usage = new CgroupFile({
      part: 'usage',
      path: `${directory}/memory.usage_in_bytes`,
      parse: parseCount,
    });
    this.#stat = new CgroupFile({
      part: 'stat',
      path: `${directory}/memory.stat`,
      parse: parseMemoryStatV1,
      sizeHint: 4096,
    });
    this.#limits = chain.map(
      folder => new CgroupFile({ part: 'limit', path: `${folder}/memory.limit_in_bytes`, parse: parseLimit }),
    );
    this.#peak = CgroupFile.openOptional({
      part: 'peak',
      path: `${directory}/memory.max_usage_in_bytes`,
      parse: parseCount,
    });
    this.#failures = CgroupFile.openOptional({
      part: 'events',
      path: `${directory}/memory.failcnt`,
      parse: parseCount,
    });
    this.#oomControl = CgroupFile.openOptional({
      part: 'events',
      path: `${directory}/memory.oom_control`,
      parse: parseOomControl,
      sizeHint: 128,
    });
  }

  read(problems: CgroupProblem[]): CgroupFacts {
    const stat = this.#stat.read(problems);
    const oomControl = this.#oomControl?.read(problems);
    const failures = this.#failures?.read(problems);
    const events: Partial<Record<CgroupEvent, number>> = {};
    if (failures !== undefined) events.max = failures;
    if (typeof oomControl?.kills === 'number') events.oom_kill = oomControl.kills;
    return {
      usageBytes: this.#usage.read(problems) ?? null,
      anonymousBytes: stat?.anonymousBytes ?? null,
      inactiveFileBytes: stat?.inactiveFileBytes ?? null,
      limits: [stat?.limit, ...this.#limits.map(file => file.read(problems))],
      // v1's soft limit only guides global reclaim: nothing slows down at it.
      highs: [],
      swapBytes: stat?.swapBytes ?? null,
      swapLimitBytes: swapLimit(stat),
      peakBytes: this.#peak?.read(problems) ?? null,
      events,
      underOom: oomControl?.underOom ?? null,
      // The pressure that a hybrid host tells is that of a v2 cgroup, which may hold quite other processes.
      stallSeconds: null,
    };
  }

  close(): void {
    for (const file of [this.#usage, this.#stat, ...this.#limits]) file.close();
    for (const file of [this.#peak, this.#failures, this.#oomControl]) file?.close();
  }
}

/** v1 limits memory and swap together: swap can take what is left when memory is at its own limit. */
function swapLimit(stat: MemoryStatV1 | undefined): number | null {
  if (typeof stat?.limit !== 'number' || typeof stat.withSwapLimit !== 'number') return null;
  return Math.max(0, stat.withSwapLimit - stat.limit);
}
