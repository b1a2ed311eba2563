import type { GcTotals } from './gc-source-types.js';
import { GC_TYPES } from './gc-type.js';
import type { GcType } from './gc-type.js';
import type { HeapEffect } from './heap-effect.js';

/** A measured collection's weight in the mean of its type: the mean is that of some 16 lately. */
const NEWEST_WEIGHT = 1 / 16;

/** What a collection of one type does on average. */
interface MeanEffect {
  count: number;
  allocatedBytes: number;
  reclaimedBytes: number;
  promotedBytes: number;
}

/**
 * Adds up what collections do to the heap. What was allocated between two collections is the difference between what
 * was used before the second and after the first.
 *
 * A collection that nobody measured counts with the mean of those of its type, so that a rate does not fall to 0
 * while the profiler rests; how many those are is told. Where none of its type was measured yet, it counts with the first
 * that is.
 */
export class EffectAccount {
  #allocatedBytes = 0;
  #promotedBytes = 0;
  #measuredGcs = 0;
  #estimatedGcs = 0;
  readonly #reclaimedBytes = byType(() => 0);
  readonly #means = byType<MeanEffect>(() => ({
    count: 0,
    allocatedBytes: 0,
    reclaimedBytes: 0,
    promotedBytes: 0,
  }));
  /** Collections that were estimated before there was anything to estimate by. */
  readonly #owed = byType(() => 0);
  /** Used after the latest collection that is known; `undefined` while nobody measures. */
  #usedBytes: number | undefined;
  /** The most that was allocated so far with what had come since the latest collection. */
  #toldBytes = 0;
  /** As last told, while no collection has come since. */
  #reclaimedTold: Readonly<Record<GcType, number>> | undefined;

  get measuredGcs(): number {
    return this.#measuredGcs;
  }

  /** Never falls, and never more than was allocated. */
  get allocatedBytes(): number {
    return Math.round(Math.max(this.#toldBytes, this.#allocatedBytes));
  }

  /** From now on every collection is measured. */
  begin(usedBytes: number): void {
    this.#usedBytes = usedBytes;
  }

  /** From now on none is. */
  end(usedBytes: number): void {
    this.#allocatedBytes += this.#sinceLatest(usedBytes);
    this.#usedBytes = undefined;
  }

  /**
   * Takes in what has been allocated since the latest collection. Told only, not added up: there may have been
   * collections that are not known yet, and their records are going to say it again, and better.
   */
  stand(usedBytes: number): void {
    // The most, as a counter must not fall.
    this.#toldBytes = Math.max(this.#toldBytes, this.#allocatedBytes + this.#sinceLatest(usedBytes));
  }

  measured({ type, beforeBytes, afterBytes, promotedBytes }: HeapEffect): void {
    const allocatedBytes = this.#sinceLatest(beforeBytes);
    this.#usedBytes = afterBytes;
    const reclaimedBytes = Math.max(0, beforeBytes - afterBytes);
    this.#add(type, { allocatedBytes, reclaimedBytes, promotedBytes });
    this.#measuredGcs += 1;
    const mean = this.#means[type];
    mean.count += 1;
    const weight = Math.max(NEWEST_WEIGHT, 1 / mean.count);
    mean.allocatedBytes += (allocatedBytes - mean.allocatedBytes) * weight;
    mean.reclaimedBytes += (reclaimedBytes - mean.reclaimedBytes) * weight;
    mean.promotedBytes += (promotedBytes - mean.promotedBytes) * weight;
    for (; this.#owed[type] > 0; this.#owed[type] -= 1) this.#add(type, mean);
  }

  estimated(type: GcType): void {
    if (this.#means[type].count === 0) this.#owed[type] += 1;
    else this.#add(type, this.#means[type]);
    this.#estimatedGcs += 1;
  }

  totals(): GcTotals {
    return {
      allocatedBytes: this.allocatedBytes,
      promotedBytes: Math.round(this.#promotedBytes),
      reclaimedBytes: (this.#reclaimedTold ??= Object.freeze(
        byType(type => Math.round(this.#reclaimedBytes[type])),
      )),
      measuredGcs: this.#measuredGcs,
      estimatedGcs: this.#estimatedGcs,
    };
  }

  #sinceLatest(usedBytes: number): number {
    return this.#usedBytes === undefined ? 0 : Math.max(0, usedBytes - this.#usedBytes);
  }

  #add(type: GcType, effect: Omit<MeanEffect, 'count'>): void {
    this.#reclaimedTold = undefined;
    this.#allocatedBytes += effect.allocatedBytes;
    this.#reclaimedBytes[type] += effect.reclaimedBytes;
    this.#promotedBytes += effect.promotedBytes;
  }
}

function byType<Value>(make: (type: GcType) => Value): Record<GcType, Value> {
  return Object.fromEntries(GC_TYPES.map(type => [type, make(type)])) as Record<GcType, Value>;
}
