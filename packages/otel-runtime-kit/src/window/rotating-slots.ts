export interface RotatingSlotsOptions<T> {
  /** Length of the window; more than 0. */
  readonly windowMillis: number;
  /** Into how many slots the window is cut; a whole number of at least 1. */
  readonly slotCount: number;
  /** Makes one slot; called once for each slot, at construction. */
  readonly create: () => T;
  /** Empties a slot before it is used for a new stretch of time. */
  readonly reset: (slot: T) => void;
}

/**
 * A sliding window cut into slots of `windowMillis / slotCount`, which expire as time goes on.
 *
 * ```
 *   time   |  0  |  1  |  2  |  3  |  4 ^ now          slotCount = 4
 *                [====== live =======...]              covered: slots 1 to 3 whole, slot 4 so far
 * ```
 *
 * **Span covered.** Live are the slot of `nowMillis` and the `slotCount - 1` before it, on a grid that starts at time
 * 0. With a slot one s long and now e into its slot (0 <= e < s) that is the last `(slotCount - 1) * s + e`: at least
 * (slotCount - 1) / slotCount of the window, always less than one whole window. What was put in at t is seen for at
 * least (slotCount - 1) / slotCount of a window, and never at t + windowMillis or later.
 *
 * **Idle periods cost nothing and leave nothing behind.** Each slot remembers which stretch of time it belongs to, and
 * is emptied when it is next used; nothing has to be rotated in steps. (Micrometer's TimeWindowSum loses what comes
 * right after an idle period, because only its sibling TimeWindowMax resets there.) Every slot is made by its own call
 * of `create`; prom-client's sliding quantiles use `fill(new X())`, one object in all slots, which counts a value once
 * for every slot.
 *
 * Time only moves forward: a `nowMillis` that goes backwards, or is not a finite number, counts as the latest seen.
 */
export class RotatingSlots<T> {
  readonly windowMillis: number;
  readonly slotCount: number;
  readonly #slots: readonly T[];
  /** Which stretch of time each slot holds, as its number on the grid; -1: never used. */
  readonly #ticks: Float64Array;
  readonly #reset: (slot: T) => void;
  #latestMillis = 0;
  #latestTick = 0;

  /** @throws RangeError for a window or a slot count out of range. */
  constructor({ windowMillis, slotCount, create, reset }: RotatingSlotsOptions<T>) {
    if (!Number.isFinite(windowMillis) || windowMillis <= 0) {
      throw new RangeError(`RotatingSlots: windowMillis must be a finite number > 0, got ${windowMillis}`);
    }
    if (!Number.isSafeInteger(slotCount) || slotCount < 1) {
      throw new RangeError(`RotatingSlots: slotCount must be a whole number >= 1, got ${slotCount}`);
    }
    this.windowMillis = windowMillis;
    this.slotCount = slotCount;
    this.#slots = Array.from({ length: slotCount }, () => create());
    this.#ticks = new Float64Array(slotCount).fill(-1);
    this.#reset = reset;
  }

  /** The slot that `nowMillis` falls into, empty if this is its first use in this stretch of time. */
  current(nowMillis: number): T {
    const tick = this.#advance(nowMillis);
    const index = tick % this.slotCount;
    const slot = this.#slots[index] as T;
    if (this.#ticks[index] !== tick) {
      this.#reset(slot);
      this.#ticks[index] = tick;
    }
    return slot;
  }

  /** The number on the grid of the slot that `nowMillis` falls into: what is live changes with it alone. */
  newestTick(nowMillis: number): number {
    return this.#advance(nowMillis);
  }

  /** Visits the slots in use that have not expired at `nowMillis`, oldest first. */
  forEachLive(nowMillis: number, visit: (slot: T) => void): void {
    const newest = this.#advance(nowMillis);
    for (let tick = Math.max(0, newest - this.slotCount + 1); tick <= newest; tick++) {
      const index = tick % this.slotCount;
      if (this.#ticks[index] === tick) visit(this.#slots[index] as T);
    }
  }

  /**
   * How many milliseconds up to `nowMillis` the live slots stand for: the divisor of a rate or a share. Somebody who
   * started to add later than that divides by their own age instead.
   */
  coveredMillis(nowMillis: number): number {
    const oldest = this.#advance(nowMillis) - this.slotCount + 1;
    return this.#latestMillis - (Math.max(0, oldest) * this.windowMillis) / this.slotCount;
  }

  #advance(nowMillis: number): number {
    if (nowMillis > this.#latestMillis) {
      const tick = Math.floor((nowMillis * this.slotCount) / this.windowMillis);
      // Beyond 2^53 neighbouring ticks are no longer distinct numbers; no clock gets there.
      if (Number.isSafeInteger(tick)) {
        this.#latestMillis = nowMillis;
        this.#latestTick = tick;
      }
    }
    return this.#latestTick;
  }
}
