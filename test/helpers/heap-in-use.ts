import { getHeapCodeStatistics } from 'node:v8';

/** Bytes of the heap in use, without compiled code: that comes and goes as V8 sees fit. */
function liveBytes(): number {
  const { code_and_metadata_size: machineCode, bytecode_and_metadata_size: bytecode } =
    getHeapCodeStatistics();
  return process.memoryUsage().heapUsed - machineCode - bytecode;
}

/**
 * Bytes of the heap that are really in use, after collections.
 *
 * @throws Error without --expose-gc
 */
export async function heapInUse(): Promise<number> {
  if (globalThis.gc === undefined) throw new Error('needs node --expose-gc');
  let least = Infinity;
  // Weak references and compiled code that is no longer used take several collections and turns of the loop.
  for (let round = 0; round < 8; round += 1) {
    globalThis.gc();
    await new Promise(resolve => setImmediate(resolve));
    least = Math.min(least, liveBytes());
  }
  return least;
}
