interface Timer {
  dueMillis: number;
  readonly everyMillis: number | undefined;
  readonly callback: () => void;
}

/** A clock whose hands the test turns. Has the shape of the kit's `Clock`. */
export class FakeClock {
  #nowMillis: number;
  readonly #epochAtZeroMillis: number;
  readonly #timers = new Set<Timer>();

  constructor({ nowMillis = 0, epochMillis = 1_800_000_000_000 } = {}) {
    this.#nowMillis = nowMillis;
    this.#epochAtZeroMillis = epochMillis - nowMillis;
  }

  nowMillis(): number {
    return this.#nowMillis;
  }

  epochMillis(): number {
    return this.#epochAtZeroMillis + this.#nowMillis;
  }

  repeat(intervalMillis: number, callback: () => void): () => void {
    return this.#schedule({
      dueMillis: this.#nowMillis + intervalMillis,
      everyMillis: intervalMillis,
      callback,
    });
  }

  later(delayMillis: number, callback: () => void): () => void {
    return this.#schedule({ dueMillis: this.#nowMillis + delayMillis, everyMillis: undefined, callback });
  }

  /** Timers that are set. */
  get timerCount(): number {
    return this.#timers.size;
  }

  /** Moves on and fires, in order, every timer that comes due on the way. */
  advance(millis: number): void {
    const endMillis = this.#nowMillis + millis;
    for (;;) {
      const next = this.#firstDue(endMillis);
      if (next === undefined) break;
      this.#nowMillis = next.dueMillis;
      this.#fire(next);
    }
    this.#nowMillis = endMillis;
  }

  /** Jumps as a suspended machine does: timers that came due fire once, all at the end. */
  jump(millis: number): void {
    this.#nowMillis += millis;
    for (const timer of [...this.#timers]) {
      if (timer.dueMillis > this.#nowMillis || !this.#timers.has(timer)) continue;
      timer.dueMillis = this.#nowMillis;
      this.#fire(timer);
    }
  }

  #schedule(timer: Timer): () => void {
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  #firstDue(untilMillis: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.dueMillis <= untilMillis && (first === undefined || timer.dueMillis < first.dueMillis))
        first = timer;
    }
    return first;
  }

  #fire(timer: Timer): void {
    if (timer.everyMillis === undefined) this.#timers.delete(timer);
    else timer.dueMillis += timer.everyMillis;
    timer.callback();
  }
}
