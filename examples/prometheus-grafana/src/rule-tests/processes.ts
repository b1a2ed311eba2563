import { RobustTrend, SEVEN_DAYS_SECONDS, timeToLimitSeconds } from 'otel-runtime-kit/trend';
import type { Labels, Shape, TestSeries } from './test-group.js';
import { steady } from './shapes.js';

const TICKS_PER_MINUTE = 12;

/** Readings of which each package has one. */
export type Reading = 'memory.process' | 'fd.count' | 'gc.summary';

/** The count that tells of a process how long it has run: from 1, and again from 1 where it has begun anew. */
export function ticks(
  labels: Labels,
  reading: Reading = 'memory.process',
  shape: Shape = minute => minute * TICKS_PER_MINUTE + 1,
): TestSeries {
  return { metric: `<vitals.sampler.ticks{vitals.reading="${reading}"}>`, labels, shape };
}

/** Growth that begins anew at each of these minutes. */
export function ticksFrom(...births: readonly number[]): Shape {
  return minute => {
    const latest = births.findLast(birth => minute >= birth);
    return latest === undefined ? undefined : (minute - latest) * TICKS_PER_MINUTE + 1;
  };
}

/** How the packages judge growth. */
export interface TrendSettings {
  readonly windowMinutes: number;
  readonly evidenceMinutes: number;
  readonly blockCount: number;
}

export const MEMORY_TREND: TrendSettings = { windowMinutes: 30, evidenceMinutes: 6, blockCount: 60 };
export const FD_TREND: TrendSettings = { windowMinutes: 5, evidenceMinutes: 1, blockCount: 30 };

/** The trend that a process itself would report of a value, in its unit per second: made by the code that makes it there. */
export function trendOf(value: Shape, settings: TrendSettings): Shape {
  const byMinute = new Map<number, number | undefined>();
  const trend = new RobustTrend({
    windowMillis: settings.windowMinutes * 60_000,
    blockCount: settings.blockCount,
  });
  let next = 0;
  return minute => {
    for (; next <= minute * TICKS_PER_MINUTE; next += 1) {
      const then = next / TICKS_PER_MINUTE;
      const now = value(then);
      if (now !== undefined) trend.add(then * 60_000, now);
      const known = trend.spanMillis >= settings.evidenceMinutes * 60_000;
      byMinute.set(next, known ? trend.slopePerSecond() : undefined);
    }
    return byMinute.get(Math.round(minute * TICKS_PER_MINUTE));
  };
}

/** The time that the process itself would report until a value reaches a limit. */
export function timeTo(limit: number, value: Shape, settings: TrendSettings): Shape {
  const trend = trendOf(value, settings);
  return minute => {
    const slopePerSecond = trend(minute);
    const current = value(minute);
    return current === undefined ? undefined : timeToLimitSeconds({ current, limit, slopePerSecond });
  };
}

/** No end in sight, as it is reported. */
export const NEVER = steady(SEVEN_DAYS_SECONDS);
