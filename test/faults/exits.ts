import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** A process that was started, as those who end it from outside see it. */
export interface Victim {
  /** Of the program itself, not of what has started it. */
  readonly pid: number;
  /** Sends it a signal. */
  kill(signal: NodeJS.Signals): void;
  /** Sends it and all that it has started a signal. */
  killGroup(signal: NodeJS.Signals): void;
  readonly hasEnded: boolean;
}

/** One way for a process to end. */
export interface Exit {
  readonly name: string;
  /** What the program is told: one of `fixtures/endings.ts`, or what `fixtures/service.ts` does itself. */
  readonly ending: string;
  /** What is done to it once it has accepted everything. Ends with what counts as the moment of the end. */
  readonly act?: (victim: Victim, ended: () => void) => Promise<void> | void;
  readonly nodeArgs?: readonly string[];
  /** Runs in a memory cgroup of so many bytes. */
  readonly cgroupBytes?: number;
  /** Is the first process of a PID namespace. */
  readonly isFirstProcess?: boolean;
  /** Processes and threads that emit. */
  readonly emitters?: readonly string[];
  /** Those that are ended without a last word: what they have counted since the last checkpoint is gone. Default: none. */
  readonly silenced?: readonly string[];
  /** Items that are emitted at the very end. */
  readonly late?: readonly string[];
  /** The guard's way of ending differs from that of the plain program, and why. */
  readonly differs?: { readonly how: string; readonly because: string };
}

const GRACE_MILLIS = 400;

function signalled(signal: NodeJS.Signals): Exit {
  return {
    name: signal,
    ending: 'stay',
    act(victim, ended) {
      ended();
      victim.kill(signal);
    },
  };
}

/** Every way that the guard is made for. */
export const EXITS: readonly Exit[] = [
  { name: 'end of the loop', ending: 'loop end' },
  { name: 'process.exit() in a callback', ending: 'exit in a callback' },
  { name: 'process.exit() in a promise', ending: 'exit in a promise' },
  { name: 'process.exit() in an exit listener', ending: 'exit in an exit listener' },
  { name: 'an exit listener emits, then throws', ending: 'exit listener emits and throws', late: ['late-0'] },
  signalled('SIGTERM'),
  signalled('SIGINT'),
  signalled('SIGHUP'),
  {
    name: 'SIGTERM, twice',
    ending: 'stay',
    async act(victim, ended) {
      ended();
      victim.kill('SIGTERM');
      await delay(200);
      if (victim.hasEnded) return;
      ended();
      victim.kill('SIGTERM');
    },
  },
  {
    name: 'SIGTERM, the host listens and exits',
    ending: 'host listens',
    act(victim, ended) {
      ended();
      victim.kill('SIGTERM');
    },
  },
  { name: 'uncaught exception', ending: 'uncaught exception' },
  { name: 'unhandled rejection', ending: 'unhandled rejection' },
  {
    name: 'blocked loop, SIGTERM, then SIGKILL',
    ending: 'blocked loop',
    silenced: ['main'],
    async act(victim, ended) {
      await delay(100);
      victim.kill('SIGTERM');
      await delay(GRACE_MILLIS);
      if (victim.hasEnded) return;
      ended();
      victim.kill('SIGKILL');
    },
    differs: {
      how: 'SIGKILL',
      because: 'a listener for SIGTERM, any listener, waits for the loop; without one the first signal kills',
    },
  },
  { ...signalled('SIGKILL'), silenced: ['main'] },
  {
    name: 'heap out of memory',
    ending: 'heap out of memory',
    nodeArgs: ['--max-old-space-size=40'],
    silenced: ['main'],
  },
  {
    name: 'cgroup out of memory',
    ending: 'cgroup out of memory',
    cgroupBytes: 160 * 1_048_576,
    silenced: ['main'],
  },
  { name: 'abort()', ending: 'abort', silenced: ['main'] },
  {
    name: 'SIGTERM as PID 1',
    ending: 'stay',
    isFirstProcess: true,
    async act(victim, ended) {
      ended();
      victim.kill('SIGTERM');
      // As whoever stops a container does when nothing happens.
      await delay(1_600);
      if (!victim.hasEnded) victim.killGroup('SIGKILL');
    },
    differs: { how: '143', because: 'the kernel ignores the signal without a listener, until SIGKILL' },
  },
  {
    name: 'cluster, SIGTERM to all',
    ending: 'cluster',
    emitters: ['main', 'worker1', 'worker2'],
    act(victim, ended) {
      ended();
      victim.killGroup('SIGTERM');
    },
  },
  { name: 'process.exit() in a worker thread', ending: 'thread exits', emitters: ['main', 'thread'] },
  {
    name: 'worker thread terminated',
    ending: 'thread is terminated',
    emitters: ['main', 'thread'],
    silenced: ['thread'],
  },
];

/** The only child of a process; `unshare --fork` has one. */
export function childOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ')[0]);
}
