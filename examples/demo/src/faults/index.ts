import { alwaysControl } from './always-control.js';
import type { Fault } from './fault.js';
import { fileLeak } from './file-leak.js';
import { noneControl } from './none-control.js';
import { socketLeak } from './socket-leak.js';

/** Every fault that `--fault` knows. A new one is one file and one line here. */
export const faults: readonly Fault[] = [socketLeak, fileLeak, noneControl, alwaysControl];

/** The fault of that name. */
export function findFault(name: string): Fault | undefined {
  return faults.find(fault => fault.name === name);
}
