import type { Watcher } from '../run/phase-runner.js';
import { clockTime, whole } from '../number-format.js';
import type { Warning } from '../run/run-record.js';

/** Shows a run while it goes on. */
export interface Display extends Watcher {
  /** Leaves the terminal as it was found, with what was shown last. Safe to call twice. */
  end(): void;
}

/** The line for a warning. */
export function warningLine({ atSeconds, open, threshold }: Warning): string {
  return `${clockTime(atSeconds)}  onPressure: ${whole(open)} descriptors are open, the warning was set to ${whole(threshold)}`;
}
