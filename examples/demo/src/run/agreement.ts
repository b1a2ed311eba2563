import type { Aspect } from '../faults/fault.js';
import { ANONYMOUS, COUNT, RESIDENT_BY_KIND, RESIDENT_KIND_LABEL, RSS } from '../metric-names.js';
import { kindsOf } from './descriptor-kinds.js';
import type { GcTraceTotals } from './gc-trace.js';
import type { OutsideView } from './outside-view.js';
import type { Scrape } from './scrape.js';

/** What is compared at rest. */
export interface Views {
  readonly scrape: Scrape;
  readonly outside: OutsideView | undefined;
  readonly trace: GcTraceTotals;
  /** The trace as it was the look before; `undefined` at the first. */
  readonly previousTrace: GcTraceTotals | undefined;
}

/** The kernel sums pages up per processor and may be this much behind (and V8 gives pages back in the background). */
export const RESIDENT_TOLERANCE_BYTES = 2_097_152;

const agreements: Readonly<Record<Aspect, (views: Views) => boolean>> = {
  descriptors: ({ scrape, outside }) => {
    if (outside === undefined) return true;
    const kinds = kindsOf(scrape);
    return (
      scrape.value(COUNT) === outside.open &&
      kinds.get('socket') === outside.sockets &&
      kinds.get('file') === outside.files
    );
  },
  memory: ({ scrape, outside }) =>
    outside === undefined ||
    (isClose(scrape.value(RSS), outside.residentBytes) &&
      isClose(scrape.value(RESIDENT_BY_KIND, RESIDENT_KIND_LABEL, ANONYMOUS), outside.anonymousBytes)),
  // V8 began to count before the packages did, so it is compared by how much more there is. Between two looks there was
  // a tick: if V8 collected nothing since the look before, that tick has seen all there was.
  collections: ({ trace, previousTrace }) =>
    trace.minor === previousTrace?.minor && trace.major === previousTrace.major,
};

/** Whether what is scraped is by now what the others say. */
export function agree(aspects: readonly Aspect[], views: Views): boolean {
  return aspects.every(aspect => agreements[aspect](views));
}

function isClose(ours: number | undefined, theirs: number): boolean {
  return ours !== undefined && Math.abs(ours - theirs) <= RESIDENT_TOLERANCE_BYTES;
}
