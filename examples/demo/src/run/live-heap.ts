import { LIVE_HEAP } from '../metric-names.js';
import type { RunRecord } from './run-record.js';

/** By how much the live heap of a service that leaks nothing may change, in bytes: code is compiled, caches fill. */
const FLAT_BYTES = 2_097_152;

/** The live heap at rest before and with the fault, in bytes. All garbage has just been collected then. */
export interface LiveHeaps {
  readonly before: number;
  readonly after: number;
  /** Whether the difference is nothing to speak of. */
  readonly isFlat: boolean;
}

/** @throws Error if no collection has shown what is alive */
export function liveHeaps({ healthy, fault }: RunRecord): LiveHeaps {
  const before = healthy.rest.scrape.demand(LIVE_HEAP);
  const after = fault.rest.scrape.demand(LIVE_HEAP);
  return { before, after, isFlat: Math.abs(after - before) <= FLAT_BYTES };
}
