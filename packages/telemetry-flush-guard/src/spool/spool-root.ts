import { join } from 'node:path';
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

/**
 * Makes the folder of the spool, or looks at the one that is there.
 *
 * @param uid of this process; undefined where there are none
 * @throws SpoolRefusedError if it is a link, no folder, or somebody else's: whoever could write there could make us send it
 * @throws what the file system throws
 */
export function openRoot(files: FileSystem, dir: string, uid: number | undefined): SpoolRoot {
  const path = join(dir, LAYOUT);
  files.mkdirSync(path, { mode: 0o700, recursive: true });
  for (const folder of [dir, path]) {
    const facts = files.lstatSync(folder);
    if (facts.isSymbolicLink()) throw new SpoolRefusedError(`${folder} is a symbolic link`);
    if (!facts.isDirectory()) throw new SpoolRefusedError(`${folder} is not a folder`);
    if (uid !== undefined && facts.uid !== uid) {
      throw new SpoolRefusedError(`${folder} belongs to user ${facts.uid}, this process to ${uid}`);
    }
  }
  const newer = files.readdirSync(dir).filter(name => /^v\d+$/.test(name) && name !== LAYOUT);
  return { path, newer };
}

/** Whether a call failed because what it was about is not there. */
export function isGone(thrown: unknown): boolean {
  return errorCode(thrown) === 'ENOENT';
}
