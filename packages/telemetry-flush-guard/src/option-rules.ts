/** One option: its default, what it may be, and its words for the README table. */
export interface OptionRule<Value> {
  readonly default: Value;
  /** The type as a reader of the README sees it, for instance `number (ms)`. */
  readonly type: string;
  readonly description: string;
  /** What it must be, as the end of the sentence "<option> must be …". */
  readonly mustBe: string;
  /** Whether it is of the right type at all: tells a TypeError from a RangeError. */
  isOfType(value: unknown): boolean;
  /** Asked only of what is of the right type. */
  accepts(value: unknown): boolean;
}

interface Words<Value> {
  readonly default: Value;
  readonly description: string;
}

interface Bounds {
  readonly minimum: number;
  readonly maximum?: number;
}

const isNumber = (value: unknown): value is number => typeof value === 'number';
const isString = (value: unknown): value is string => typeof value === 'string';

/** Node turns a timer of more than 2^31 − 1 ms into one of 1 ms (https://nodejs.org/api/timers.html#settimeoutcallback-delay-args). */
const LONGEST_TIMER_MILLIS = 86_400_000;

/** Whole milliseconds that a timer can wait. */
export function timerMillis({ minimum, ...words }: Words<number> & Bounds): OptionRule<number> {
  return { ...count({ ...words, minimum, maximum: LONGEST_TIMER_MILLIS }), type: 'number (ms)' };
}

/** A whole number within bounds. */
export function count({
  minimum,
  maximum,
  ...words
}: Words<number> & Bounds & { readonly type?: string }): OptionRule<number> {
  return {
    type: 'number',
    ...words,
    mustBe:
      maximum === undefined
        ? `a whole number of at least ${minimum}`
        : `a whole number in [${minimum}, ${maximum}]`,
    isOfType: isNumber,
    accepts: value =>
      Number.isSafeInteger(value) &&
      (value as number) >= minimum &&
      (value as number) <= (maximum ?? Infinity),
  };
}

/** One of a few texts. */
export function choice<const Value extends string>(
  words: Words<NoInfer<Value>> & { readonly values: readonly Value[] },
): OptionRule<Value> {
  const { values, ...rest } = words;
  const spelt = values.map(value => JSON.stringify(value));
  return {
    ...rest,
    type: spelt.join(' | '),
    mustBe: `one of ${spelt.join(', ')}`,
    isOfType: isString,
    accepts: value => (values as readonly unknown[]).includes(value),
  };
}

/** Some of a few texts, or none. */
export function choices<const Value extends string>(
  words: Words<readonly NoInfer<Value>[]> & { readonly values: readonly Value[] },
): OptionRule<readonly Value[]> {
  const { values, ...rest } = words;
  return {
    ...rest,
    type: 'string[]',
    mustBe: `an array of ${values.join(', ')}`,
    isOfType: Array.isArray,
    accepts: value => (value as unknown[]).every(element => (values as readonly unknown[]).includes(element)),
  };
}

/** The path of a folder, or none given. */
export function folder(words: { readonly description: string }): OptionRule<string | undefined> {
  return {
    ...words,
    default: undefined,
    type: 'string',
    mustBe: 'the path of a folder',
    isOfType: isString,
    accepts: value => value !== '' && !(value as string).includes('\0'),
  };
}

/** A function of the caller's, or none. */
export function callback<Callback>(words: {
  readonly type: string;
  readonly description: string;
}): OptionRule<Callback | undefined> {
  return {
    ...words,
    default: undefined,
    mustBe: 'a function',
    isOfType: value => typeof value === 'function',
    accepts: () => true,
  };
}

/** An object with that method, or none. */
export function objectWith<Value>(
  method: string,
  words: { readonly type: string; readonly description: string },
): OptionRule<Value | undefined> {
  return {
    ...words,
    default: undefined,
    mustBe: `an object with ${method}()`,
    isOfType: value =>
      typeof value === 'object' &&
      value !== null &&
      typeof (value as Record<string, unknown>)[method] === 'function',
    accepts: () => true,
  };
}
