import { join } from 'node:path';
import { AppendFile } from './append-file.js';
import type { FileSystem } from './file-system.js';
import { OWNER_FILE, RESERVE_FILE } from './process-folder.js';

/** One for the next segment of each of some exporters. */
const DESCRIPTORS = 4;

/** What is kept back in a folder for when there is nothing else: descriptors, and room on disk. */
export class Reserves {
  readonly #files: FileSystem;
  readonly #bytes: number;
  #descriptors: number[] = [];
  #folder: string | undefined;
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
    this.#releaseDescriptors();
    this.#folder = folder;
    this.refill();
    const path = join(folder, RESERVE_FILE);
    const file = new AppendFile(this.#files, path, true);
    this.#path = path;
    try {
      file.append(Buffer.alloc(this.#bytes));
    } finally {
      file.close();
    }
  }

  /** Takes as many descriptors as are wanted again. @throws what the file system throws */
  refill(): void {
    if (this.#folder === undefined) return;
    while (this.#descriptors.length < DESCRIPTORS) {
      this.#descriptors.push(this.#files.openSync(join(this.#folder, OWNER_FILE), 'r'));
    }
  }

  /** Releases one. @throws what the file system throws */
  releaseDescriptor(): void {
    const descriptor = this.#descriptors.pop();
    if (descriptor !== undefined) this.#files.closeSync(descriptor);
  }

  /** Releases both. @throws what the file system throws */
  release(): void {
    const path = this.#path;
    this.#path = undefined;
    this.#folder = undefined;
    this.#releaseDescriptors();
    if (path !== undefined) this.#files.unlinkSync(path);
  }

  #releaseDescriptors(): void {
    while (this.#descriptors.length > 0) this.releaseDescriptor();
  }
}
