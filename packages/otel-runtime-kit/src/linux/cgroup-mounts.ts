/** A mounted cgroup hierarchy, or the part of one that is mounted. */
export interface CgroupMount {
  readonly version: 1 | 2;
  /** What part of the hierarchy: a path as seen from the reader's cgroup namespace, `/` or `/docker/1f…` or `/../..`. */
  readonly root: string;
  readonly mountPoint: string;
}

/**
 * Finds where memory cgroups may be in the text of `/proc/<pid>/mountinfo` (proc_pid_mountinfo(5)): mounts of v1 that
 * have the memory controller, and all mounts of v2 (its controllers are not told by the mount).
 *
 * Of several at one mount point only the last can be reached, and only that one is returned.
 */
export function parseCgroupMounts(text: string): CgroupMount[] {
  const mounts = new Map<string, CgroupMount>();
  for (const line of text.split('\n')) {
    const fields = line.split(' ');
    // Optional fields, none to many, end with a hyphen.
    const hyphen = fields.indexOf('-', 6);
    const [root, mountPoint] = [fields[3], fields[4]];
    if (hyphen < 0 || root === undefined || mountPoint === undefined) continue;
    const [type, , options = ''] = fields.slice(hyphen + 1);
    const isV1 = type === 'cgroup' && options.split(',').includes('memory');
    if (!isV1 && type !== 'cgroup2') continue;
    const mount: CgroupMount = {
      version: isV1 ? 1 : 2,
      root: unescapeOctal(root),
      mountPoint: unescapeOctal(mountPoint),
    };
    mounts.delete(mount.mountPoint);
    mounts.set(mount.mountPoint, mount);
  }
  return [...mounts.values()];
}

/** Space, tab, line feed and backslash stand there as `\040` and so on. */
function unescapeOctal(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
}
