import { realFileSystem } from '../spool/file-system.js';
import type { FileSystem } from '../spool/file-system.js';

/** The system calls that change nothing. */
export type ReadingCalls = Pick<
  FileSystem,
  'openSync' | 'readSync' | 'fstatSync' | 'closeSync' | 'lstatSync' | 'readdirSync'
>;

/**
 * A file system that can only be read, whatever is asked of it: the owner of a spool may be alive, and what is damaged may be evidence.
 *
 * @param files for tests
 */
export function readingOnly(files: ReadingCalls = realFileSystem): FileSystem {
  const refuse = (): never => {
    throw Object.assign(new Error('nothing is changed here'), { code: 'EROFS' });
  };
  return {
    openSync: (path, flags) => (flags === 'r' ? files.openSync(path, 'r') : refuse()),
    readSync: (fd, bytes, offset, length, position) => files.readSync(fd, bytes, offset, length, position),
    fstatSync: fd => files.fstatSync(fd),
    closeSync: fd => {
      files.closeSync(fd);
    },
    lstatSync: path => files.lstatSync(path),
    readdirSync: path => files.readdirSync(path),
    writeSync: refuse,
    ftruncateSync: refuse,
    futimesSync: refuse,
    mkdirSync: refuse,
    renameSync: refuse,
    unlinkSync: refuse,
    rmdirSync: refuse,
  };
}
