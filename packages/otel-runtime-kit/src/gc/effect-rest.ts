/**
 * Collections per second above which the profiler rests: with all that is done for each, which takes 100 to 350 µs, they
 * would cost more than 1 or 2 % of the time.
 */
const MOST_GCS_PER_SECOND = 50;

/** Fewer than this in one interval are no rate: two ticks may lie close together. */
const LEAST_GCS = 50;

/** How long it rests after so high a rate, before it is tried again. */
const REST_MILLIS = 60_000;

/** How long it rests after its records held too much memory: one major collection is provoked for each such rest. */
const MEMORY_REST_MILLIS = 600_000;

/** A provoked major collection that was under way already frees nothing: it is tried again, at the latest after this. */
const PROVOKE_AGAIN_MILLIS = 60_000;

/** How long after a major collection its end of a recording is known for certain: a turn of the loop or two. */
const COLLECTED_MILLIS = 1_000;

/** Why the profiler rests. */
export type RestReason = 'rate' | 'memory';

/** When the profiler of heap effects rests, and for how long. */
export class EffectRest {
  #untilMillis = -Infinity;
  #reason: RestReason | undefined;
  #provokedMillis = -Infinity;
  /** When a major collection that came after that ended. */
  #majorMillis = Infinity;

  /** `undefined` while it does not rest. */
  get reason(): RestReason | undefined {
    return this.#reason;
  }

  /** Whether collections come too fast; begins a rest if so. */
  isTooFast(gcs: number, elapsedMillis: number, nowMillis: number): boolean {
    if (elapsedMillis <= 0 || gcs < LEAST_GCS) return false;
    if ((gcs * 1000) / elapsedMillis <= MOST_GCS_PER_SECOND) return false;
    this.#begin('rate', nowMillis + REST_MILLIS);
    return true;
  }

  /**
   * Aged recordings hold too much: only a major collection frees them, and none is near
   * (docs/decisions/0006-gc-source.md).
   */
  beginForMemory(nowMillis: number): void {
    this.#begin('memory', nowMillis + MEMORY_REST_MILLIS);
    this.#provoke(nowMillis);
  }

  /** There was a major collection, which ended then. */
  sawMajor(endMillis: number): void {
    if (endMillis > this.#provokedMillis) this.#majorMillis = Math.min(this.#majorMillis, endMillis);
  }

  /** Whether a major collection has to be provoked once more. @param waiting recordings that are not collected yet */
  shallProvokeAgain(nowMillis: number, waiting: number): boolean {
    if (this.#reason !== 'memory' || waiting === 0) return false;
    const againMillis = this.#provokedMillis + PROVOKE_AGAIN_MILLIS;
    if (nowMillis < Math.min(againMillis, this.#majorMillis + COLLECTED_MILLIS)) return false;
    this.#provoke(nowMillis);
    return true;
  }

  /** Whether it is over; ends it if so. @param waiting recordings that are not collected yet */
  isOver(nowMillis: number, waiting: number): boolean {
    if (nowMillis < this.#untilMillis || waiting > 0) return false;
    this.#reason = undefined;
    return true;
  }

  #provoke(nowMillis: number): void {
    this.#provokedMillis = nowMillis;
    this.#majorMillis = Infinity;
  }

  #begin(reason: RestReason, untilMillis: number): void {
    this.#reason = reason;
    this.#untilMillis = untilMillis;
  }
}
