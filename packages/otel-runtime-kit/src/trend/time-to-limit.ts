/** The default horizon: further ahead than a week no linear projection is worth stating. */
export const SEVEN_DAYS_SECONDS = 604_800;

export interface TimeToLimitInput {
  /** Current value, in the unit of the limit. */
  readonly current: number;
  /** Infinity where there is no limit. */
  readonly limit: number;
  /** Growth in that unit per second; `undefined` where no trend is known. */
  readonly slopePerSecond: number | undefined;
  /** The longest time that is reported; default {@link SEVEN_DAYS_SECONDS}. */
  readonly horizonSeconds?: number;
}

/**
 * Seconds until `current` reaches `limit` if it goes on growing at this slope: 0 where it has already, the horizon
 * where it is not growing, growing too slowly, or where nothing is known. So there is always a number to report, and
 * an alert on "less than an hour" needs no rule for series that come and go.
 */
export function timeToLimitSeconds({
  current,
  limit,
  slopePerSecond,
  horizonSeconds = SEVEN_DAYS_SECONDS,
}: TimeToLimitInput): number {
  if (current >= limit) return 0;
  if (slopePerSecond === undefined || !(slopePerSecond > 0)) return horizonSeconds;
  const seconds = (limit - current) / slopePerSecond;
  // Written so that NaN (an unknown reading) takes the horizon.
  return seconds < horizonSeconds ? seconds : horizonSeconds;
}
