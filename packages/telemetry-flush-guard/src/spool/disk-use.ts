/** Kept back for the last words of the process, at most: a sixteenth of all if that is less. */
const RESERVE_BYTES = 256 * 1024;

/** Kept free for what is not known before it is written, such as acks, at most: a sixteenth of all if that is less. */
const MARGIN_BYTES = 64 * 1024;

/** How much of the disk the spool of this process takes. */
export class DiskUse {
  readonly limitBytes: number;
  #usedBytes = 0;

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** What is to be kept back on disk. */
  get reserveBytes(): number {
    return Math.min(RESERVE_BYTES, Math.floor(this.limitBytes / 16));
  }

  hasRoomFor(bytes: number): boolean {
    return this.#usedBytes + bytes <= this.#ceilingBytes;
  }

  /** Whether there is room for that once all else is gone. */
  couldHold(bytes: number): boolean {
    return bytes <= this.#ceilingBytes;
  }

  /** Whether there is more than may be. What is kept free for acks may be taken by them. */
  get isOverfull(): boolean {
    return this.#usedBytes > this.limitBytes - this.reserveBytes;
  }

  get #ceilingBytes(): number {
    return this.limitBytes - this.reserveBytes - Math.min(MARGIN_BYTES, this.limitBytes / 16);
  }

  /** @param bytes more than before; fewer if negative */
  changed(bytes: number): void {
    this.#usedBytes += bytes;
  }
}
