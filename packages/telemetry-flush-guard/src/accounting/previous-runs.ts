import { NO_TOTALS, pendingOf, sumOfTotals } from '../spool/lane-totals.js';
import type { LaneTotals } from '../spool/lane-totals.js';
import type { FoundSegment } from '../spool/segment.js';
import type { DropReason } from '../spool/outcome.js';

/** What dead processes had taken in for one exporter, and what became of it in their lives, as their files say. */
export interface PreviousCounts {
  /** How many of them there were. */
  readonly processes: number;
  readonly accepted: number;
  /** Taken over by them from still earlier ones. */
  readonly inherited: number;
  readonly delivered: number;
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
  /** Left to be delivered: taken over by this process. */
  readonly pending: number;
}

const NO_PREVIOUS: PreviousCounts = Object.freeze({
  processes: 0,
  accepted: 0,
  inherited: 0,
  delivered: 0,
  dropped: Object.freeze({}),
  pending: 0,
});

interface FoundLane {
  /** Of the segments that are there, and of what is in no segment. */
  totals: LaneTotals;
  /** To be delivered, in its own segments. */
  pending: number;
  /** Of segments that are gone: the newest record has the most. */
  gone: LaneTotals;
  /** To be delivered, in the folders that it had itself taken over. */
  older: number;
}

/** The account of one dead process, put together from its files. */
export class PreviousRun {
  readonly #lanes = new Map<string, FoundLane>();
  /** Segments of a later version. */
  #newer = 0;

  get newer(): number {
    return this.#newer;
  }

  /** @param isOwn whether the segment was the process's own, and not one that it had taken over */
  found(lane: string, found: FoundSegment | undefined, isOwn: boolean): void {
    if (found === undefined) {
      this.#newer += 1;
      return;
    }
    const { segment, totals } = found;
    const account = this.#lane(lane);
    if (!isOwn) {
      account.older += segment.pending;
      return;
    }
    account.totals = sumOfTotals(account.totals, segment.totals);
    account.pending += segment.pending;
    if (totals !== undefined && totals.accepted >= account.gone.accepted) account.gone = totals;
  }

  /** What its segments do not tell of. */
  untraced(lane: string, totals: LaneTotals): void {
    const account = this.#lane(lane);
    account.totals = sumOfTotals(account.totals, totals);
  }

  /** By lane; none that has nothing to tell. */
  counts(): Map<string, PreviousCounts> {
    const counts = new Map<string, PreviousCounts>();
    for (const [lane, account] of this.#lanes) {
      const all = sumOfTotals(account.totals, account.gone);
      const { delivered = 0, ...dropped } = all.done;
      // What is done with, or left, and was not accepted has been taken over.
      const inherited = account.older + Math.max(0, account.pending - pendingOf(all));
      const pending = account.older + account.pending;
      if (all.accepted + inherited === 0) continue;
      counts.set(lane, { processes: 1, accepted: all.accepted, inherited, delivered, dropped, pending });
    }
    return counts;
  }

  #lane(name: string): FoundLane {
    let lane = this.#lanes.get(name);
    if (lane === undefined)
      this.#lanes.set(name, (lane = { totals: NO_TOTALS, pending: 0, gone: NO_TOTALS, older: 0 }));
    return lane;
  }
}

function sumOfPrevious(one: PreviousCounts, other: PreviousCounts): PreviousCounts {
  const dropped = { ...one.dropped };
  for (const [name, count] of Object.entries(other.dropped)) {
    const reason = name as DropReason;
    dropped[reason] = (dropped[reason] ?? 0) + count;
  }
  return {
    processes: one.processes + other.processes,
    accepted: one.accepted + other.accepted,
    inherited: one.inherited + other.inherited,
    delivered: one.delivered + other.delivered,
    dropped,
    pending: one.pending + other.pending,
  };
}

/** `spans: 120 accepted, 100 delivered, 15 dropped (spool_full 15), 5 left; logs: …` */
export function previousText(counts: ReadonlyMap<string, PreviousCounts>): string {
  return [...counts]
    .map(([lane, { accepted, inherited, delivered, dropped, pending }]) => {
      const reasons = Object.entries(dropped).filter(([, count]) => count > 0);
      const lost = reasons.reduce((sum, [, count]) => sum + count, 0);
      return `${lane}: ${[
        `${accepted} accepted`,
        ...(inherited > 0 ? [`${inherited} taken over before`] : []),
        `${delivered} delivered`,
        ...(lost > 0
          ? [`${lost} dropped (${reasons.map(([name, count]) => `${name} ${count}`).join(', ')})`]
          : []),
        `${pending} left`,
      ].join(', ')}`;
    })
    .join('; ');
}

/** Whether something was lost. */
export function hasDrops(counts: ReadonlyMap<string, PreviousCounts>): boolean {
  return [...counts.values()].some(({ dropped }) => Object.values(dropped).some(count => count > 0));
}

/** Of all that was taken over from, added up. */
export class PreviousRuns {
  readonly #lanes = new Map<string, PreviousCounts>();

  add(run: PreviousRun): void {
    for (const [lane, counts] of run.counts()) this.#lanes.set(lane, sumOfPrevious(this.of(lane), counts));
  }

  of(lane: string): PreviousCounts {
    return this.#lanes.get(lane) ?? NO_PREVIOUS;
  }
}
