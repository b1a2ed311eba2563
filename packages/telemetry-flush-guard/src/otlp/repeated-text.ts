import { fragmentOf } from './byte-writer.js';
import type { ByteWriter, Fragment } from './byte-writer.js';

/** A longer text is written anew each time: what is kept of it, once a key, is to be small. */
const LONGEST_TEXT = 128;

/** So often a text has to be the same, one time after the other, before it is kept, which costs as much as to write it some ten times. */
const TIMES = 16;

/** So often nothing is compared after one that was another: to compare texts that differ each time costs more than it saves. */
const REST = 64;

/**
 * The text of one key, if it stays: many attributes have the same in every item, such as a scheme, a host or a version. With six of ten
 * that stay a span takes a quarter less.
 */
export class RepeatedText {
  #text = '';
  #times = 0;
  #rest = 0;
  #written: Fragment | undefined;

  /** What was written for it, if that is known. */
  of(text: string): Fragment | undefined {
    return this.#written !== undefined && text === this.#text ? this.#written : undefined;
  }

  /** Tells what was written last, and not known, from a position on. */
  wrote(text: string, writer: ByteWriter, from: number): void {
    if (this.#rest > 0) {
      this.#rest -= 1;
    } else if (this.#times === 0 && text.length <= LONGEST_TEXT) {
      this.#text = text;
      this.#times = 1;
    } else if (this.#times > 0 && text === this.#text) {
      this.#times += 1;
      if (this.#times === TIMES) this.#written = fragmentOf(writer.written(from));
    } else {
      this.#text = '';
      this.#times = 0;
      this.#rest = REST;
      this.#written = undefined;
    }
  }
}
