import { dirname, join, resolve } from 'node:path';
import { errorCode } from './file-system.js';
import type { FileSystem } from './file-system.js';

/** The layout of folders. Another one is another folder, and left alone. */
export const LAYOUT = 'v1';

/** Why a folder is not used. */
export class SpoolRefusedError extends Error {
  override readonly name = 'SpoolRefusedError';
}

/** What there is below a folder that was made or found fit. */
export interface SpoolRoot {
  /** Where the folders of processes are. */
  readonly path: string;
  /** Of later versions, which are left alone. */
  readonly newer: readonly string[];
}

/** Of root, who owns what a platform mounts: an `emptyDir` of Kubernetes is root's whatever user the container runs as. */
const ROOT_UID = 0;

/**
 * Makes the folder of the spool, or looks at the one that is there. Nothing is made in one that is refused.
 *
 * @param dir may be root's: a volume
 * @param uid of this process; undefined where there are none
 * @throws SpoolRefusedError if it is a link, no folder, or somebody else's: whoever could write there could make us send it
 * @throws what the file system throws
 */
export function openRoot(files: FileSystem, dir: string, uid: number | undefined): SpoolRoot {
  // With a slash at its end, a link would be looked through.
  const parent = resolve(dir);
  const path = join(parent, LAYOUT);
  makeWithParents(files, parent);
  refuseUnfit(files, parent, uid === undefined ? undefined : [uid, ROOT_UID]);
  makeWithParents(files, path);
  refuseUnfit(files, path, uid === undefined ? undefined : [uid]);
  const newer = files.readdirSync(dir).filter(name => /^v\d+$/.test(name) && name !== LAYOUT);
  return { path, newer };
}

/**
 * Makes a folder and those above it, from the first that is there. Not by `recursive`, which never returns where `mkdir` goes on answering
 * that there is no such folder, as it does below /proc.
 */
function makeWithParents(files: FileSystem, path: string): void {
  const missing: string[] = [];
  for (let each = path; !isThere(files, each); each = dirname(each)) {
    missing.unshift(each);
    if (each === dirname(each)) break;
  }
  for (const each of missing) {
    try {
      files.mkdirSync(each, { mode: 0o700, recursive: false });
    } catch (thrown) {
      // Another process was faster.
      if (errorCode(thrown) !== 'EEXIST') throw thrown;
    }
  }
}

function isThere(files: FileSystem, path: string): boolean {
  try {
    files.lstatSync(path);
    return true;
  } catch (thrown) {
    if (isGone(thrown)) return false;
    throw thrown;
  }
}

/** @param owners undefined: whoever it is */
function refuseUnfit(
  files: FileSystem,
  path: string,
  owners: readonly [number, ...number[]] | undefined,
): void {
  const facts = files.lstatSync(path);
  if (facts.isSymbolicLink()) throw new SpoolRefusedError(`${path} is a symbolic link`);
  if (!facts.isDirectory()) throw new SpoolRefusedError(`${path} is not a folder`);
  if (owners?.includes(facts.uid) === false) {
    throw new SpoolRefusedError(`${path} belongs to user ${facts.uid}, this process to ${owners[0]}`);
  }
}

/** Whether a call failed because what it was about is not there. */
export function isGone(thrown: unknown): boolean {
  return errorCode(thrown) === 'ENOENT';
}
