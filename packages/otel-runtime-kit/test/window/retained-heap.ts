import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

function collector(): () => void {
  if (globalThis.gc !== undefined) return () => void globalThis.gc?.();
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

/** How many bytes more are alive after `work` than before it; run once beforehand, so that compiled code is there. */
export function retainedGrowth(work: () => void): number {
  work();
  const before = retainedBytes();
  work();
  return retainedBytes() - before;
}
