import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CgroupMemory } from '../../src/linux/cgroup-memory.js';
import type { CgroupMemoryOptions } from '../../src/linux/cgroup-memory.js';

export const MIB = 1024 * 1024;
export const GIB = 1024 * MIB;

/** Files by name, with what they hold. */
export type Files = Readonly<Record<string, string | number>>;

/** A line of mountinfo. */
export function mountLine(
  mountPoint: string,
  { root = '/', type = 'cgroup2', options = 'rw,nsdelegate' } = {},
): string {
  return `35 31 0:32 ${root} ${mountPoint} rw,nosuid,nodev shared:9 - ${type} cgroup ${options}`;
}

/** A line of mountinfo for v1's memory controller. */
export function mountLineV1(mountPoint = '/sys/fs/cgroup/memory', root = '/'): string {
  return mountLine(mountPoint, { root, type: 'cgroup', options: 'rw,memory' });
}

/** The files of a v2 cgroup that has used 300 MiB, 100 of them inactive file pages, and has no limit. */
export const V2_FILES = {
  'cgroup.events': 'populated 1\nfrozen 0\n',
  'memory.current': `${300 * MIB}\n`,
  'memory.stat': `anon ${150 * MIB}\nfile ${140 * MIB}\nkernel 10485760\ninactive_anon 5\nactive_anon 7\ninactive_file ${100 * MIB}\nactive_file ${40 * MIB}\n`,
  'memory.max': 'max\n',
  'memory.high': 'max\n',
  'memory.swap.current': '4096\n',
  'memory.swap.max': 'max\n',
  'memory.peak': `${400 * MIB}\n`,
  'memory.events': 'low 0\nhigh 11\nmax 12\noom 3\noom_kill 2\noom_group_kill 1\n',
  'memory.pressure':
    'some avg10=0.12 avg60=0.00 avg300=0.00 total=2500000\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=1250000\n',
} as const;

const UNLIMITED_V1 = '9223372036854771712';

/** The files of a v1 cgroup with the same memory, hierarchical limits as given. */
export function v1Files({ limit = UNLIMITED_V1, withSwapLimit = UNLIMITED_V1 } = {}): Files {
  return {
    'memory.usage_in_bytes': `${300 * MIB}\n`,
    'memory.limit_in_bytes': `${UNLIMITED_V1}\n`,
    'memory.max_usage_in_bytes': `${400 * MIB}\n`,
    'memory.failcnt': '12\n',
    'memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 2\n',
    'memory.use_hierarchy': '1\n',
    'memory.stat': [
      `cache ${140 * MIB}`,
      `rss ${120 * MIB}`,
      `inactive_file ${90 * MIB}`,
      `hierarchical_memory_limit ${limit}`,
      `hierarchical_memsw_limit ${withSwapLimit}`,
      `total_cache ${140 * MIB}`,
      `total_rss ${150 * MIB}`,
      'total_swap 4096',
      `total_inactive_file ${100 * MIB}`,
      '',
    ].join('\n'),
  };
}

/** Folders in the place of /proc and /sys/fs/cgroup. The host has 16 GiB. */
export class FakeMachine {
  readonly folder = mkdtempSync(join(tmpdir(), 'fake-machine-'));
  readonly procRoot = join(this.folder, 'proc');
  readonly cgroupRoot = join(this.folder, 'cgroup');
  readonly #opened: CgroupMemory[] = [];

  constructor() {
    this.write('proc/meminfo', 'MemTotal:       16777216 kB\nMemFree: 5 kB\nMemAvailable: 4194304 kB\n');
    mkdirSync(this.cgroupRoot);
  }

  /** What /proc says of this process. */
  proc(cgroup: string, mountinfo: readonly string[]): this {
    this.write('proc/self/cgroup', `${cgroup}\n`);
    this.write('proc/self/mountinfo', `${mountinfo.join('\n')}\n`);
    return this;
  }

  /** Makes a cgroup, or writes more files into it; `path` is below /sys/fs/cgroup. */
  cgroup(path: string, files: Files): this {
    for (const [name, content] of Object.entries(files)) this.write(join('cgroup', path, name), content);
    return this;
  }

  write(path: string, content: string | number): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${content}`);
  }

  remove(path: string): void {
    rmSync(join(this.folder, path), { recursive: true });
  }

  /** Puts a folder, which can be opened and not be read, in the place of a file. */
  makeUnreadable(path: string): void {
    rmSync(join(this.folder, path), { force: true });
    mkdirSync(join(this.folder, path), { recursive: true });
  }

  get roots(): { readonly procRoot: string; readonly cgroupRoot: string } {
    return { procRoot: this.procRoot, cgroupRoot: this.cgroupRoot };
  }

  open(options: CgroupMemoryOptions = {}): CgroupMemory | undefined {
    const memory = CgroupMemory.open({ ...this.roots, ...options });
    if (memory !== undefined) this.#opened.push(memory);
    return memory;
  }

  cleanUp(): void {
    for (const memory of this.#opened.splice(0)) memory.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The machine of one container with a private namespace, as Docker and Kubernetes make it on v2. */
export function v2Container(files: Files = {}): FakeMachine {
  return new FakeMachine().proc('0::/', [mountLine('/sys/fs/cgroup')]).cgroup('/', { ...V2_FILES, ...files });
}

/** The same on v1. */
export function v1Container(files: Files = {}): FakeMachine {
  return new FakeMachine()
    .proc('4:memory:/\n0::/', [mountLineV1()])
    .cgroup('/memory', { ...v1Files(), ...files });
}
