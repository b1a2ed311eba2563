import { RotatingSlots } from './rotating-slots.js';

export interface WindowSumOptions {
  readonly windowMillis: number;
  /** Default 10: the sum stands for the last 90 to 100 % of the window. */
  readonly slotCount?: number;
}

interface SumSlot {
  sum: number;
  count: number;
}

/**
 * Sum and count of what was added during the window; the span covered is that of {@link RotatingSlots}.
 *
 * Nothing is ever subtracted, each slot has its own sum: rounding errors leave the window with the slot they are in.
 */
export class WindowSum {
  readonly #slots: RotatingSlots<SumSlot>;
  #ignored = 0;

  /** @throws RangeError for a window or a slot count out of range. */
  constructor({ windowMillis, slotCount = 10 }: WindowSumOptions) {
    this.#slots = new RotatingSlots<SumSlot>({
      windowMillis,
      slotCount,
      create: () => ({ sum: 0, count: 0 }),
      reset: slot => {
        slot.sum = 0;
        slot.count = 0;
      },
    });
  }

  /** Values that were not finite, since construction: one of them would spoil the sum for a whole window. */
  get ignored(): number {
    return this.#ignored;
  }

  add(nowMillis: number, value: number): void {
    if (!Number.isFinite(value)) {
      this.#ignored += 1;
      return;
    }
    const slot = this.#slots.current(nowMillis);
    slot.sum += value;
    slot.count += 1;
  }

  sum(nowMillis: number): number {
    let sum = 0;
    this.#slots.forEachLive(nowMillis, slot => {
      sum += slot.sum;
    });
    return sum;
  }

  count(nowMillis: number): number {
    let count = 0;
    this.#slots.forEachLive(nowMillis, slot => {
      count += slot.count;
    });
    return count;
  }

  /** The milliseconds that sum and count stand for; see {@link RotatingSlots.coveredMillis}. */
  coveredMillis(nowMillis: number): number {
    return this.#slots.coveredMillis(nowMillis);
  }
}
