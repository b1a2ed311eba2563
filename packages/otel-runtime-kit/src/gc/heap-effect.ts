import type { GcRecord, HeapMoment } from './gc-platform.js';
import { gcTypeOfName } from './gc-type.js';
import type { GcType } from './gc-type.js';

/** What one collection did to the heap; bytes. */
export interface HeapEffect {
  readonly type: GcType;
  /** How long JavaScript stood still for it. */
  readonly seconds: number;
  /** Used just before and just after. */
  readonly beforeBytes: number;
  readonly afterBytes: number;
  /** Outside of the heap, held by objects on it, just before and just after. */
  readonly externalBeforeBytes: number;
  readonly externalAfterBytes: number;
  /** Moved out of the young generation; 0 for all but minor collections. */
  readonly promotedBytes: number;
}

/** The spaces of the young generation; all others together are the old one. */
const YOUNG_SPACES: ReadonlySet<string> = new Set(['new_space', 'new_large_object_space']);

/** A record of `v8.GCProfiler` as a {@link HeapEffect}. */
export function heapEffectOf(record: GcRecord): HeapEffect {
  const type = gcTypeOfName(record.gcType);
  return {
    type,
    seconds: record.cost / 1e6,
    beforeBytes: record.beforeGC.heapStatistics.usedHeapSize,
    afterBytes: record.afterGC.heapStatistics.usedHeapSize,
    externalBeforeBytes: record.beforeGC.heapStatistics.externalMemory ?? 0,
    externalAfterBytes: record.afterGC.heapStatistics.externalMemory ?? 0,
    // During a major one the old generation shrinks, and what is promoted into it cannot be told apart.
    promotedBytes: type === 'minor' ? Math.max(0, oldBytes(record.afterGC) - oldBytes(record.beforeGC)) : 0,
  };
}

function oldBytes({ heapSpaceStatistics }: HeapMoment): number {
  let bytes = 0;
  for (const { spaceName, spaceUsedSize } of heapSpaceStatistics) {
    if (!YOUNG_SPACES.has(spaceName)) bytes += spaceUsedSize;
  }
  return bytes;
}
