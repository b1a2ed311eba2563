import timers from 'node:timers';

/** Cancels what was scheduled. */
export type Cancel = () => void;

/** Timers as they are needed here; replaceable for tests. */
export interface Timers {
  nowMillis(): number;
  /** Calls back once, without keeping the process alive. */
  later(delayMillis: number, callback: () => void): Cancel;
}

// Taken at load: test frameworks replace them.
const { setTimeout, clearTimeout } = timers;

/** The real ones. */
export const processTimers: Timers = {
  nowMillis: () => performance.now(),
  later(delayMillis, callback) {
    const timer = setTimeout(callback, delayMillis).unref();
    return () => {
      clearTimeout(timer);
    };
  },
};

/** A timer that comes later than this was held up by code that is still being loaded. */
const LATE_MILLIS = 50;
/** After so many late ones the process is busy for good, and nothing is gained by waiting. */
const MOST_TRIES = 20;

/**
 * Calls back once the event loop has been free for `delayMillis`: while an application loads, its modules hold the loop up,
 * and what is not urgent would only make its start slower. A process that ends before never pays for it.
 */
export function whenSettled(delayMillis: number, callback: () => void, timersUsed: Timers): Cancel {
  let cancel: Cancel = () => {};
  let tries = 0;
  const arm = (): void => {
    const dueMillis = timersUsed.nowMillis() + delayMillis;
    tries += 1;
    cancel = timersUsed.later(delayMillis, () => {
      if (timersUsed.nowMillis() - dueMillis > LATE_MILLIS && tries < MOST_TRIES) arm();
      else callback();
    });
  };
  arm();
  return () => {
    cancel();
  };
}
