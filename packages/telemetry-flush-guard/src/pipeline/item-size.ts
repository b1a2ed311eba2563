/** What an item takes in memory beside its text: objects, strings, the entry itself. */
const OVERHEAD_BYTES = 500;

/** Until one has been measured. */
const ASSUMED_BYTES = 1_500;

/**
 * So many are measured at first, and then one of sixteen. It is also what has the encoder compiled by the time that all which waits is to be
 * written at the end of the process: before that, it takes three times as long.
 */
const MEASURED_AT_FIRST = 2_048;
const MEASURED_ONE_OF = 16;

/** How much the latest one weighs in the average. */
const WEIGHT = 1 / 8;

/** About what an item of that text takes in memory, in bytes. */
export function bytesOfText(text: string): number {
  return OVERHEAD_BYTES + 2 * text.length;
}

/** An item that is not written: about what it takes in memory, and its text if it was measured. */
export interface ItemSize {
  readonly bytes: number;
  readonly text: string | undefined;
}

/** About what items take in memory that are not written: their own texts are known of some of them, and stand for those of the others. */
export class ItemSizes {
  #averageBytes: number | undefined;
  #seen = 0;

  /** @param textOf is asked for now and then; undefined if there is none */
  next(textOf: () => string | undefined): ItemSize {
    const isMeasured = this.#seen < MEASURED_AT_FIRST || this.#seen % MEASURED_ONE_OF === 0;
    this.#seen += 1;
    const text = isMeasured ? textOf() : undefined;
    if (text === undefined) return { bytes: this.#averageBytes ?? ASSUMED_BYTES, text };
    const bytes = bytesOfText(text);
    const average = this.#averageBytes ?? bytes;
    this.#averageBytes = average + (bytes - average) * WEIGHT;
    return { bytes, text };
  }
}
