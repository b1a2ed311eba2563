import { NO_TOTALS, sumOfTotals } from '../spool/lane-totals.js';
import type { LaneTotals } from '../spool/lane-totals.js';
import type { DropReason, Outcome } from '../spool/outcome.js';

/** What a lane has taken in and what became of it, since the process began. */
export interface LaneCounts {
  /** Taken from the host. */
  readonly accepted: number;
  /** Taken over from processes that have died. */
  readonly inherited: number;
  readonly delivered: number;
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
  /** Held in memory and nowhere else. */
  readonly pendingInMemory: number;
  /** On disk, in memory too or not. */
  readonly pendingOnDisk: number;
}

/**
 * Where an item was when it was done with: in this process's own spool, whose files tell what has become of it; in that of a dead one,
 * whose files are removed with the last of it; or in memory alone.
 */
export type Whereabouts = 'own' | 'inherited' | 'memory';

/**
 * The accounts of one lane. Each item is entered once when it comes and once when it is done with, so that always
 * `accepted + inherited = delivered + dropped + pending`.
 */
export class Ledger {
  #accepted = 0;
  #inherited = 0;
  #delivered = 0;
  readonly #dropped: Partial<Record<DropReason, number>> = {};
  #untraced = NO_TOTALS;

  accept(count: number): void {
    this.#accepted += count;
  }

  inherit(count: number): void {
    this.#inherited += count;
  }

  settle(outcome: Outcome, count: number, where: Whereabouts): void {
    if (outcome === 'delivered') this.#delivered += count;
    else this.#dropped[outcome] = (this.#dropped[outcome] ?? 0) + count;
    if (where === 'own') return;
    const accepted = where === 'memory' ? count : 0;
    this.#untraced = sumOfTotals(this.#untraced, { accepted, done: { [outcome]: count } });
  }

  get accepted(): number {
    return this.#accepted;
  }

  get inherited(): number {
    return this.#inherited;
  }

  get delivered(): number {
    return this.#delivered;
  }

  get dropped(): Readonly<Partial<Record<DropReason, number>>> {
    return { ...this.#dropped };
  }

  /** What the own spool does not tell: the same object until there is more. */
  get untraced(): LaneTotals {
    return this.#untraced;
  }
}
