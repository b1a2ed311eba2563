/** What a descriptor can be; the values of the attribute `vitals.fd.kind`. */
export const FD_KINDS = [
  'file',
  'socket',
  'pipe',
  'device',
  'eventpoll',
  'eventfd',
  'io_uring',
  'inotify',
  'other',
] as const;

/** One of {@link FD_KINDS}. */
export type FdKind = (typeof FD_KINDS)[number];

/** Anonymous inodes that have a kind of their own. inotify is the one that the kernel prints without brackets. */
const ANONYMOUS: ReadonlyMap<string, FdKind> = new Map([
  ['[eventpoll]', 'eventpoll'],
  ['[eventfd]', 'eventfd'],
  ['[io_uring]', 'io_uring'],
  ['inotify', 'inotify'],
  ['[inotify]', 'inotify'],
]);

/**
 * Kind of a descriptor by the target of its link in `/proc/<pid>/fd` (proc_pid_fd(5)).
 *
 * A link never touches the file system that the file is on, which `fstat` on a hung network mount would. The price:
 * a named pipe counts as the file whose path it has.
 */
export function kindOfTarget(target: string): FdKind {
  if (target.startsWith('socket:[')) return 'socket';
  if (target.startsWith('pipe:[')) return 'pipe';
  if (target.startsWith('anon_inode:')) return ANONYMOUS.get(target.slice('anon_inode:'.length)) ?? 'other';
  // Memory files and shared memory live under paths that look like devices' or files'.
  if (target.startsWith('/memfd:')) return 'other';
  if (
    target.startsWith('/dev/') &&
    !target.startsWith('/dev/shm/') &&
    !target.startsWith('/dev/hugepages/')
  ) {
    return 'device';
  }
  return target.startsWith('/') ? 'file' : 'other';
}

/** The inode of a socket by its link's target, or `undefined` if it is none. */
export function socketInode(target: string): number | undefined {
  const match = /^socket:\[(\d+)\]$/.exec(target);
  return match === null ? undefined : Number(match[1]);
}
