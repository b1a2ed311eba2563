import { closeSync, openSync, readSync } from 'node:fs';

/** No file that we hold is anywhere near this; a runaway read must end. */
const LARGEST_BYTES = 16 * 1024 * 1024;

/**
 * A small kernel file that is opened once and read again and again by position.
 *
 * When a process has run out of descriptors, `open` fails with EMFILE and every reader that opens its file per
 * reading goes blind in just the minute that matters; `pread` on a descriptor that is already there goes on working.
 * Files of /proc and cgroup are made anew at every read from position 0.
 */
export class HeldFile {
  readonly path: string;
  #descriptor: number | undefined;
  #buffer: Buffer;

  /** Opens `path` at once if it can; if not, each {@link readText} tries again. */
  constructor(path: string, sizeHint = 4096) {
    this.path = path;
    this.#buffer = Buffer.allocUnsafeSlow(sizeHint);
    try {
      this.#descriptor = openSync(path, 'r');
    } catch {
      // The error comes from readText(), where it is counted and reported.
    }
  }

  /** Whether the file is open now. */
  get isOpen(): boolean {
    return this.#descriptor !== undefined;
  }

  /**
   * The whole content as Latin-1 text.
   *
   * @throws the error of `open` or `read`, with its `code`
   */
  readText(): string {
    this.#descriptor ??= openSync(this.path, 'r');
    try {
      return this.#readFrom(this.#descriptor);
    } catch (thrown) {
      // Somebody closed it behind our back: it is not ours any more, and the next reading opens the file anew.
      if ((thrown as NodeJS.ErrnoException).code === 'EBADF') this.#descriptor = undefined;
      throw thrown;
    }
  }

  /** Gives the descriptor back. */
  close(): void {
    if (this.#descriptor === undefined) return;
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    try {
      closeSync(descriptor);
    } catch {
      // Somebody closed it behind our back: there is nothing left to give back, and others are still to be closed.
    }
  }

  #readFrom(descriptor: number): string {
    let length = 0;
    for (;;) {
      const read = readSync(descriptor, this.#buffer, length, this.#buffer.length - length, length);
      if (read === 0) return this.#buffer.toString('latin1', 0, length);
      length += read;
      if (length === this.#buffer.length) this.#grow();
    }
  }

  #grow(): void {
    if (this.#buffer.length * 2 > LARGEST_BYTES) {
      throw new RangeError(`${this.path} is larger than ${LARGEST_BYTES} bytes`);
    }
    const larger = Buffer.allocUnsafeSlow(this.#buffer.length * 2);
    this.#buffer.copy(larger);
    this.#buffer = larger;
  }
}
