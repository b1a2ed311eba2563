import type { Shape } from './test-group.js';

export interface Line {
  readonly slopePerSecond: number;
  /** Where the line is at the moment itself. */
  readonly now: number;
}

/** The line of least squares through what was scraped during a window up to a moment; `undefined` of less than two points. */
export function lineThrough(
  shape: Shape,
  atMinute: number,
  windowMinutes: number,
  stepSeconds: number,
): Line | undefined {
  const points: [seconds: number, value: number][] = [];
  for (let seconds = 0; seconds <= windowMinutes * 60; seconds += stepSeconds) {
    const minute = atMinute - seconds / 60;
    const value = minute < 0 ? undefined : shape(minute);
    if (value !== undefined) points.push([-seconds, value]);
  }
  if (points.length < 2) return undefined;
  const mean = (of: (point: [number, number]) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [meanTime, meanValue] = [mean(([time]) => time), mean(([, value]) => value)];
  const slopePerSecond =
    mean(([time, value]) => (time - meanTime) * (value - meanValue)) /
    mean(([time]) => (time - meanTime) ** 2);
  return { slopePerSecond, now: meanValue - slopePerSecond * meanTime };
}

/** The spans of a test in which something holds at each evaluation: from the first such to the first other. */
export function spansWhere(
  holds: (minute: number) => boolean,
  lengthMinutes: number,
  stepSeconds: number,
): (readonly [from: number, to: number])[] {
  const spans: [number, number][] = [];
  let from: number | undefined;
  for (let step = 0; step <= (lengthMinutes * 60) / stepSeconds; step += 1) {
    const minute = (step * stepSeconds) / 60;
    if (holds(minute)) from ??= minute;
    else if (from !== undefined) {
      spans.push([from, minute]);
      from = undefined;
    }
  }
  return from === undefined ? spans : [...spans, [from, lengthMinutes]];
}
