import type { HeapSnapshot, ProcessMemorySnapshot } from './snapshot.js';

/**
 * Resident memory that V8 does not account for: code, stacks, malloc's arenas and their holes, shared array buffers,
 * worker threads. Negative where heap or external memory is not resident: swapped out, or never written to.
 */
export function nativeBytes(process: ProcessMemorySnapshot | null, heap: HeapSnapshot | null): number | null {
  if (process?.residentBytes == null || heap === null) return null;
  return process.residentBytes - heap.sizeBytes - heap.externalBytes;
}
