import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** How the files of a version are called; everything that the tests need to ask the kernel themselves. */
const DIALECTS = {
  1: {
    usage: 'memory.usage_in_bytes',
    limit: 'memory.limit_in_bytes',
    peak: 'memory.max_usage_in_bytes',
    anonymous: 'total_rss',
    inactiveFile: 'total_inactive_file',
    unlimited: '-1',
    hits: ['memory.failcnt', /^(\d+)$/m],
    kills: ['memory.oom_control', /^oom_kill (\d+)$/m],
  },
  2: {
    usage: 'memory.current',
    limit: 'memory.max',
    peak: 'memory.peak',
    anonymous: 'anon',
    inactiveFile: 'inactive_file',
    unlimited: 'max',
    hits: ['memory.events', /^max (\d+)$/m],
    kills: ['memory.events', /^oom_kill (\d+)$/m],
  },
} as const;

/** A memory cgroup of the kernel's, made by the test. */
export class RealCgroup {
  readonly version: 1 | 2;
  readonly directory: string;

  /** Makes one, or says why that cannot be done here. */
  static make(name: string): RealCgroup | string {
    const parent = parentOfNew();
    if (typeof parent === 'string') return parent;
    try {
      return new RealCgroup(parent.version, join(parent.directory, `${name}-${process.pid}`));
    } catch (thrown) {
      return `no memory cgroup can be made: ${String(thrown)}`;
    }
  }

  /** @param directory is made */
  constructor(version: 1 | 2, directory: string) {
    this.version = version;
    this.directory = directory;
    mkdirSync(directory);
  }

  /** Makes one below this one, which must be without processes (v2). */
  makeInner(name: string): RealCgroup {
    if (this.version === 2) this.write('cgroup.subtree_control', '+memory');
    return new RealCgroup(this.version, join(this.directory, name));
  }

  /** For `sh`: moves the shell, and so what it will become, here. */
  get moveShellHere(): string {
    return `echo $$ > '${this.directory}/cgroup.procs'`;
  }

  moveHere(pid: number): void {
    this.write('cgroup.procs', `${pid}`);
  }

  set limitBytes(bytes: number | null) {
    const { limit, unlimited } = DIALECTS[this.version];
    this.write(limit, bytes === null ? unlimited : `${bytes}`);
  }

  get usageBytes(): number {
    return Number(this.#text(DIALECTS[this.version].usage));
  }

  get peakBytes(): number {
    return Number(this.#text(DIALECTS[this.version].peak));
  }

  get anonymousBytes(): number {
    return this.#statistic(DIALECTS[this.version].anonymous);
  }

  get inactiveFileBytes(): number {
    return this.#statistic(DIALECTS[this.version].inactiveFile);
  }

  /** How often the limit was hit. */
  get hits(): number {
    const [file, pattern] = DIALECTS[this.version].hits;
    return Number(pattern.exec(this.#text(file))?.[1]);
  }

  /** How many processes the kernel has killed here. */
  get kills(): number {
    const [file, pattern] = DIALECTS[this.version].kills;
    return Number(pattern.exec(this.#text(file))?.[1]);
  }

  write(name: string, content: string): void {
    writeFileSync(join(this.directory, name), content);
  }

  /** Removes it, once the last process has left it. */
  async remove(): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        rmdirSync(this.directory);
        return;
      } catch (thrown) {
        const { code } = thrown as NodeJS.ErrnoException;
        if (code === 'ENOENT') return;
        if (code !== 'EBUSY' || attempt === 10_000) throw thrown;
        await new Promise(resolve => setImmediate(resolve));
      }
    }
  }

  #statistic(name: string): number {
    return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(this.#text('memory.stat'))?.[1]);
  }

  #text(name: string): string {
    return readFileSync(join(this.directory, name), 'latin1').trim();
  }
}

/** Below the own cgroup on v1, so that its limits hold there too; below the root on v2, where only that may have both. */
function parentOfNew(): { readonly version: 1 | 2; readonly directory: string } | string {
  if (process.platform !== 'linux') return 'not Linux';
  const own = /^\d+:(?:[^:\n]*,)?memory(?:,[^:\n]*)?:(.*)$/m.exec(
    readFileSync('/proc/self/cgroup', 'utf8'),
  )?.[1];
  const candidates = [
    ...(own === undefined ? [] : [{ version: 1, directory: join('/sys/fs/cgroup/memory', own) } as const]),
    ...(hasMemory('/sys/fs/cgroup/cgroup.subtree_control')
      ? [{ version: 2, directory: '/sys/fs/cgroup' } as const]
      : []),
  ];
  for (const candidate of candidates) {
    if (!existsSync(join(candidate.directory, 'cgroup.procs'))) continue;
    try {
      accessSync(join(candidate.directory, 'cgroup.procs'), constants.W_OK);
      return candidate;
    } catch {
      return `${candidate.directory} cannot be written to`;
    }
  }
  return 'there is no memory controller to make a cgroup with';
}

function hasMemory(path: string): boolean {
  return existsSync(path) && readFileSync(path, 'latin1').trim().split(' ').includes('memory');
}
