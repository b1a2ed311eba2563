import type { Place } from '../spool/lane-spool.js';
import type { Entry } from './entry.js';

/** Entries on disk, those with consecutive numbers together: one ack each. */
export function stretches(entries: readonly Entry<unknown>[]): { place: Place; count: number }[] {
  const found: { place: Place; count: number }[] = [];
  for (const { place } of entries) {
    if (place === undefined) continue;
    const last = found.at(-1);
    if (last?.place.segment === place.segment && last.place.number + last.count === place.number)
      last.count += 1;
    else found.push({ place, count: 1 });
  }
  return found;
}
