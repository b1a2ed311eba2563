import type { DescriptorDirectory } from './descriptor-directory.js';

/** How the number of open descriptors is read. */
export interface DescriptorCounter {
  /** `stat` is O(1) and needs no descriptor; `list` is O(n). */
  readonly method: 'stat' | 'list';
  read(): number;
}

/** Times that `stat` and the list are compared: other threads open and close in between. */
const ATTEMPTS = 5;

/**
 * Finds out, once, how to count: by `stat` if its size is what a listing finds, else by listing.
 *
 * Kernels before 6.2 give 0 and other systems' /dev/fd gives numbers that mean something else
 * (prometheus/procfs#853), so the size is believed when it agrees with a listing. Where no listing can be made (out of
 * descriptors at the very start, or /proc/self/fd closed to a process that has changed its user), a procfs that
 * gives a size at all is one that counts.
 *
 * @returns `undefined` where descriptors cannot be counted at all
 */
export function detectCounter(directory: DescriptorDirectory): DescriptorCounter | undefined {
  const byStat: DescriptorCounter = { method: 'stat', read: () => directory.statSize() };
  const byList: DescriptorCounter = { method: 'list', read: () => directory.listedCount() };
  let size = 0;
  try {
    if (!directory.sizeMayCount) return directory.listedCount() >= 0 ? byList : undefined;
    size = directory.statSize();
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      if (directory.listedCount() === directory.statSize()) return byStat;
    }
    return byList;
  } catch (thrown) {
    if (size > 0) return byStat;
    return (thrown as NodeJS.ErrnoException).code === 'EMFILE' ? byList : undefined;
  }
}
