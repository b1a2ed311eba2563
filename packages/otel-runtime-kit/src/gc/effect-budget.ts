/** How many collections a second are measured on average: with all that is done for each, up to 1 ms, that is 0.4 %. */
export const MEASURED_PER_SECOND = 4;

/** Unused, it is saved up for so long: a burst, and a start, are measured whole if they have no more than 100. */
const SAVED_SECONDS = 25;

/** Once spent, it takes the savings of so long to begin anew: each beginning leaves some collections out. */
const BEGIN_SECONDS = 5;

/** A turn of the loop may have many more collections than there is budget for; it is paid off within this. */
const OWED_SECONDS = 60;

/** How many collections may be measured: a token bucket. */
export class EffectBudget {
  readonly #perSecond: number;
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
    return this.#left >= BEGIN_SECONDS * this.#perSecond;
  }

  /** Whether collections have been fewer than it allows for some time. */
  get isFull(): boolean {
    return this.#left >= SAVED_SECONDS * this.#perSecond;
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
