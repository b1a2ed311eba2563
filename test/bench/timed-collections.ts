import { hostGcPlatform } from './product-internals.js';
import type { GcPlatform } from './product-internals.js';

/** What our part in collections has taken so far, besides the ticks. */
export interface CollectionCosts {
  /** Collections that the observer has told of. */
  collections: number;
  /** Batches that they came in. */
  batches: number;
  /** Seconds in the observer's callback, with all that is done there. */
  seconds: number;
  /** Of these: seconds in which the profiler was stopped (which prints and parses its records) or started. */
  profilerSeconds: number;
}

/** The real collections, with a look at the watch around whatever is done about them outside of a tick. */
export function timedCollections(costs: CollectionCosts): GcPlatform {
  const host = hostGcPlatform();
  const { startRecording } = host;
  // What the profiler takes within a tick is in the time of that tick.
  let inCallback = false;
  const timed = <Result>(run: () => Result): Result => {
    const startMillis = performance.now();
    const result = run();
    if (inCallback) costs.profilerSeconds += (performance.now() - startMillis) / 1000;
    return result;
  };
  return {
    ...host,
    observe: onEntries =>
      host.observe(entries => {
        const startMillis = performance.now();
        inCallback = true;
        onEntries(entries);
        inCallback = false;
        costs.seconds += (performance.now() - startMillis) / 1000;
        costs.collections += entries.length;
        costs.batches += 1;
      }),
    startRecording:
      startRecording &&
      (() => {
        const recording = timed(startRecording);
        return {
          ...recording,
          stop: () => timed(() => recording.stop()),
        };
      }),
  };
}
