import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { threadId } from 'node:worker_threads';
import type { ProcessView } from './owner.js';

/** What this process can see, from /proc; elsewhere the numbers of processes alone. */
export function thisProcessView(): ProcessView {
  return {
    self: {
      pid: process.pid,
      threadId,
      startTime: startTimeOf(process.pid) ?? '',
      bootId: textOf(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
      pidNamespace: textOf(() => readlinkSync('/proc/self/ns/pid')),
      hostname: hostname(),
    },
    startTimeOf,
  };
}

function startTimeOf(pid: number): string | undefined {
  if (process.platform !== 'linux') return isAlive(pid) ? '' : undefined;
  try {
    return parseStartTime(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Field 22 of /proc/PID/stat. The name of the program, in brackets, may have blanks and brackets of its own.
 *
 * @returns undefined of a process that has ended too: its entry stays, state Z, until its parent asks for it, which one that is process 1
 * of a container may never do
 */
export function parseStartTime(stat: string): string | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as { code?: string }).code === 'EPERM';
  }
}

function textOf(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
