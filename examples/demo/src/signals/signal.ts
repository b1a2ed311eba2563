import type { RunRecord } from '../run/run-record.js';

/** One expectation, and what was found. */
export interface Check {
  readonly holds: boolean;
  /** What was looked at: the metric's name as scraped, where it is one. */
  readonly subject: string;
  /** What was seen, with numbers. */
  readonly finding: string;
}

/** A number that shows a fault. */
export interface Signal {
  /** Where it exists. */
  readonly platforms: 'all' | 'linux';
  /** What is absent where it does not exist. */
  readonly title: string;
  /** Whether it kept still while nothing was wrong; left out where another signal covers that. */
  readonly staysQuiet?: (run: RunRecord) => Check;
  /** Whether the fault has moved it, by the amount that is true. */
  readonly moves: (run: RunRecord) => Check;
}

/** Whether there is such a number on this machine. */
export function isObservable({ platforms }: Signal): boolean {
  return platforms === 'all' || process.platform === 'linux';
}
