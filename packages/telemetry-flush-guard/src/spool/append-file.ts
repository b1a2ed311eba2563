import type { FileSystem } from './file-system.js';

/**
 * A file that only ever grows by whole records. What a failed write has left of a record is cut off again; where even that fails, the
 * reader passes over it.
 */
export class AppendFile {
  readonly path: string;
  readonly #files: FileSystem;
  #fd: number | undefined;
  #bytes = 0;

  /**
   * @param isNew whether the file must not be there; otherwise it may be, and is gone on with
   * @throws what `open` and `fstat` throw
   */
  constructor(files: FileSystem, path: string, isNew: boolean) {
    this.#files = files;
    this.path = path;
    const fd = files.openSync(path, isNew ? 'ax' : 'a', 0o600);
    this.#fd = fd;
    if (isNew) return;
    try {
      this.#bytes = files.fstatSync(fd).size;
    } catch (thrown) {
      this.close();
      throw thrown;
    }
  }

  /** Bytes of whole records. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * All of the record, or nothing of it.
   *
   * @throws what `write` throws: ENOSPC, EIO, …
   */
  append(record: Uint8Array): void {
    const fd = this.#fd;
    if (fd === undefined) throw new Error(`${this.path} is closed`);
    let written = 0;
    try {
      // A disk that is nearly full takes a part, and refuses the next.
      while (written < record.length) {
        const count = this.#files.writeSync(fd, record, written, record.length - written);
        if (count <= 0) throw Object.assign(new Error('nothing was written'), { code: 'EIO' });
        written += count;
      }
    } catch (thrown) {
      if (written > 0) this.#cutOff(fd);
      throw thrown;
    }
    this.#bytes += record.length;
  }

  close(): void {
    const fd = this.#fd;
    this.#fd = undefined;
    if (fd !== undefined) this.#files.closeSync(fd);
  }

  #cutOff(fd: number): void {
    try {
      this.#files.ftruncateSync(fd, this.#bytes);
    } catch {
      // The beginning of a record stays there. The next one is found by its sync word.
    }
  }
}
