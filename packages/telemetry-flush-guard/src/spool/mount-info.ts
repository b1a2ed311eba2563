import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A line of /proc/self/mountinfo, as far as it is of use here. */
export interface Mount {
  readonly mountPoint: string;
  /** Which folder of the file system is mounted there. */
  readonly root: string;
  readonly fileSystem: string;
}

/**
 * Reads the text of /proc/PID/mountinfo: `36 35 98:0 /root /point rw,noatime master:1 - ext3 /dev/root rw` (proc_pid_mountinfo(5)). The number
 * of fields before the dash varies. Lines that are none are left out.
 */
export function parseMountInfo(text: string): Mount[] {
  return text.split('\n').flatMap(line => {
    const [before, after] = line.split(' - ');
    const [, , , root, mountPoint] = before?.split(' ') ?? [];
    const fileSystem = after?.split(' ')[0];
    if (root === undefined || mountPoint === undefined || fileSystem === undefined) return [];
    return [{ root: unescaped(root), mountPoint: unescaped(mountPoint), fileSystem }];
  });
}

/**
 * The mount that an absolute path without links lies on: that with the longest mount point; of two at the same, the later, which hides the
 * other. Undefined if there is none.
 */
export function mountOf(path: string, mounts: readonly Mount[]): Mount | undefined {
  let found: Mount | undefined;
  for (const mount of mounts) {
    const { mountPoint } = mount;
    const isInside = path === mountPoint || path.startsWith(mountPoint === '/' ? '/' : `${mountPoint}/`);
    if (isInside && mountPoint.length >= (found?.mountPoint.length ?? 0)) found = mount;
  }
  return found;
}

/** @returns none where there is no such file: elsewhere than on Linux */
export function readMountInfo(procRoot = '/proc'): Mount[] {
  try {
    return parseMountInfo(readFileSync(join(procRoot, 'self', 'mountinfo'), 'utf8'));
  } catch {
    return [];
  }
}

/** Blanks, tabs, line ends and backslashes are written as three octal digits. */
function unescaped(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));
}
