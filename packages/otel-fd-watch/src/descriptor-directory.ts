import { closeSync, fstatSync, openSync, readdirSync, statSync } from 'node:fs';

/** What is held open where the folder itself is of no use: a listing needs to open as much. */
const RESERVE_PATH = process.platform === 'win32' ? '\\\\.\\nul' : '/dev/null';

/** The folder in which the kernel lists a process's open descriptors. */
export interface DescriptorDirectoryOptions {
  readonly path: string;
  /** Whether a listing contains the descriptor that it is made with: true for /proc/self/fd and /dev/fd. */
  readonly listsItself: boolean;
  /** Whether the folder's `size` may be the number of descriptors: only in procfs, and there from Linux 6.2 on. */
  readonly sizeMayCount: boolean;
}

/**
 * Lists the open descriptors, also when there is none left to list them with.
 *
 * Opening a folder takes a descriptor. One is held in reserve, is given up for the moment of a listing that fails
 * with EMFILE, and taken back right after. It is an ordinary descriptor of the process and counts as one. In procfs it is
 * of the folder itself, whose size is asked for through it: that takes half the time of a `stat` by path.
 */
export class DescriptorDirectory {
  readonly path: string;
  readonly sizeMayCount: boolean;
  readonly #listsItself: boolean;
  #reserve: number | undefined;
  /** What the reserve is open on: whoever closes it behind our back may have another file of that number. */
  #reserveIs: { readonly dev: number; readonly ino: number } | undefined;

  constructor({ path, listsItself, sizeMayCount }: DescriptorDirectoryOptions) {
    this.path = path;
    this.sizeMayCount = sizeMayCount;
    this.#listsItself = listsItself;
    this.#takeReserve();
  }

  /** `size` of the folder, which on Linux ≥ 6.2 is the number of open descriptors (torvalds/linux@f1f1f2569901). */
  statSize(): number {
    return this.#heldSize() ?? statSync(this.path).size;
  }

  /**
   * Number of open descriptors by listing them, in O(n).
   *
   * @throws the error of `opendir`, with its `code`
   */
  listedCount(): number {
    const { names, usedReserve } = this.#list();
    // The listing's own descriptor is in the list. If it took the reserve's place, it stands for the reserve.
    return names.length - (this.#listsItself && !usedReserve ? 1 : 0);
  }

  /**
   * Numbers of the open descriptors, as names in the folder, among them the one of the listing itself.
   *
   * @throws the error of `opendir`, with its `code`
   */
  list(): string[] {
    return this.#list().names;
  }

  /** Gives the reserve back. */
  close(): void {
    if (this.#reserve === undefined) return;
    const reserve = this.#reserve;
    this.#reserve = undefined;
    try {
      if (this.#isReserve(fstatSync(reserve))) closeSync(reserve);
    } catch {
      // Somebody closed it behind our back: there is nothing left to give back.
    }
  }

  #heldSize(): number | undefined {
    if (!this.sizeMayCount) return undefined;
    if (this.#reserve === undefined) this.#takeReserve();
    if (this.#reserve === undefined) return undefined;
    try {
      const found = fstatSync(this.#reserve);
      if (this.#isReserve(found)) return found.size;
    } catch {
      // EBADF.
    }
    // Somebody closed it behind our back, and the number may be another's by now: it is not ours to close.
    this.#reserve = undefined;
    return undefined;
  }

  #list(): { names: string[]; usedReserve: boolean } {
    if (this.#reserve === undefined) this.#takeReserve();
    try {
      return { names: readdirSync(this.path), usedReserve: false };
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'EMFILE' || this.#reserve === undefined) throw thrown;
      this.close();
      try {
        return { names: readdirSync(this.path), usedReserve: true };
      } finally {
        this.#takeReserve();
      }
    }
  }

  #isReserve({ dev, ino }: { readonly dev: number; readonly ino: number }): boolean {
    return dev === this.#reserveIs?.dev && ino === this.#reserveIs.ino;
  }

  #takeReserve(): void {
    try {
      this.#reserve = openSync(this.sizeMayCount ? this.path : RESERVE_PATH, 'r');
      this.#reserveIs = fstatSync(this.#reserve);
    } catch {
      // None left just now: tried again before the next listing.
    }
  }
}
