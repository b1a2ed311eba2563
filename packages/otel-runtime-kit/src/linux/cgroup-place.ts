import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseCgroupMounts } from './cgroup-mounts.js';
import type { CgroupMount } from './cgroup-mounts.js';
import { cgroupRoute, parseCgroupPaths } from './cgroup-path.js';
import { findCgroupOfProcess } from './cgroup-search.js';

/** Where the kernel's two file systems are; tests put folders in their place. */
export interface CgroupRoots {
  /** Default `/proc`. */
  readonly procRoot?: string;
  /** Stands for `/sys/fs/cgroup` in the mount points that /proc tells; that is also its default. */
  readonly cgroupRoot?: string;
}

/** The cgroup that a process's memory is charged to. */
export interface MemoryCgroup {
  readonly version: 1 | 2;
  /** As `/proc/self/cgroup` states it, from the cgroup namespace's root. */
  readonly path: string;
  /** Where its files are. */
  readonly directory: string;
  /** The directory and those above it whose limits count as well, this one first. */
  readonly chain: readonly string[];
  /** Whether what can be seen of the hierarchy begins at its true root, as on a host. */
  readonly seesHierarchyRoot: boolean;
}

const USUAL_CGROUP_ROOT = '/sys/fs/cgroup';

const FILES = {
  1: { usage: 'memory.usage_in_bytes', limit: 'memory.limit_in_bytes' },
  2: { usage: 'memory.current', limit: 'memory.max' },
} as const;

/**
 * Finds the cgroup that the memory of this process is charged to, whichever hierarchy has the memory controller.
 *
 * @returns `undefined` where there is none but the root, whose memory is the host's, or none that can be reached
 * @throws EMFILE, ENFILE or ENOMEM if there is no way to look now: try again later
 */
export function findMemoryCgroup(roots: CgroupRoots = {}): MemoryCgroup | undefined {
  const { procRoot = '/proc', cgroupRoot = USUAL_CGROUP_ROOT } = roots;
  const paths = parseCgroupPaths(textOf(`${procRoot}/self/cgroup`));
  const mounts = mountsWithin(textOf(`${procRoot}/self/mountinfo`), cgroupRoot);
  // A controller is in one hierarchy only: where v1 has a line for memory, v2 beside it (a "hybrid" host) has none.
  for (const [version, path] of [
    [1, paths.memoryV1],
    [2, paths.unified],
  ] as const) {
    if (path === null) continue;
    for (const mount of mounts) {
      const cgroup = mount.version === version ? placeBelow(mount, path) : undefined;
      if (cgroup !== undefined) return cgroup;
    }
  }
  return undefined;
}

/** What has nothing to do with the file, so that it may well be read later. */
const NOT_NOW: ReadonlySet<unknown> = new Set(['EMFILE', 'ENFILE', 'ENOMEM']);

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (thrown) {
    if (NOT_NOW.has((thrown as NodeJS.ErrnoException).code)) throw thrown;
    return '';
  }
}

/** The mounts that /proc tells, those in the usual place first; after them the usual places, if it tells of none there. */
function mountsWithin(mountinfo: string, cgroupRoot: string): CgroupMount[] {
  const usual: CgroupMount[] = [];
  const elsewhere: CgroupMount[] = [];
  for (const mount of parseCgroupMounts(mountinfo)) {
    if (!`${mount.mountPoint}/`.startsWith(`${USUAL_CGROUP_ROOT}/`)) elsewhere.push(mount);
    else usual.push({ ...mount, mountPoint: cgroupRoot + mount.mountPoint.slice(USUAL_CGROUP_ROOT.length) });
  }
  // A sandbox may show the files without telling of a mount.
  const untold = (
    [
      { version: 1, root: '/', mountPoint: `${cgroupRoot}/memory` },
      { version: 2, root: '/', mountPoint: cgroupRoot },
    ] as const
  ).filter(({ mountPoint }) => !usual.some(mount => mount.mountPoint === mountPoint));
  return [...usual, ...elsewhere, ...untold];
}

function placeBelow(mount: CgroupMount, path: string): MemoryCgroup | undefined {
  const { version, mountPoint } = mount;
  const route = cgroupRoute(mount.root, path);
  if (route === undefined) return undefined;
  const { hiddenLevels, names } = route;
  const start =
    hiddenLevels === 0
      ? join(mountPoint, ...names)
      : findCgroupOfProcess(mountPoint, hiddenLevels, names, `${process.pid}`);
  if (start === undefined) return undefined;
  const seesHierarchyRoot = isHierarchyRoot(mountPoint, version);
  // A path that leads nowhere is one of a host of which only the container's part is mounted.
  const folders = existsSync(start) ? upTo(mountPoint, start) : [mountPoint];
  // Where v2's controller is not enabled, memory is charged to the nearest cgroup above where it is.
  const ancestry = folders.filter(
    folder => existsSync(join(folder, FILES[version].usage)) && !(seesHierarchyRoot && folder === mountPoint),
  );
  const [directory] = ancestry;
  if (directory === undefined) return undefined;
  return { version, path, directory, chain: limitedChain(ancestry, version), seesHierarchyRoot };
}

/** The folder and those above it up to `top`, in this order. */
function upTo(top: string, folder: string): string[] {
  const folders = [folder];
  for (let above = folder; above !== top && above.length > top.length;) {
    above = dirname(above);
    folders.push(above);
  }
  return folders;
}

/**
 * The true root has what no other v1 cgroup has, or lacks what every other v2 cgroup has down to where the controller
 * is enabled.
 */
function isHierarchyRoot(folder: string, version: 1 | 2): boolean {
  return version === 1
    ? existsSync(join(folder, 'release_agent'))
    : !existsSync(join(folder, FILES[2].usage));
}

function limitedChain(ancestry: readonly string[], version: 1 | 2): string[] {
  const chain: string[] = [];
  for (const [index, folder] of ancestry.entries()) {
    // Before Linux 5.11 a v1 cgroup could be set not to count, and so not to limit, those below it.
    if (version === 1 && index > 0 && isFlat(folder)) break;
    if (index === 0 || existsSync(join(folder, FILES[version].limit))) chain.push(folder);
  }
  return chain;
}

function isFlat(folder: string): boolean {
  try {
    return readFileSync(join(folder, 'memory.use_hierarchy'), 'latin1').trim() === '0';
  } catch {
    return false;
  }
}
