import { performance } from 'node:perf_hooks';
import timers from 'node:timers';

/** Cancels what was scheduled. Calling it again does nothing. */
export type Cancel = () => void;

/**
 * Time as the packages see it. Injected everywhere, so that tests turn the hands themselves and never sleep.
 * Nothing that a clock schedules may keep the process alive.
 */
export interface Clock {
  /** Monotonic milliseconds, with fractions. Only differences mean anything. */
  nowMillis(): number;
  /** Milliseconds since the Unix epoch, for showing to people. May jump. */
  epochMillis(): number;
  /** Calls back every `intervalMillis` until cancelled. */
  repeat(intervalMillis: number, callback: () => void): Cancel;
  /** Calls back once after `delayMillis` unless cancelled. */
  later(delayMillis: number, callback: () => void): Cancel;
}

// Taken once at load, and from Node's modules: test frameworks replace the global timers and `performance.now` while a
// host's tests run (jsdom's timers are numbers, which have no `unref`), and a sampler that stood still with the fake
// time would look like a dead process.
const { setInterval, setTimeout, clearInterval, clearTimeout } = timers;
const dateNow = Date.now;

/** Monotonic milliseconds of the process, with fractions. */
export const monotonicMillis = performance.now.bind(performance);

/** The real clock. Every timer is unref'd. */
export const systemClock: Clock = {
  nowMillis: monotonicMillis,
  epochMillis: () => dateNow(),
  repeat(intervalMillis, callback) {
    const timer = setInterval(callback, intervalMillis).unref();
    return () => {
      clearInterval(timer);
    };
  },
  later(delayMillis, callback) {
    const timer = setTimeout(callback, delayMillis).unref();
    return () => {
      clearTimeout(timer);
    };
  },
};
