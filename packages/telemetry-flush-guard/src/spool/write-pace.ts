/** A write that takes so long is slow. */
const SLOW_MILLIS = 50;

/** So many of them, and the host is better off without the disk. */
const MOST_SLOW_WRITES = 3;

/** One slow write among so many is forgotten: 1 %. */
const FAST_FOR_A_SLOW = 100;

/** Each write holds the loop up. One may be slow, a disk may not. */
export class WritePace {
  #slow = 0;

  /** @returns whether the disk is too slow; then the count begins anew */
  isTooSlow(millis: number): boolean {
    if (millis < SLOW_MILLIS) {
      if (this.#slow > 0) this.#slow -= 1 / FAST_FOR_A_SLOW;
      return false;
    }
    this.#slow += 1;
    if (this.#slow < MOST_SLOW_WRITES) return false;
    this.#slow = 0;
    return true;
  }
}
