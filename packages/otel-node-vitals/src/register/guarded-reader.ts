import { createRequire } from 'node:module';
import type * as FlushGuard from 'telemetry-flush-guard';
import type { Notices } from './notices.js';
import type { PushExporter, Reader } from './sdk-parts.js';
import type { RegisterSettings } from './settings.js';
import { wordsOf } from './thrown.js';

const load = createRequire(__filename);

/** What a SIGKILL takes at most, if metrics are not pushed more often anyway. */
const CHECKPOINT_MILLIS = 10_000;

/** A reader of which nothing that it has collected is lost when the process ends. */
export interface GuardedReader {
  readonly reader: Reader;
  /** Sends what it can, leaves the rest on disk for the next start, and gives every listener and timer back. */
  shutdown(): Promise<void>;
}

/**
 * The reader of a flush guard, in place of a `PeriodicExportingMetricReader`. That one is not flushed when the process ends, so what was
 * counted since its last push would be lost, and so would whatever the endpoint did not take.
 *
 * @returns `undefined` if there can be none, which is said
 */
export function guardedReader(
  exporter: PushExporter,
  { exportIntervalMillis, exportTimeoutMillis, flushGuardDir }: RegisterSettings,
  { warn }: Notices,
): GuardedReader | undefined {
  try {
    // Nobody needs it who joins a provider or is scraped.
    const { createFlushGuard } = load('telemetry-flush-guard') as typeof FlushGuard;
    const guard = createFlushGuard({ dir: flushGuardDir });
    try {
      const reader = guard.metricReader(exporter, {
        exportIntervalMillis,
        exportTimeoutMillis,
        checkpointIntervalMillis: Math.min(CHECKPOINT_MILLIS, exportIntervalMillis),
      });
      return { reader, shutdown: () => guard.shutdown() };
    } catch (thrown) {
      guard.release();
      throw thrown;
    }
  } catch (thrown) {
    warn(`metrics are pushed without a flush guard, which could not be set up: ${wordsOf(thrown)}`);
    return undefined;
  }
}
