import { KIND_LABEL, OPEN_BY_KIND } from '../metric-names.js';
import type { Scrape } from './scrape.js';

/** The kind of which there are most. */
export interface TopKind {
  readonly kind: string;
  readonly count: number;
  /** Of all kinds together. */
  readonly share: number;
}

/** Open descriptors by kind; empty where kinds cannot be told. */
export function kindsOf(scrape: Scrape): Map<string, number> {
  return scrape.valuesBy(OPEN_BY_KIND, KIND_LABEL);
}

/** By how many each kind has become more; what has become fewer counts as 0. */
export function kindGrowth(before: Scrape, after: Scrape): Map<string, number> {
  const earlier = kindsOf(before);
  return new Map(
    [...kindsOf(after)].map(([kind, count]) => [kind, Math.max(0, count - (earlier.get(kind) ?? 0))]),
  );
}

/** The largest; `undefined` if there is nothing. */
export function topOf(byKind: ReadonlyMap<string, number>): TopKind | undefined {
  let total = 0;
  let top = { kind: '', count: 0 };
  for (const [kind, count] of byKind) {
    total += count;
    if (count > top.count) top = { kind, count };
  }
  return total === 0 ? undefined : { ...top, share: top.count / total };
}
