import type { HeapSnapshot, HeapSpaceSnapshot } from './snapshot.js';
import type { V8HeapSpaceStatistics, V8Memory } from './v8-memory.js';

/**
 * Reads the heap of this isolate. Needs no file, and so works when no descriptor is left.
 *
 * @param arrayBufferBytes read by itself, as that does need one
 */
export function readHeap(v8: V8Memory, arrayBufferBytes: number | null): HeapSnapshot {
  const heap = v8.heapStatistics();
  return Object.freeze({
    usedBytes: heap.used_heap_size,
    sizeBytes: heap.total_heap_size,
    limitBytes: heap.heap_size_limit,
    utilization: heap.used_heap_size / heap.heap_size_limit,
    externalBytes: heap.external_memory,
    arrayBufferBytes,
    nativeContexts: heap.number_of_native_contexts,
    detachedContexts: heap.number_of_detached_contexts,
    spaces: Object.freeze(
      Object.fromEntries(v8.heapSpaces().map(space => [space.space_name, spaceOf(space)])),
    ),
  });
}

function spaceOf(space: V8HeapSpaceStatistics): HeapSpaceSnapshot {
  return Object.freeze({
    usedBytes: space.space_used_size,
    sizeBytes: space.space_size,
    availableBytes: space.space_available_size,
    physicalBytes: space.physical_space_size,
  });
}
