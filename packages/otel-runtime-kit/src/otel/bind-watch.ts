import type { Meter } from '@opentelemetry/api';
import { bindObservables } from './bind-observables.js';
import type { ObservableBinding, Unbind } from './bind-observables.js';

/** What takes readings while it is started. */
export interface StartableWatch {
  start(): void;
  /** Gives everything back; also after a start that failed half-way, or none. */
  stop(): void;
}

/**
 * Makes the instruments, and then starts the watch whose snapshots they report.
 *
 * @returns what takes both back
 * @throws what the meter or the watch throws, with nothing left bound or started
 */
export function bindWatch(
  meter: Meter,
  watch: StartableWatch,
  bindings: readonly ObservableBinding[],
): Unbind {
  let unbind: Unbind | undefined;
  const stop = (): void => {
    try {
      unbind?.();
    } finally {
      watch.stop();
    }
  };
  try {
    unbind = bindObservables(meter, bindings);
    watch.start();
  } catch (thrown) {
    stop();
    throw thrown;
  }
  return stop;
}
