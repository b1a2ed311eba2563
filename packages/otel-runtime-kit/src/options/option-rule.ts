/** One option: its default, what it may be, and its words for the README table. */
export interface OptionRule<Value> {
  readonly default: Value;
  /** The type as a reader of the README sees it, for instance `number (ms)`. */
  readonly type: string;
  readonly description: string;
  /**
   * Says what is wrong with a value, as the end of the sentence "<option> must be …", or `undefined` if it is fine.
   * `wrongType` tells a TypeError from a RangeError.
   */
  check(value: unknown): { readonly mustBe: string; readonly wrongType: boolean } | undefined;
}

/** A set of options by name. */
export type OptionRules = Readonly<Record<string, OptionRule<unknown>>>;

/** The complete, checked options that a set of rules gives. */
export type ResolvedOptions<Rules extends OptionRules> = {
  readonly [Name in keyof Rules]: Rules[Name] extends OptionRule<infer Value> ? Value : never;
};

interface Words<Value> {
  readonly default: Value;
  readonly description: string;
}

/** true or false. */
export function flag(words: Words<boolean>): OptionRule<boolean> {
  return {
    ...words,
    type: 'boolean',
    check: value => (typeof value === 'boolean' ? undefined : { mustBe: 'true or false', wrongType: true }),
  };
}

interface NumberBounds {
  readonly type: string;
  readonly mustBe: string;
  accepts(value: number): boolean;
}

function numeric(words: Words<number>, bounds: NumberBounds): OptionRule<number> {
  return {
    ...words,
    type: bounds.type,
    check(value) {
      if (typeof value !== 'number') return { mustBe: bounds.mustBe, wrongType: true };
      return bounds.accepts(value) ? undefined : { mustBe: bounds.mustBe, wrongType: false };
    },
  };
}

/**
 * Longest interval of an option, 24 h: beyond 2^31 − 1 ms Node.js silently turns a timer into one of 1 ms
 * (https://nodejs.org/api/timers.html#settimeoutcallback-delay-args).
 */
export const LONGEST_MILLIS = 86_400_000;

/** A duration in milliseconds from `minimum` (default 10) to 24 h; with `zeroIsOff`, 0 as well. */
export function millis(
  words: Words<number> & { readonly minimum?: number; readonly zeroIsOff?: boolean },
): OptionRule<number> {
  const { minimum = 10, zeroIsOff = false, ...rest } = words;
  return numeric(rest, {
    type: 'number (ms)',
    mustBe: `${zeroIsOff ? '0 (off) or ' : ''}milliseconds in [${minimum}, ${LONGEST_MILLIS}]`,
    accepts: value => (zeroIsOff && value === 0) || (value >= minimum && value <= LONGEST_MILLIS),
  });
}

/** A share in (0, 1]. */
export function ratio(words: Words<number>): OptionRule<number> {
  return numeric(words, { type: 'number', mustBe: 'in (0, 1]', accepts: value => value > 0 && value <= 1 });
}

/** A whole number from `minimum` up. */
export function count(words: Words<number> & { readonly minimum: number }): OptionRule<number> {
  const { minimum, ...rest } = words;
  return numeric(rest, {
    type: 'number',
    mustBe: `a whole number of at least ${minimum}`,
    accepts: value => Number.isSafeInteger(value) && value >= minimum,
  });
}

/** A function of the caller's, or none. */
export function callback<Callback extends (...parameters: never[]) => unknown>(words: {
  readonly type: string;
  readonly description: string;
}): OptionRule<Callback | undefined> {
  return {
    ...words,
    default: undefined,
    check: value => (typeof value === 'function' ? undefined : { mustBe: 'a function', wrongType: true }),
  };
}

/** One of a few given values. */
export function choice<const Value extends string | boolean>(
  words: Words<NoInfer<Value>> & { readonly values: readonly Value[] },
): OptionRule<Value> {
  const { values, ...rest } = words;
  const spelt = values.map(value => JSON.stringify(value));
  return {
    ...rest,
    type: spelt.join(' | '),
    check: value =>
      (values as readonly unknown[]).includes(value)
        ? undefined
        : {
            mustBe: `one of ${spelt.join(', ')}`,
            wrongType: !values.some(one => typeof one === typeof value),
          },
  };
}

/** A whole number of bytes > 0, or none. */
export function optionalBytes(words: { readonly description: string }): OptionRule<number | undefined> {
  const mustBe = 'a whole number of bytes > 0';
  return {
    ...words,
    default: undefined,
    type: 'number (bytes)',
    check(value) {
      if (typeof value !== 'number') return { mustBe, wrongType: true };
      return Number.isSafeInteger(value) && value > 0 ? undefined : { mustBe, wrongType: false };
    },
  };
}

/** Most boundaries of a histogram: each is a series. */
const MOST_BOUNDARIES = 100;

/** The boundaries of a histogram's buckets: numbers > 0 that rise. */
export function bucketBoundaries(words: Words<readonly number[]>): OptionRule<readonly number[]> {
  const mustBe = `an array of 1 to ${MOST_BOUNDARIES} numbers > 0 that rise`;
  return {
    ...words,
    type: 'number[] (s)',
    check(value) {
      if (!Array.isArray(value)) return { mustBe, wrongType: true };
      const numbers = value as readonly unknown[];
      if (numbers.length === 0 || numbers.length > MOST_BOUNDARIES) return { mustBe, wrongType: false };
      // A copy has no holes, which `every` would pass over.
      const rises = Array.from(numbers).every((number, index, all) => {
        const before = index === 0 ? 0 : all[index - 1];
        return (
          typeof number === 'number' && typeof before === 'number' && number > before && number < Infinity
        );
      });
      return rises ? undefined : { mustBe, wrongType: false };
    },
  };
}
