import type { Shape } from './test-group.js';

/** Always the same value. */
export function steady(value: number): Shape {
  return () => value;
}

/** Values, each from its minute on. */
export function phases(...parts: readonly (readonly [fromMinute: number, value: number])[]): Shape {
  return minute => parts.findLast(([from]) => minute >= from)?.[1];
}

/** From one value to another in a straight line; steady before and after. */
export function ramp(from: number, to: number, startMinute: number, endMinute: number): Shape {
  return minute => {
    const share = (minute - startMinute) / (endMinute - startMinute);
    return from + (to - from) * Math.min(1, Math.max(0, share));
  };
}

/** Grows evenly and falls back at once: memory that fills with garbage and is collected. */
export function sawtooth(low: number, high: number, periodMinutes: number): Shape {
  return minute => low + ((high - low) * (minute % periodMinutes)) / periodMinutes;
}

/** Up and down, a half period each. */
export function swing(low: number, high: number, periodMinutes: number): Shape {
  return minute => (minute % periodMinutes < periodMinutes / 2 ? low : high);
}

/** One value of another height. */
export function spike(base: number, peak: number, atMinute: number): Shape {
  return minute => (minute === atMinute ? peak : base);
}

/** What is not scraped for some time. */
export function without(shape: Shape, fromMinute: number, toMinute = Infinity): Shape {
  return minute => (minute >= fromMinute && minute < toMinute ? undefined : shape(minute));
}

/** A process that begins at a minute of the test: its own time is 0 then. */
export function born(atMinute: number, shape: Shape): Shape {
  return minute => (minute < atMinute ? undefined : shape(minute - atMinute));
}

/** A process that makes room for another one behind the same target. */
export function replaced(atMinute: number, before: Shape, after: Shape): Shape {
  return minute => (minute < atMinute ? before(minute) : after(minute - atMinute));
}
