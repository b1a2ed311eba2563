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

// Taken once at load: test frameworks replace the global timers and `performance` while a host's tests run, and a
// sampler that stood still with the fake time would look like a dead process.
const { performance, setInterval, setTimeout, clearInterval, clearTimeout } = globalThis;
const dateNow = Date.now;

/** The real clock. Every timer is unref'd. */
export const systemClock: Clock = {
  nowMillis: () => performance.now(),
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
