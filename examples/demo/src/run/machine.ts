import { execFileSync } from 'node:child_process';

/** What the machine lets a process have. By other means than those of the packages, whose numbers are compared with it. */
export interface Machine {
  /** Open descriptors; Infinity where there is no limit. */
  readonly descriptorLimit: number;
  /** Of the V8 heap of a process with the flags of the service. */
  readonly heapLimitBytes: number;
  /** Memory that a process may still take, by the words of libuv, which knows of containers. */
  readonly availableBytes: number;
}

/**
 * Asks the shell, V8 and libuv.
 *
 * @param v8Flags of the service, in addition to this process's own
 */
export function thisMachine(v8Flags: readonly string[]): Machine {
  return {
    descriptorLimit: shellDescriptorLimit(),
    heapLimitBytes: heapLimitBytes(v8Flags),
    availableBytes: process.availableMemory(),
  };
}

/** What another process says: some flags (the size of the young generation is one) change the limit. */
function heapLimitBytes(v8Flags: readonly string[]): number {
  const args = [...process.execArgv, ...v8Flags, '--print', 'v8.getHeapStatistics().heap_size_limit'];
  return Number(execFileSync(process.execPath, args, { encoding: 'utf8' }));
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
