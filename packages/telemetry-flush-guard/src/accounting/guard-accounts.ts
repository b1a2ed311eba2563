import type { Signal } from '../items/item-codec.js';
import type { LaneCounts } from './ledger.js';

/** What is told of one exporter's items. Read at any time, changed by no reading. */
export interface LaneAccounts {
  readonly signal: Signal;
  readonly counts: LaneCounts;
  /** Items that wait in memory. */
  readonly queued: number;
  /** Items that can wait in memory. */
  readonly capacity: number;
  /** Items of the batch under way. */
  readonly inFlight: number;
}

/** What is told of the disk that all of a guard's lanes share. */
export interface SpoolAccounts {
  readonly usedBytes: number;
  readonly limitBytes: number;
  readonly segments: number;
  /** When the oldest segment with something to deliver was begun, in milliseconds since 1970; undefined if there is none. */
  readonly oldestMillis: number | undefined;
  /** Nothing can be written just now. */
  readonly isDegraded: boolean;
}

/** What is told of one guard. */
export interface GuardAccounts {
  lanes(): Iterable<LaneAccounts>;
  spool(): SpoolAccounts;
}
