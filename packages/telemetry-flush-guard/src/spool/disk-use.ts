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

  get isFull(): boolean {
    return this.#usedBytes >= this.limitBytes;
  }

  /** @param bytes more than before; fewer if negative */
  changed(bytes: number): void {
    this.#usedBytes += bytes;
  }
}
