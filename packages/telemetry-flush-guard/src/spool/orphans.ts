import { join } from 'node:path';
import { isProcessFolder, laneFile } from './file-names.js';
import { errorCode } from './file-system.js';
import type { FileSystem } from './file-system.js';
import { isDead, parseOwner } from './owner.js';
import type { Owner, ProcessView } from './owner.js';
import { OWNER_FILE, RESERVE_FILE } from './process-folder.js';
import { parseSegment, readWhole } from './segment-reader.js';

/** Files that are nothing without others. */
const SPARE = [OWNER_FILE, RESERVE_FILE];

/** A folder that was adopted lies in that of its heir, under its old name behind this. */
export const ADOPTED = 'adopted-';

/** The header of a segment is in its first bytes, whatever a later version may add to it. */
const HEAD_BYTES = 4096;

/**
 * Takes over the folders of processes that have died. The rename decides who gets each: it works for one. What is none of this package's
 * is left alone, as is a folder with segments of a later version: whoever can read them finds them where they were.
 *
 * @param root where the folders of processes are
 * @param heir the folder of this process
 * @param onProblem of a folder that could not be looked at
 * @returns the folders, by their new paths
 */
export function claimOrphans(
  files: FileSystem,
  root: string,
  heir: string,
  view: ProcessView,
  nowMillis: number,
  onProblem: (path: string, thrown: unknown) => void,
): string[] {
  const claimed: string[] = [];
  for (const name of files.readdirSync(root)) {
    const path = join(root, name);
    if (path === heir || !isProcessFolder(name)) continue;
    try {
      const facts = files.lstatSync(path);
      if (!facts.isDirectory() || facts.isSymbolicLink()) continue;
      const { owner, beatMillis } = ownerOf(files, path, facts.mtimeMs);
      if (!isDead(owner, nowMillis - beatMillis, view) || !isOurs(files, path)) continue;
      if (holdsNewer(files, path)) {
        onProblem(path, 'it holds segments of a later version');
        continue;
      }
      const adopted = join(heir, `${ADOPTED}${name}`);
      files.renameSync(path, adopted);
      claimed.push(adopted);
      // What its owner kept back for the end is of no use any more, and room on disk that nobody counts.
      files.unlinkSync(join(adopted, RESERVE_FILE));
    } catch (thrown) {
      // Somebody else was first, or it cannot be read. Whatever it is, the others are not to wait for it.
      if (errorCode(thrown) !== 'ENOENT') onProblem(path, thrown);
    }
  }
  return claimed;
}

/** Whether what is in a folder with such a name looks like ours. Nothing is in one whose owner died while it made it. */
function isOurs(files: FileSystem, folder: string): boolean {
  const names = files.readdirSync(folder);
  return names.length === 0 || names.some(name => name === OWNER_FILE || laneFile(name) !== undefined);
}

/** Whether a folder, or one that its owner had adopted, has segments of a later version. @throws what the file system throws */
function holdsNewer(files: FileSystem, folder: string): boolean {
  return files.readdirSync(folder).some(name => {
    if (isAdopted(name)) return holdsNewer(files, join(folder, name));
    return laneFile(name)?.kind === 'seg' && isNewer(files, join(folder, name));
  });
}

function isNewer(files: FileSystem, path: string): boolean {
  const fd = files.openSync(path, 'r');
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    return parseSegment(head.subarray(0, files.readSync(fd, head, 0, HEAD_BYTES, 0))).isNewer;
  } catch (thrown) {
    // A bad sector under one of them is not to keep back the others.
    if (errorCode(thrown) === 'EIO') return false;
    throw thrown;
  } finally {
    files.closeSync(fd);
  }
}

/** Whether a folder is one that was adopted, by its name. */
function isAdopted(name: string): boolean {
  return name.startsWith(ADOPTED) && isProcessFolder(name.slice(ADOPTED.length));
}

/** Who owns a folder, and its last heartbeat; if that cannot be read, when the folder was last changed. */
export function ownerOf(
  files: FileSystem,
  path: string,
  folderMillis: number,
): { owner: Owner | undefined; beatMillis: number } {
  const file = join(path, OWNER_FILE);
  try {
    return {
      owner: parseOwner(readWhole(files, file).toString()),
      beatMillis: files.lstatSync(file).mtimeMs,
    };
  } catch {
    return { owner: undefined, beatMillis: folderMillis };
  }
}

/**
 * Moves the folders that the owner of an adopted one had itself adopted beside it: they would else lie one deeper with each process that
 * dies in a loop, until their paths are too long to be opened.
 *
 * @returns the folders, by their new paths
 * @throws what the file system throws
 */
export function takeOutAdopted(files: FileSystem, folder: string, heir: string): string[] {
  return files
    .readdirSync(folder)
    .filter(isAdopted)
    .flatMap(name => {
      const path = join(heir, name);
      files.renameSync(join(folder, name), path);
      return [path, ...takeOutAdopted(files, path, heir)];
    });
}

/** Lanes of which a folder has files. @throws what the file system throws */
export function lanesIn(files: FileSystem, folder: string): string[] {
  return [...new Set(files.readdirSync(folder).flatMap(name => laneFile(name)?.lane ?? []))];
}

/** A segment in a folder that was adopted. */
export interface AdoptedFile {
  readonly folder: string;
  readonly lane: string;
  readonly number: number;
}

/**
 * The segments in a folder that was adopted and in those that its owner had adopted, oldest first.
 *
 * @throws what the file system throws
 */
export function adoptedFiles(files: FileSystem, folder: string): AdoptedFile[] {
  const names = files.readdirSync(folder).sort();
  const inner = names.filter(isAdopted).flatMap(name => adoptedFiles(files, join(folder, name)));
  const own = names.flatMap(name => {
    const file = laneFile(name);
    return file?.kind === 'seg' ? [{ folder, lane: file.lane, number: file.number }] : [];
  });
  return [...inner, ...own];
}

/** Removes a folder that was adopted once nothing is left in it but its owner's file, and those inside it. */
export function removeIfEmpty(files: FileSystem, folder: string): boolean {
  const names = files.readdirSync(folder);
  const isSpare = (name: string): boolean => SPARE.includes(name) || laneFile(name)?.kind === 'ack';
  let left = names.filter(name => !isSpare(name));
  left = left.filter(name => !(isAdopted(name) && removeIfEmpty(files, join(folder, name))));
  if (left.length > 0) return false;
  for (const name of names) {
    if (isSpare(name)) files.unlinkSync(join(folder, name));
  }
  files.rmdirSync(folder);
  return true;
}
