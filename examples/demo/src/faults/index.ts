import { alwaysControl } from './always-control.js';
import { bufferLeak } from './buffer-leak.js';
import type { Fault } from './fault.js';
import { fileLeak } from './file-leak.js';
import { gcChurn } from './gc-churn.js';
import { heapLeak } from './heap-leak.js';
import { noneControl } from './none-control.js';
import { socketLeak } from './socket-leak.js';

/** Every fault that `--fault` knows. A new one is one file and one line here. */
export const faults: readonly Fault[] = [
  socketLeak,
  fileLeak,
  heapLeak,
  bufferLeak,
  gcChurn,
  noneControl,
  alwaysControl,
];

/** What runs unless `--fault` says otherwise: every fault, and none of the controls. */
export const tour: readonly Fault[] = faults.filter(({ isControl }) => !isControl);

/** The fault of that name. */
export function findFault(name: string): Fault | undefined {
  return faults.find(fault => fault.name === name);
}
