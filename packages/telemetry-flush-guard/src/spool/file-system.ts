import * as fs from 'node:fs';

/** What the spool asks of a file. */
export interface FileFacts {
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly mtimeMs: number;
  readonly uid: number;
  isDirectory(): boolean;
  isFile(): boolean;
  isSymbolicLink(): boolean;
}

/**
 * The system calls of the spool, and all of them: a test puts a file system in their place that fails or stops at each.
 * All are synchronous, as what was accepted must be written when the call returns.
 */
export interface FileSystem {
  /** @param flags `r`, `ax` (append, must not exist), `a` */
  openSync(path: string, flags: string, mode?: number): number;
  /** Appends. Returns the number of bytes written, which may be fewer than asked. */
  writeSync(fd: number, bytes: Uint8Array, offset: number, length: number): number;
  readSync(fd: number, bytes: Uint8Array, offset: number, length: number, position: number): number;
  ftruncateSync(fd: number, length: number): void;
  futimesSync(fd: number, atime: number, mtime: number): void;
  fstatSync(fd: number): FileFacts;
  closeSync(fd: number): void;
  lstatSync(path: string): FileFacts;
  mkdirSync(path: string, options: { mode: number; recursive: boolean }): void;
  readdirSync(path: string): string[];
  renameSync(from: string, to: string): void;
  unlinkSync(path: string): void;
  rmdirSync(path: string): void;
}

/** The real one. */
export const realFileSystem: FileSystem = {
  openSync: fs.openSync,
  writeSync: fs.writeSync,
  readSync: fs.readSync,
  ftruncateSync: fs.ftruncateSync,
  futimesSync: fs.futimesSync,
  fstatSync: fd => fs.fstatSync(fd),
  closeSync: fs.closeSync,
  lstatSync: path => fs.lstatSync(path),
  mkdirSync: (path, options) => {
    fs.mkdirSync(path, options);
  },
  readdirSync: path => fs.readdirSync(path),
  renameSync: fs.renameSync,
  unlinkSync: fs.unlinkSync,
  rmdirSync: fs.rmdirSync,
};

/** The code of a failed system call: `ENOSPC`. */
export function errorCode(thrown: unknown): string {
  const code = (thrown as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : 'UNKNOWN';
}
