import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A host with more cgroups than this is not searched to the end. */
const MAXIMUM_FOLDERS = 4096;

/**
 * Looks for the cgroup that a process is in, so many levels below a folder, by the lists of processes.
 *
 * It is needed only where a cgroup namespace was made without a mount of its own, as `unshare --cgroup` and
 * bubblewrap do: then nothing in /proc tells the names of the folders that lead to the namespace's root.
 *
 * @param top folder to begin at
 * @param hiddenLevels how many unknown folders lie between `top` and `names`
 * @param names the folders after those
 * @param pid of the process, as the reader's PID namespace has it
 */
export function findCgroupOfProcess(
  top: string,
  hiddenLevels: number,
  names: readonly string[],
  pid: string,
): string | undefined {
  let folders = [top];
  for (let level = 0; level < hiddenLevels; level += 1) {
    folders = folders.flatMap(subfolders).slice(0, MAXIMUM_FOLDERS);
  }
  return folders.map(folder => join(folder, ...names)).find(folder => holdsProcess(folder, pid));
}

function subfolders(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter(entry => entry.isDirectory())
      .map(entry => join(folder, entry.name));
  } catch {
    // Gone since it was listed, or not ours to read.
    return [];
  }
}

function holdsProcess(folder: string, pid: string): boolean {
  try {
    return readFileSync(join(folder, 'cgroup.procs'), 'latin1').split('\n').includes(pid);
  } catch {
    return false;
  }
}
