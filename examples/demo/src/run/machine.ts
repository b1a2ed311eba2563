import { execFileSync } from 'node:child_process';
import { getHeapStatistics } from 'node:v8';

/** What the machine lets a process have. By other means than those of the packages, whose numbers are compared with it. */
export interface Machine {
  /** Open descriptors; Infinity where there is no limit. */
  readonly descriptorLimit: number;
  /** Of this process's V8 heap; the service is started with the same flags and hence has the same. */
  readonly heapLimitBytes: number;
  /** Memory that a process may still take, by the words of libuv, which knows of containers. */
  readonly availableBytes: number;
}

/** Asks the shell, V8 and libuv. */
export function thisMachine(): Machine {
  return {
    descriptorLimit: shellDescriptorLimit(),
    heapLimitBytes: getHeapStatistics().heap_size_limit,
    availableBytes: process.availableMemory(),
  };
}

/**
 * The limit of open descriptors, in the words of the shell, which inherits it. Node has by now raised its own soft
 * limit to the hard one, as it has in the service.
 */
function shellDescriptorLimit(): number {
  if (process.platform === 'win32') return Infinity;
  const text = execFileSync('/bin/sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).trim();
  return text === 'unlimited' ? Infinity : Number(text);
}
