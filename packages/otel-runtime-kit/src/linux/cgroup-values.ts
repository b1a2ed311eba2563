/**
 * From here on a number is no limit but a spelling of "unlimited": 9223372036854771712 (LONG_MAX in whole pages of
 * 4 KiB; other page sizes give others), 9223372036854775807, 18446744073709551615. None is exact as a double.
 */
const UNLIMITED_FROM_BYTES = 2 ** 53;

/** A limit in bytes; `null` is "unlimited", `undefined` is "the file does not say". */
export type LimitValue = number | null | undefined;

/**
 * Reads a file that holds one limit: `memory.max`, `memory.high`, `memory.swap.max`, `memory.limit_in_bytes`.
 *
 * @returns bytes, `null` for "unlimited" in any spelling, `undefined` for text that is no limit
 */
export function parseLimit(text: string): LimitValue {
  const word = text.trim();
  if (word === 'max' || word === '-1') return null;
  return limitOf(parseCount(word));
}

/** What a number that stands for a limit means. */
export function limitOf(bytes: number | undefined): LimitValue {
  return bytes === undefined || bytes < UNLIMITED_FROM_BYTES ? bytes : null;
}

/** Reads a file that holds one whole number, such as `memory.current`; `undefined` for anything else. */
export function parseCount(text: string): number | undefined {
  const word = text.trim();
  return word !== '' && endOfDigits(word, 0) === word.length ? Number(word) : undefined;
}

/**
 * Reads one line of a "flat keyed" file (`memory.stat`, `memory.events`, `memory.oom_control`): `KEY VALUE\n…`.
 *
 * @returns `undefined` if there is no such line or its value is no whole number
 */
export function keyedValue(text: string, key: string): number | undefined {
  let start = key.length + 1;
  if (!text.startsWith(`${key} `)) {
    const line = text.indexOf(`\n${key} `);
    if (line < 0) return undefined;
    start += line + 1;
  }
  const end = endOfDigits(text, start);
  // A value that goes on as something else, "12k", is none.
  if (end === start || (end < text.length && text.charCodeAt(end) !== LINE_FEED)) return undefined;
  return Number(text.slice(start, end));
}

/**
 * The limit that is in force: the lowest of a cgroup's own and those of the cgroups above it.
 *
 * A limit of 0 is left out (nothing could run in it), and one that is higher than all the memory of the host is none:
 * it can never be reached. Equal to it may well be: LXCFS shows a container its limit as the host's memory.
 *
 * @param hostTotalBytes `Infinity` if it is not known
 * @returns `null` if there is no limit
 */
export function effectiveLimit(limits: readonly LimitValue[], hostTotalBytes: number): number | null {
  const lowest = lowestLimit(limits.filter(limit => limit !== 0));
  return lowest === null || lowest > hostTotalBytes ? null : lowest;
}

/** The lowest of limits of which 0 is one like any other, as it is for swap; `null` if there is none. */
export function lowestLimit(limits: readonly LimitValue[]): number | null {
  let lowest: number | null = null;
  for (const limit of limits) {
    if (limit !== null && limit !== undefined && (lowest === null || limit < lowest)) lowest = limit;
  }
  return lowest;
}

const LINE_FEED = 10;
const DIGIT_0 = 48;
const DIGIT_9 = 57;

function endOfDigits(text: string, start: number): number {
  let end = start;
  for (;;) {
    const code = text.charCodeAt(end);
    // NaN, at the end of the text, is not within either.
    if (!(code >= DIGIT_0 && code <= DIGIT_9)) return end;
    end += 1;
  }
}
