import { join } from 'node:path';
import { AppendFile } from './append-file.js';
import type { FileSystem } from './file-system.js';
import { OWNER_FILE, RESERVE_FILE } from './process-folder.js';

/** What is kept back in a folder for when there is nothing else: a descriptor, and room on disk. */
export class Reserves {
  readonly #files: FileSystem;
  readonly #bytes: number;
  #descriptor: number | undefined;
  #path: string | undefined;

  /** @param bytes kept back on disk */
  constructor(files: FileSystem, bytes: number) {
    this.#files = files;
    this.#bytes = bytes;
  }

  /**
   * Takes them anew, in another folder. What was kept in the one before is its heir's.
   *
   * @throws what the file system throws
   */
  take(folder: string): void {
    this.releaseDescriptor();
    this.#descriptor = this.#files.openSync(join(folder, OWNER_FILE), 'r');
    const path = join(folder, RESERVE_FILE);
    const file = new AppendFile(this.#files, path, true);
    this.#path = path;
    try {
      file.append(Buffer.alloc(this.#bytes));
    } finally {
      file.close();
    }
  }

  /** @throws what the file system throws */
  releaseDescriptor(): void {
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    if (descriptor !== undefined) this.#files.closeSync(descriptor);
  }

  /** Releases both. @throws what the file system throws */
  release(): void {
    const path = this.#path;
    this.#path = undefined;
    this.releaseDescriptor();
    if (path !== undefined) this.#files.unlinkSync(path);
  }
}
