import { GC_PAUSE_P95 } from '../metric-names.js';
import { milliseconds } from '../number-format.js';
import { lastSample } from '../run/phase-values.js';
import type { Signal } from './signal.js';

/** Fewer pauses than that have no P95 to speak of. */
const LEAST_PAUSES = 4;

/** The trace leaves out the short steps between collections, so that its own P95 is not of quite the same pauses. */
const LOWER_RANK = 0.8;

/** And it measures a pause from a little further in, or a little further out. */
const TOLERANCE = 0.2;
const TOLERANCE_SECONDS = 0.0005;

/**
 * How long one pause in twenty is, and that V8's own trace says so too. Not that it is longer than before: on a busy
 * machine one of the few pauses of a healthy service may be the longest of all.
 */
export const pauseP95: Signal = {
  platforms: 'all',
  title: 'the P95 of pauses',
  moves: ({ healthy, fault }) => {
    const { scrape, recentPauses } = lastSample(fault);
    const before = lastSample(healthy).scrape.demand(GC_PAUSE_P95);
    const p95 = scrape.demand(GC_PAUSE_P95);
    const sorted = [...recentPauses].sort((one, other) => one - other);
    const ranked = (rank: number): number => sorted[Math.ceil(rank * sorted.length) - 1] ?? NaN;
    return {
      holds:
        sorted.length >= LEAST_PAUSES &&
        p95 >= (1 - TOLERANCE) * ranked(LOWER_RANK) - TOLERANCE_SECONDS &&
        p95 <= (1 + TOLERANCE) * ranked(1) + TOLERANCE_SECONDS,
      subject: GC_PAUSE_P95,
      finding: `${milliseconds(before)} → ${milliseconds(p95)}; by the output of --trace-gc ${milliseconds(ranked(0.95))}, of ${sorted.length} pauses`,
    };
  },
};
