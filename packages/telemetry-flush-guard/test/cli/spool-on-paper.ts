import { runCommandLine } from '../../src/cli/command-line.js';
import type { Inspection } from '../../src/cli/inspect.js';
import { readingOnly } from '../../src/cli/reading-file-system.js';
import type { Verification } from '../../src/cli/verify.js';
import type { Owner } from '../../src/spool/owner.js';
import { FakeFileSystem } from '../spool/fake-file-system.js';

export type Disk = FakeFileSystem['disk'];

/** What the command line has said and done. */
export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** System calls. */
  readonly calls: readonly string[];
}

const self: Owner = {
  pid: 999,
  threadId: 0,
  startTime: 'started-999',
  bootId: 'boot',
  pidNamespace: 'ns',
  hostname: 'host',
};

/** The command line over a disk in memory, on which those processes live. */
export function say(
  disk: Disk,
  args: readonly string[],
  {
    living = [],
    files = new FakeFileSystem(disk),
    nowMillis = Date.now(),
  }: { living?: readonly number[]; files?: FakeFileSystem; nowMillis?: number } = {},
): Said {
  let [out, err] = ['', ''];
  const code = runCommandLine(args, {
    files: readingOnly(files),
    view: { self, startTimeOf: pid => (living.includes(pid) ? `started-${pid}` : undefined) },
    nowMillis,
    hasColours: false,
    print: text => (out += text),
    complain: text => (err += text),
    drain: () => Promise.reject(new Error('nothing is drained on paper')),
  });
  if (typeof code !== 'number') throw new Error('it takes its time');
  return { code, out, err, calls: files.calls };
}

export function inspection(disk: Disk, options: Parameters<typeof say>[2] = {}): Inspection {
  return JSON.parse(say(disk, ['inspect', '/spool', '--json'], options).out) as Inspection;
}

export function verification(disk: Disk, options: Parameters<typeof say>[2] = {}): Verification {
  return JSON.parse(say(disk, ['verify', '/spool', '--json'], options).out) as Verification;
}

/** All that is on a disk, to be compared. */
export function contents(disk: Disk): [string, string, number][] {
  return [...disk].map(([path, { bytes, mtimeMs }]) => [path, bytes.toString('latin1'), mtimeMs]);
}

/** Writes a file as somebody else would. */
export function put(disk: Disk, path: string, bytes: Uint8Array | string): void {
  disk.set(path, { kind: 'file', bytes: Buffer.from(bytes), mtimeMs: 0 });
}

/** The path of the first file with that ending. */
export function pathOf(disk: Disk, ending: string): string {
  const path = [...disk.keys()].sort().find(each => each.endsWith(ending));
  if (path === undefined) throw new Error(`no ${ending} on the disk`);
  return path;
}
