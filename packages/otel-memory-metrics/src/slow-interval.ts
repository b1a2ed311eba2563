/** At most this much lies between two readings of what is slow, unless the samples themselves are further apart. */
const SLOW_MILLIS = 15_000;

/**
 * How often to read what is no base of a trend and costs as much as all the rest (`process.memoryUsage()` and
 * /proc/meminfo, 8 µs each, as measured): with every third sample, or every 15 seconds.
 */
export function slowIntervalMillis(sampleIntervalMillis: number): number {
  return Math.min(3 * sampleIntervalMillis, Math.max(sampleIntervalMillis, SLOW_MILLIS));
}
