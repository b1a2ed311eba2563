import { join } from 'node:path';
import type { FileSystem } from '../spool/file-system.js';
import type { ProcessView } from '../spool/owner.js';
import { RESERVE_FILE } from '../spool/process-folder.js';
import { spoolTree } from './spool-tree.js';

/**
 * Makes room on a disk that is full, which is where there is most to drain: what dead processes had kept back for their end is of no use to
 * anybody, and goes in any case when they are taken over.
 *
 * @returns whether there was any
 * @throws what the file system throws if the folder itself cannot be read
 */
export function freeReserves(files: FileSystem, dir: string, view: ProcessView, nowMillis: number): boolean {
  const { processes } = spoolTree(files, dir, view, nowMillis);
  let isAnyFreed = false;
  for (const { path, isAlive } of processes) {
    if (isAlive) continue;
    try {
      files.unlinkSync(join(path, RESERVE_FILE));
      isAnyFreed = true;
    } catch {
      // It has none, or somebody was faster.
    }
  }
  return isAnyFreed;
}
