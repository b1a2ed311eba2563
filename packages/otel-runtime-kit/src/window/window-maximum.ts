import { RotatingSlots } from './rotating-slots.js';

export interface WindowMaximumOptions {
  readonly windowMillis: number;
  /** Default 10: the maximum stands for the last 90 to 100 % of the window. */
  readonly slotCount?: number;
}

/** The exact maximum of what was added during the window; the span covered is that of {@link RotatingSlots}. */
export class WindowMaximum {
  readonly #slots: RotatingSlots<{ maximum: number }>;
  #ignored = 0;

  /** @throws RangeError for a window or a slot count out of range. */
  constructor({ windowMillis, slotCount = 10 }: WindowMaximumOptions) {
    this.#slots = new RotatingSlots({
      windowMillis,
      slotCount,
      create: () => ({ maximum: -Infinity }),
      reset: slot => {
        slot.maximum = -Infinity;
      },
    });
  }

  /** Values that were not finite, since construction. */
  get ignored(): number {
    return this.#ignored;
  }

  add(nowMillis: number, value: number): void {
    if (!Number.isFinite(value)) {
      this.#ignored += 1;
      return;
    }
    const slot = this.#slots.current(nowMillis);
    if (value > slot.maximum) slot.maximum = value;
  }

  /** `undefined` when nothing was added during the window. */
  maximum(nowMillis: number): number | undefined {
    let maximum = -Infinity;
    this.#slots.forEachLive(nowMillis, slot => {
      if (slot.maximum > maximum) maximum = slot.maximum;
    });
    return maximum === -Infinity ? undefined : maximum;
  }
}
