import { tell } from './tell.js';

/** The longest that a timer of Node can be set to. Beyond it, or not a number, it would ring at once. */
const LONGEST_MILLIS = 2_147_483_647;

/**
 * The time that a flush is given.
 *
 * Nothing is thrown for one that cannot be, as a flush never rejects: that is said, once, and the budget is taken instead.
 */
export class FlushTime {
  readonly #budgetMillis: number;
  #hasComplained = false;

  constructor(budgetMillis: number) {
    this.#budgetMillis = budgetMillis;
  }

  /** @param given a finite number of milliseconds, not negative; undefined: the budget */
  millisOf(given: unknown): number {
    if (given === undefined) return this.#budgetMillis;
    if (typeof given === 'number' && Number.isFinite(given) && given >= 0) {
      return Math.min(given, LONGEST_MILLIS);
    }
    if (!this.#hasComplained) {
      this.#hasComplained = true;
      tell(
        'warn',
        `flush() was given timeoutMillis ${nameOf(given)}, which is no finite number from 0; its time is ${this.#budgetMillis} ms instead (said once)`,
      );
    }
    return this.#budgetMillis;
  }
}

/** `NaN`, `"5 s"`, `an object`. */
function nameOf(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'object':
      return value === null ? 'null' : 'an object';
    case 'function':
      return 'a function';
    default:
      return String(value);
  }
}
