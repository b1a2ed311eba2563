/** How long the profiler rests after its records held too much memory: one major collection is provoked for each rest. */
const REST_MILLIS = 600_000;

/** A provoked major collection that was under way already frees nothing: it is tried again, at the latest after this. */
const PROVOKE_AGAIN_MILLIS = 60_000;

/** How long after a major collection its end of a recording is known for certain: a turn of the loop or two. */
const COLLECTED_MILLIS = 1_000;

/**
 * The rest of the profiler when aged recordings hold too much: only a major collection frees them, and none is near
 * (docs/decisions/0006-gc-source.md).
 */
export class EffectRest {
  #isResting = false;
  #untilMillis = -Infinity;
  #provokedMillis = -Infinity;
  /** When a major collection that came after that ended. */
  #majorMillis = Infinity;

  get isResting(): boolean {
    return this.#isResting;
  }

  /** Begins one; a major collection is provoked with it. */
  begin(nowMillis: number): void {
    this.#isResting = true;
    this.#untilMillis = nowMillis + REST_MILLIS;
    this.#provoke(nowMillis);
  }

  /** There was a major collection, which ended then. */
  sawMajor(endMillis: number): void {
    if (endMillis > this.#provokedMillis) this.#majorMillis = Math.min(this.#majorMillis, endMillis);
  }

  /** Whether a major collection has to be provoked once more. @param waiting recordings that are not collected yet */
  shallProvokeAgain(nowMillis: number, waiting: number): boolean {
    if (!this.#isResting || waiting === 0) return false;
    const againMillis = this.#provokedMillis + PROVOKE_AGAIN_MILLIS;
    if (nowMillis < Math.min(againMillis, this.#majorMillis + COLLECTED_MILLIS)) return false;
    this.#provoke(nowMillis);
    return true;
  }

  /** Ends it when its time has come. @param waiting recordings that are not collected yet */
  endIfOver(nowMillis: number, waiting: number): void {
    if (nowMillis >= this.#untilMillis && waiting === 0) this.#isResting = false;
  }

  #provoke(nowMillis: number): void {
    this.#provokedMillis = nowMillis;
    this.#majorMillis = Infinity;
  }
}
