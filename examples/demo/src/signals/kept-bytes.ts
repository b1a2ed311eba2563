import { EXTERNAL, LIVE_HEAP } from '../metric-names.js';
import { megabytes } from '../number-format.js';
import type { Tally } from '../tally.js';
import type { Signal } from './signal.js';

/** How far what is measured may be from what the service says that it has kept. */
const TOLERANCE = 0.1;

/** Ordinary memory comes and goes by that much, in bytes. */
const ORDINARY_BYTES = 2_097_152;

/** A number of bytes that has risen by what the service kept. Taken at rest, after all garbage was collected. */
function keptBytes(metric: string, title: string, what: keyof Tally): Signal {
  return {
    platforms: 'all',
    title,
    moves: ({ healthy, fault }) => {
      const before = healthy.rest.scrape.demand(metric);
      const after = fault.rest.scrape.demand(metric);
      const kept = fault.rest.tally[what] - healthy.rest.tally[what];
      return {
        holds: kept > ORDINARY_BYTES && Math.abs(after - before - kept) <= TOLERANCE * kept + ORDINARY_BYTES,
        subject: metric,
        finding: `${megabytes(before)} → ${megabytes(after)} MB; the service kept ${megabytes(kept)} MB more`,
      };
    },
  };
}

/** The live heap. */
export const keptOnHeap = keptBytes(LIVE_HEAP, 'the live heap', 'heapBytes');

/** Memory outside of the heap, Buffers among it. */
export const keptOutside = keptBytes(EXTERNAL, 'external memory', 'bufferBytes');
