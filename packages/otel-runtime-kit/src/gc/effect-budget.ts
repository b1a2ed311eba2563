/** How many collections a second are measured on average: with all that is done for each, up to 1 ms, that is 0.4 %. */
export const MEASURED_PER_SECOND = 4;

/** Unused, it is saved up for so long: a burst, and a start, are measured whole if they have no more than 100. */
const SAVED_SECONDS = 25;

/** Once spent, it takes the savings of some 2.5 to 7.5 s to begin anew: each beginning leaves some collections out. */
const BEGIN_SECONDS = 5;

/** Its multiples, modulo 1, are spread evenly however many there are. */
const GOLDEN_RATIO = 0.618_033_988_749_894_9;

/** A turn of the loop may have many more collections than there is budget for; it is paid off within this. */
const OWED_SECONDS = 60;

/** How many collections may be measured: a token bucket. */
export class EffectBudget {
  readonly #perSecond: number;
  #beginSeconds = BEGIN_SECONDS;
  #pauses = 0;
  #left: number;
  #refilledMillis: number;

  constructor(perSecond: number, nowMillis: number) {
    this.#perSecond = perSecond;
    this.#left = SAVED_SECONDS * perSecond;
    this.#refilledMillis = nowMillis;
  }

  get isSpent(): boolean {
    return this.#left <= 0;
  }

  /** Whether it is worth beginning anew. */
  get isEnough(): boolean {
    return this.#left >= this.#beginSeconds * this.#perSecond;
  }

  /** Whether collections have been fewer than it allows for some time. */
  get isFull(): boolean {
    return this.#left >= SAVED_SECONDS * this.#perSecond;
  }

  /**
   * A pause begins. Each is of another length: what an application does every 5 or 10 s must not always, or never, fall into
   * what is measured.
   */
  beginPause(): void {
    this.#pauses += 1;
    this.#beginSeconds = BEGIN_SECONDS * (0.5 + ((this.#pauses * GOLDEN_RATIO) % 1));
  }

  /** One more is measured. */
  spend(): void {
    this.#left = Math.max(-OWED_SECONDS * this.#perSecond, this.#left - 1);
  }

  refill(nowMillis: number): void {
    const seconds = Math.max(0, nowMillis - this.#refilledMillis) / 1000;
    this.#refilledMillis = nowMillis;
    this.#left = Math.min(SAVED_SECONDS * this.#perSecond, this.#left + seconds * this.#perSecond);
  }
}
