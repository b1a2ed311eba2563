import { megabytes } from '../number-format.js';
import type { Machine } from '../run/machine.js';
import type { Room } from './fault.js';

/** Share of what is left that a leak may use: there are others on the machine. */
const SHARE = 0.4;

/** How often so many bytes can be leaked outside of the heap. */
export function memoryRoom({ availableBytes }: Machine, bytesEach: number): Room {
  return {
    faultyRequests: (SHARE * availableBytes) / bytesEach,
    limitedBy: `free memory of ${megabytes(availableBytes)} MB`,
    remedy: 'free some',
  };
}

/** How often so many bytes can be leaked on the heap, which counts as memory too. */
export function heapRoom(machine: Machine, bytesEach: number): Room {
  if (machine.heapLimitBytes >= machine.availableBytes) return memoryRoom(machine, bytesEach);
  return {
    faultyRequests: (SHARE * machine.heapLimitBytes) / bytesEach,
    limitedBy: `the heap limit of ${megabytes(machine.heapLimitBytes)} MB`,
    remedy: 'raise it (NODE_OPTIONS=--max-old-space-size=…)',
  };
}
