import type { Payload } from '../items/item-form.js';

/** What an item takes in memory beside its text: objects, strings, the entry itself. */
const OVERHEAD_BYTES = 500;

/** As above, of one that is kept as bytes: a view, a place, an entry. */
const OVERHEAD_OF_BYTES = 250;

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

/** About what an item that is written so takes in memory, in bytes: as an object if it is written as text. */
export function bytesOfPayload(payload: Payload): number {
  return bytesInMemory(payload.length, typeof payload !== 'string');
}

/** As {@link bytesOfPayload}, of a payload of that length. `isKeptAsBytes`: no object is made of it. */
export function bytesInMemory(length: number, isKeptAsBytes: boolean): number {
  return isKeptAsBytes ? OVERHEAD_OF_BYTES + length : OVERHEAD_BYTES + 2 * length;
}

/** An item that is not written: about what it takes in memory, and how it is written if it was measured. */
export interface ItemSize {
  readonly bytes: number;
  readonly payload: Payload | undefined;
}

/** About what items take in memory that are not written: how some of them are written is known, and stands for the others. */
export class ItemSizes {
  #averageBytes: number | undefined;
  #seen = 0;

  /** @param payloadOf is asked for now and then; undefined if there is none */
  next(payloadOf: () => Payload | undefined): ItemSize {
    const isMeasured = this.#seen < MEASURED_AT_FIRST || this.#seen % MEASURED_ONE_OF === 0;
    this.#seen += 1;
    const payload = isMeasured ? payloadOf() : undefined;
    if (payload === undefined) return { bytes: this.#averageBytes ?? ASSUMED_BYTES, payload };
    const bytes = bytesOfPayload(payload);
    const average = this.#averageBytes ?? bytes;
    this.#averageBytes = average + (bytes - average) * WEIGHT;
    return { bytes, payload };
  }
}
