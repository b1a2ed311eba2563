/** What an item takes in memory beside its text: objects, strings, the entry itself. */
const OVERHEAD_BYTES = 500;

/** Until one has been measured. */
const ASSUMED_BYTES = 1_500;

/**
 * So many are measured at first, and then one of sixteen. It also has the encoder compiled by the time that all which waits is written at
 * the end: for 4,096 items on Node 24 that takes 32 ms instead of 44.
 */
const MEASURED_AT_FIRST = 1_000;
const MEASURED_ONE_OF = 16;

/** How much the latest one weighs in the average. */
const WEIGHT = 1 / 8;

/** About what an item of that text takes in memory, in bytes. */
export function bytesOfText(text: string): number {
  return OVERHEAD_BYTES + 2 * text.length;
}

/** About what items take in memory that are not written, so that their texts are not known: as the ones that were measured last. */
export class AssumedSize {
  #bytes: number | undefined;
  #seen = 0;

  /** @param textOf is asked for now and then; undefined if there is none */
  next(textOf: () => string | undefined): number {
    if (this.#seen < MEASURED_AT_FIRST || this.#seen % MEASURED_ONE_OF === 0) this.#measure(textOf());
    this.#seen += 1;
    return this.#bytes ?? ASSUMED_BYTES;
  }

  #measure(text: string | undefined): void {
    if (text === undefined) return;
    const measured = bytesOfText(text);
    this.#bytes = this.#bytes === undefined ? measured : this.#bytes + (measured - this.#bytes) * WEIGHT;
  }
}
