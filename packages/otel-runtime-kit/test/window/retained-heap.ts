import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

function collector(): () => void {
  const { gc } = globalThis;
  if (gc !== undefined) {
    return () => {
      gc();
    };
  }
  // So that the test cannot be skipped by forgetting --expose-gc.
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

const collectGarbage = collector();

function retainedBytes(): number {
  collectGarbage();
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/**
 * What V8 has in flight by itself (compiled code, feedback) moves the figure by up to 250 kB from run to run. The least
 * that three times 200,000 adds could retain, one slot of 8 bytes each, is 4.8 MB.
 */
export const TOLERATED_BYTES = 800_000;

/** How many bytes more are alive after three times `work`; it runs once beforehand, so that its code is compiled. */
export function retainedGrowth(work: () => void): number {
  work();
  const before = retainedBytes();
  for (let round = 0; round < 3; round++) work();
  return retainedBytes() - before;
}
