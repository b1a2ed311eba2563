import { CGROUP_EVENTS } from './cgroup-facts.js';
import type { CgroupEvent, CgroupEventCounts, CgroupFacts, CgroupFiles } from './cgroup-facts.js';
import { CgroupFile } from './cgroup-file.js';
import type { CgroupPart, CgroupProblem } from './cgroup-file.js';
import { keyedValue, lowestLimit, parseCount, parseLimit } from './cgroup-values.js';
import type { LimitValue } from './cgroup-values.js';
import { parseMemoryPressure } from './memory-pressure.js';
import type { StallSeconds } from './memory-pressure.js';

/** The lines of `memory.stat` that are needed, of some fifty. */
export interface MemoryStatV2 {
  readonly anonymousBytes: number | null;
  readonly inactiveFileBytes: number | null;
}

/**
 * Reads `memory.stat` of a v2 cgroup (https://docs.kernel.org/admin-guide/cgroup-v2.html#memory-interface-files).
 *
 * @returns `undefined` if it has neither line
 */
export function parseMemoryStatV2(text: string): MemoryStatV2 | undefined {
  const anonymous = keyedValue(text, 'anon');
  const inactiveFile = keyedValue(text, 'inactive_file');
  if (anonymous === undefined && inactiveFile === undefined) return undefined;
  return { anonymousBytes: anonymous ?? null, inactiveFileBytes: inactiveFile ?? null };
}

/**
 * Reads `memory.events` of a v2 cgroup.
 *
 * @returns `undefined` if it has none of the events
 */
export function parseMemoryEvents(text: string): CgroupEventCounts | undefined {
  const counts: Partial<Record<CgroupEvent, number>> = {};
  let found = false;
  for (const event of CGROUP_EVENTS) {
    const count = keyedValue(text, event);
    if (count === undefined) continue;
    counts[event] = count;
    found = true;
  }
  return found ? counts : undefined;
}

/** The memory files of a v2 cgroup and the limits of those above it. */
export class CgroupFilesV2 implements CgroupFiles {
  readonly #usage: CgroupFile<number>;
  readonly #stat: CgroupFile<MemoryStatV2>;
  readonly #limits: readonly CgroupFile<LimitValue>[];
  readonly #highs: readonly CgroupFile<LimitValue>[];
  readonly #swap: CgroupFile<number> | undefined;
  readonly #swapLimits: readonly CgroupFile<LimitValue>[];
  readonly #peak: CgroupFile<number> | undefined;
  readonly #events: CgroupFile<CgroupEventCounts> | undefined;
  readonly #pressure: CgroupFile<StallSeconds> | undefined;

  /**
   * @param directory of the cgroup
   * @param chain this directory and those above it that have limits
   */
  constructor(directory: string, chain: readonly string[]) {
    const limitsOf = (part: CgroupPart, name: string): CgroupFile<LimitValue>[] =>
      chain
        .map(folder => CgroupFile.openOptional({ part, path: `${folder}/${name}`, parse: parseLimit }))
        .filter(file => file !== undefined);
    this.#usage = new CgroupFile({ part: 'usage', path: `${directory}/memory.current`, parse: parseCount });
    this.#stat = new CgroupFile({
      part: 'stat',
      path: `${directory}/memory.stat`,
      parse: parseMemoryStatV2,
      sizeHint: 4096,
    });
    this.#limits = chain.map(
      folder => new CgroupFile({ part: 'limit', path: `${folder}/memory.max`, parse: parseLimit }),
    );
    this.#highs = limitsOf('high', 'memory.high');
    this.#swap = CgroupFile.openOptional({
      part: 'swap',
      path: `${directory}/memory.swap.current`,
      parse: parseCount,
    });
    this.#swapLimits = limitsOf('swap', 'memory.swap.max');
    this.#peak = CgroupFile.openOptional({
      part: 'peak',
      path: `${directory}/memory.peak`,
      parse: parseCount,
    });
    this.#events = CgroupFile.openOptional({
      part: 'events',
      path: `${directory}/memory.events`,
      parse: parseMemoryEvents,
      sizeHint: 256,
    });
    this.#pressure = CgroupFile.openOptional({
      part: 'pressure',
      path: `${directory}/memory.pressure`,
      parse: parseMemoryPressure,
      sizeHint: 256,
    });
  }

  read(problems: CgroupProblem[]): CgroupFacts {
    const stat = this.#stat.read(problems);
    const limitOf = (file: CgroupFile<LimitValue>): LimitValue => file.read(problems);
    return {
      usageBytes: this.#usage.read(problems) ?? null,
      anonymousBytes: stat?.anonymousBytes ?? null,
      inactiveFileBytes: stat?.inactiveFileBytes ?? null,
      limits: this.#limits.map(limitOf),
      highs: this.#highs.map(limitOf),
      swapBytes: this.#swap?.read(problems) ?? null,
      swapLimitBytes: lowestLimit(this.#swapLimits.map(limitOf)),
      peakBytes: this.#peak?.read(problems) ?? null,
      events: this.#events?.read(problems) ?? {},
      underOom: null,
      stallSeconds: this.#pressure?.read(problems) ?? null,
    };
  }

  close(): void {
    for (const file of [this.#usage, this.#stat, ...this.#limits, ...this.#highs, ...this.#swapLimits])
      file.close();
    for (const file of [this.#swap, this.#peak, this.#events, this.#pressure]) file?.close();
  }
}
