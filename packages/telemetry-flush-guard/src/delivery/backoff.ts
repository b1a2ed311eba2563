const FIRST_MILLIS = 1_000;
const LONGEST_MILLIS = 60_000;

/**
 * How long to wait before the next attempt: somewhere between nothing and twice as long as before at most, so that many instances do not
 * come back together.
 *
 * @param failures in a row, at least 1
 * @param random in [0, 1)
 */
export function backoffMillis(failures: number, random: number): number {
  return Math.ceil(random * Math.min(LONGEST_MILLIS, FIRST_MILLIS * 2 ** (failures - 1)));
}
