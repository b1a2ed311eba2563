import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { mountOf, readMountInfo } from './mount-info.js';
import type { Mount } from './mount-info.js';

/** What ends with a folder's disk, as far as can be seen: why what lies there is lost. */
export type Mortality = 'memory' | 'container layer' | 'pod';

const IN_MEMORY = new Set(['tmpfs', 'ramfs', 'rootfs']);
const LAYERED = new Set(['overlay', 'aufs', 'fuse.fuse-overlayfs']);

/** As the kubelet mounts an emptyDir that is not in memory: it outlives the container, and is removed with the pod. */
const EMPTY_DIR = '/kubernetes.io~empty-dir/';

/** Undefined if the disk outlives whoever writes there, or nothing is known of it. */
export function mortalityOf({ fileSystem, root }: Mount): Mortality | undefined {
  if (IN_MEMORY.has(fileSystem)) return 'memory';
  if (LAYERED.has(fileSystem)) return 'container layer';
  return root.includes(EMPTY_DIR) ? 'pod' : undefined;
}

/** What to tell of a folder whose disk does not outlive a restart. */
export interface SurvivalNotice {
  readonly level: 'warn' | 'info';
  readonly text: string;
}

const WHAT_TO_DO =
  'Mount a volume there, or set `dir` (or OTEL_FLUSH_GUARD_DIR) to a folder on one, for instance `docker run -v telemetry-spool:/var/spool/telemetry -e OTEL_FLUSH_GUARD_DIR=/var/spool/telemetry`';

/**
 * What is to be said, once, of the folder of the spool. Reads the file once; nothing is said where there is none.
 *
 * @param mounts for tests
 */
export function survivalNotice(
  dir: string,
  mounts: readonly Mount[] = readMountInfo(),
): SurvivalNotice | undefined {
  const mount = mountOf(resolvedPath(dir), mounts);
  const mortality = mount === undefined ? undefined : mortalityOf(mount);
  if (mount === undefined || mortality === undefined) return undefined;
  const where = `the spool ${dir} lies on ${mount.fileSystem} (mounted at ${mount.mountPoint})`;
  switch (mortality) {
    case 'memory':
      return {
        level: 'warn',
        text: `${where}, which is memory: what is not sent is lost when the machine or the container ends, and counts towards the memory limit of the container until then. ${WHAT_TO_DO}.`,
      };
    case 'container layer':
      return {
        level: 'warn',
        text: `${where}, a container's own layer: what is not sent is lost when the container is removed. ${WHAT_TO_DO}.`,
      };
    case 'pod':
      return {
        level: 'info',
        text: `${where}, an emptyDir: what is not sent outlives the container, and is lost when the pod is removed. A persistent volume outlives that too.`,
      };
  }
}

/** Without links, as far as the path is there. */
function resolvedPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(resolvedPath(parent), basename(path));
  }
}
