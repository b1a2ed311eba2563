/** What an item takes in memory beside its text: objects, strings, the entry itself. */
const OVERHEAD_BYTES = 500;

/** Until one has been measured. */
const ASSUMED_BYTES = 1_500;

/** One of so many is measured. It also has what will write them all at the end compiled by then. */
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
  #unmeasured = 0;

  /** @param textOf is asked for now and then; undefined if there is none */
  next(textOf: () => string | undefined): number {
    this.#unmeasured -= 1;
    if (this.#unmeasured < 0) {
      this.#unmeasured = MEASURED_ONE_OF - 1;
      this.#measure(textOf());
    }
    return this.#bytes ?? ASSUMED_BYTES;
  }

  #measure(text: string | undefined): void {
    if (text === undefined) return;
    const measured = bytesOfText(text);
    this.#bytes = this.#bytes === undefined ? measured : this.#bytes + (measured - this.#bytes) * WEIGHT;
  }
}
