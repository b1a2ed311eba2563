import { readlinkSync } from 'node:fs';
import { FD_KINDS, kindOfTarget, socketInode } from './descriptor-kind.js';
import type { FdKind } from './descriptor-kind.js';

/** What a scan found. */
export interface KindScanResult {
  /** Descriptors by kind; every kind is there, zero too. Estimates if `sampled`. */
  readonly byKind: Readonly<Record<FdKind, number>>;
  /** Inodes of the sockets that were looked at. */
  readonly socketInodes: ReadonlySet<number>;
  /** How many descriptors stand for one that was looked at: 1 unless `sampled`. */
  readonly scale: number;
  /** Whether only an even sample was looked at, because there are more than the cap. */
  readonly sampled: boolean;
}

/**
 * One pass over the links of the open descriptors, in slices, so that a process with many of them is never held up
 * for long (a link takes about 1.5 µs).
 */
export class KindScan {
  readonly #path: string;
  readonly #names: readonly string[];
  readonly #total: number;
  readonly #counts = Object.fromEntries(FD_KINDS.map(kind => [kind, 0])) as Record<FdKind, number>;
  readonly #socketInodes = new Set<number>();
  #next = 0;
  #seen = 0;

  /**
   * @param path the folder of the links
   * @param names numbers of the open descriptors
   * @param maximum most descriptors to look at; of more, an evenly spaced sample is taken
   */
  constructor(path: string, names: readonly string[], maximum: number) {
    this.#path = path;
    this.#total = names.length;
    this.#names = names.length <= maximum ? names : evenSample(names, maximum);
  }

  /** Looks at up to `count` more links. Returns whether the scan is complete. */
  step(count: number): boolean {
    const end = Math.min(this.#next + count, this.#names.length);
    for (; this.#next < end; this.#next += 1) this.#look(this.#names[this.#next] ?? '');
    return this.#next === this.#names.length;
  }

  /** The result, once {@link step} has said that it is complete. */
  result(): KindScanResult {
    const sampled = this.#names.length < this.#total;
    const scale = sampled ? this.#total / this.#names.length : 1;
    const byKind = sampled ? scaled(this.#counts, scale, Math.round(this.#seen * scale)) : this.#counts;
    return { byKind, socketInodes: this.#socketInodes, scale, sampled };
  }

  #look(name: string): void {
    let target: string;
    try {
      target = readlinkSync(`${this.#path}/${name}`);
    } catch (thrown) {
      // Closed since it was listed; the descriptor of the listing itself always is.
      if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw thrown;
    }
    this.#seen += 1;
    const kind = kindOfTarget(target);
    this.#counts[kind] += 1;
    if (kind === 'socket') {
      const inode = socketInode(target);
      if (inode !== undefined) this.#socketInodes.add(inode);
    }
  }
}

function evenSample(names: readonly string[], size: number): string[] {
  return Array.from({ length: size }, (_, index) => names[Math.floor((index * names.length) / size)] ?? '');
}

/** Scales counts so that they stay whole and add up to `total`: the largest remainders get what rounding left over. */
function scaled(
  counts: Readonly<Record<FdKind, number>>,
  scale: number,
  total: number,
): Record<FdKind, number> {
  const parts = FD_KINDS.map(kind => ({
    kind,
    whole: Math.floor(counts[kind] * scale),
    rest: (counts[kind] * scale) % 1,
  }));
  let missing = total - parts.reduce((sum, part) => sum + part.whole, 0);
  const byKind = Object.fromEntries(parts.map(part => [part.kind, part.whole])) as Record<FdKind, number>;
  for (const part of parts.sort((a, b) => b.rest - a.rest)) {
    if (missing <= 0) break;
    byKind[part.kind] += 1;
    missing -= 1;
  }
  return byKind;
}
