import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { RealCgroup } from 'test-helpers/real-cgroup';
import { childOf } from './exits.js';
import type { Exit, Victim } from './exits.js';
import type { ServiceSettings } from './settings.js';

/** Accounts of one lane of a guard, as the program prints them. */
export interface Counts {
  readonly accepted: number;
  readonly inherited: number;
  readonly delivered: number;
  readonly dropped: Readonly<Record<string, number>>;
  readonly pendingInMemory: number;
  readonly pendingOnDisk: number;
}

/** How a program ended, and what it said. */
export interface FaultRun {
  /** `143`, or `SIGTERM`. */
  readonly end: string;
  /** From the moment of the end to the end. */
  readonly exitMillis: number;
  /** From the moment of the end until the last listener of `exit` has been called; NaN if none was. */
  readonly listenersMillis: number;
  /** All accounts that it printed, in order, those of its threads and workers too. */
  readonly stats: readonly Readonly<Record<string, Counts>>[];
  readonly stderr: string;
}

/** Longer than any exporter waits. */
const LIMIT_MILLIS = 40_000;

/** Why an exit cannot be had on this machine; undefined if it can. */
export async function whyNotThis(exit: Exit): Promise<string | undefined> {
  if (process.platform === 'win32') return 'signals of Windows are others';
  if (exit.cgroupBytes !== undefined) {
    const made = RealCgroup.make('faults-probe');
    if (typeof made === 'string') return made;
    await made.remove();
  }
  if (exit.isFirstProcess === true) {
    const child = spawn('unshare', [...UNSHARE, 'true'], { stdio: 'ignore' });
    const [code] = (await Promise.race([once(child, 'exit'), once(child, 'error')])) as [unknown];
    if (code !== 0) return 'unshare(1) cannot make a PID namespace here';
  }
  return undefined;
}

const UNSHARE = ['--pid', '--fork', '--kill-child', '--mount-proc'];

/** Runs the program to its end in this way. */
export async function runFault(exit: Exit, settings: ServiceSettings): Promise<FaultRun> {
  const cgroup =
    exit.cgroupBytes === undefined ? undefined : RealCgroup.make(`faults-${settings.setUp}-${sequence()}`);
  if (typeof cgroup === 'string') throw new Error(cgroup);
  if (cgroup !== undefined) cgroup.limitBytes = exit.cgroupBytes ?? null;
  try {
    const script = join(__dirname, 'fixtures', 'service.js');
    const program = [process.execPath, ...(exit.nodeArgs ?? []), script, JSON.stringify(settings)];
    if (exit.isFirstProcess === true) program.unshift('unshare', ...UNSHARE);
    if (cgroup !== undefined) program.unshift('sh', '-c', `${cgroup.moveShellHere} && exec "$0" "$@"`);
    return await run(program, exit);
  } finally {
    await cgroup?.remove();
  }
}

/** Runs the next start of the program, which delivers what was left. */
export async function runNextStart(settings: ServiceSettings, limitMillis = LIMIT_MILLIS): Promise<FaultRun> {
  const program = [process.execPath, join(__dirname, 'fixtures', 'next-start.js'), JSON.stringify(settings)];
  return run(program, undefined, limitMillis);
}

async function run(
  [command = '', ...args]: readonly string[],
  exit: Exit | undefined,
  limitMillis = LIMIT_MILLIS,
): Promise<FaultRun> {
  // In a group of its own, so that all of it can be signalled.
  const child = spawn(command, args, {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const pid = child.pid ?? 0;
  const timer = setTimeout(() => process.kill(-pid, 'SIGKILL'), limitMillis);
  const lines: string[] = [];
  let rest = '';
  let stderr = '';
  let endingMillis = NaN;
  let listenedMillis = NaN;
  let hasEnded = false;
  let acting: Promise<void> | undefined;
  const begin = async (): Promise<void> => {
    const own = exit?.isFirstProcess === true ? childOf(pid) : pid;
    const victim: Victim = {
      pid: own,
      kill: signal => process.kill(own, signal),
      killGroup: signal => process.kill(-pid, signal),
      get hasEnded() {
        return hasEnded;
      },
    };
    await exit?.act?.(victim, () => (endingMillis = now()));
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const all = (rest + text).split('\n');
    rest = all.pop() ?? '';
    lines.push(...all);
    if (all.some(line => line.startsWith('accepted '))) acting ??= begin();
    for (const line of all) {
      if (line.startsWith('ending ')) endingMillis = Number(line.slice(7));
      else if (line.startsWith('listened ')) listenedMillis = Number(line.slice(9));
    }
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const closed = once(child, 'close');
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  const exitMillis = now() - endingMillis;
  hasEnded = true;
  clearTimeout(timer);
  await acting;
  await closed;
  if (exit !== undefined && acting === undefined) throw new Error(`it never accepted anything:\n${stderr}`);
  const stats = lines
    .filter(line => line.startsWith('stats '))
    .map(line => JSON.parse(line.slice(6)) as FaultRun['stats'][number]);
  const listenersMillis = listenedMillis - endingMillis;
  return { end: signal ?? `${code ?? ''}`, exitMillis, listenersMillis, stats, stderr };
}

function now(): number {
  return performance.timeOrigin + performance.now();
}

let last = 0;
function sequence(): number {
  return (last += 1);
}
