/** Bounds of the waits between attempts. */
export interface RetryWaits {
  /** The longest before the second attempt. */
  readonly retryFirstMillis: number;
  /** The longest there is. */
  readonly retryLongestMillis: number;
}

/**
 * How long to wait before the next attempt: somewhere between nothing and twice as long as before at most, so that many instances do not
 * come back together.
 *
 * @param failures in a row, at least 1
 * @param random in [0, 1)
 */
export function backoffMillis(
  failures: number,
  random: number,
  { retryFirstMillis, retryLongestMillis }: RetryWaits,
): number {
  return Math.ceil(random * Math.min(retryLongestMillis, retryFirstMillis * 2 ** (failures - 1)));
}
