import { ByteWriter, SHORT_TEXT, fragmentOf } from './byte-writer.js';
import type { Fragment } from './byte-writer.js';
import { expectTime, numberIn } from './plain-numbers.js';
import type { HrTime } from '../items/otel-types.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const DIGIT_0 = 0x30;

/** 1 for what JSON.stringify escapes in ASCII. */
const ESCAPED = Uint8Array.from({ length: 128 }, (_, code) =>
  code < 0x20 || code === QUOTE || code === BACKSLASH ? 1 : 0,
);

/** Anything that is escaped, or takes more than one byte. */
const NOT_PLAIN = /[^ !#-[\]-\x7f]/;

const NANOS_PER_SECOND = 1_000_000_000;
const NANO_DIGITS = 9;

/** Numbers below are written digit by digit, which is faster than to make a text of them. */
const SMALL = 1_000_000;

const NULL = fragmentOf('null');

/** JSON, the very bytes that JSON.stringify makes. */
export class JsonWriter extends ByteWriter {
  #second = -1;
  #secondDigits: Fragment = NULL;

  /** A text; what is none, which an application in plain JavaScript may hand in, as JSON.stringify has it. */
  text(value: string): void {
    if (typeof value !== 'string') this.utf8(JSON.stringify(value));
    else if (value.length > SHORT_TEXT || !this.#shortText(value)) this.#longText(value);
  }

  /** A number, or null for what JSON has not. */
  number(value: number): void {
    if (value >= 0 && value < SMALL && Number.isInteger(value)) this.#digits(value);
    else if (Number.isFinite(value)) this.ascii(String(value));
    else this.fragment(NULL);
  }

  /** Nothing for undefined. */
  textField(name: Fragment, value: string | undefined): void {
    if (value === undefined) return;
    this.fragment(name);
    this.text(value);
  }

  /**
   * Nothing for undefined.
   *
   * @throws TypeError for what is no number
   */
  numberField(name: Fragment, value: number | null | undefined): void {
    const number = numberIn(value);
    if (number === undefined) return;
    this.fragment(name);
    this.number(number ?? NaN);
  }

  /**
   * A time in nanoseconds, as a text.
   *
   * @throws RangeError for one that is none
   */
  time(time: HrTime): void {
    expectTime(time);
    const second = Math.trunc(time[0]);
    const nanos = Math.trunc(time[1]);
    this.byte(QUOTE);
    if (second > 0 && Number.isSafeInteger(second) && nanos >= 0 && nanos < NANOS_PER_SECOND) {
      // Many items are of the same second.
      if (second !== this.#second) {
        this.#second = second;
        this.#secondDigits = fragmentOf(String(second));
      }
      this.fragment(this.#secondDigits);
      this.#paddedDigits(nanos, NANO_DIGITS);
    } else this.ascii(String(BigInt(second) * BigInt(NANOS_PER_SECOND) + BigInt(nanos)));
    this.byte(QUOTE);
  }

  /** False, and nothing, if it is not plain. */
  #shortText(text: string): boolean {
    const { length } = text;
    this.ensure(length + 2);
    const { bytes } = this;
    let at = this.position;
    bytes[at++] = QUOTE;
    let odd = 0;
    for (let index = 0; index < length; index += 1) {
      const code = text.charCodeAt(index);
      // eslint-disable-next-line @typescript-eslint/no-non-null-assertion -- within bounds
      odd |= (code >>> 7) | ESCAPED[code & 0x7f]!;
      bytes[at++] = code;
    }
    if (odd !== 0) return false;
    bytes[at++] = QUOTE;
    this.position = at;
    return true;
  }

  #longText(text: string): void {
    if (NOT_PLAIN.test(text)) {
      this.utf8(JSON.stringify(text));
      return;
    }
    this.byte(QUOTE);
    this.ascii(text);
    this.byte(QUOTE);
  }

  #digits(value: number): void {
    this.#paddedDigits(
      value,
      value < 10 ? 1 : value < 100 ? 2 : value < 1_000 ? 3 : value < 10_000 ? 4 : value < 100_000 ? 5 : 6,
    );
  }

  #paddedDigits(value: number, digits: number): void {
    this.ensure(digits);
    const { bytes } = this;
    let rest = value | 0;
    for (let at = this.position + digits - 1; at >= this.position; at -= 1) {
      const tenth = (rest / 10) | 0;
      bytes[at] = DIGIT_0 + rest - tenth * 10;
      rest = tenth;
    }
    this.position += digits;
  }
}
