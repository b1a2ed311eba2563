import type { AccountFile } from '../spool/account-file.js';
import type { DiskUse } from '../spool/disk-use.js';
import type { LaneSpool } from '../spool/lane-spool.js';
import type { DropReason } from '../spool/outcome.js';
import type { Segment } from '../spool/segment.js';
import type { Lane } from './lane.js';

/** A lane, and what it has on disk. */
export interface LaneOnDisk {
  readonly lane: Lane<never>;
  spool: LaneSpool | undefined;
  accounts: AccountFile | undefined;
}

export interface EvictionOptions {
  readonly lanes: ReadonlyMap<string, LaneOnDisk>;
  readonly use: DiskUse;
  /** Whether what is there stays, and what comes has to go. */
  readonly keepsOld: boolean;
  /** Does something that may throw what the file system throws. */
  readonly attempt: (step: () => void) => void;
  /** What a dead process has left is about to be removed. */
  readonly disinherited: (segment: Segment) => void;
}

/** What is given up, a segment at a time: for want of room, or as it is too old. */
export class Evictions {
  readonly #options: EvictionOptions;

  constructor(options: EvictionOptions) {
    this.#options = options;
  }

  /** What the dead have left goes first: it is the oldest. */
  makeRoomFor(bytes: number): void {
    const { keepsOld, use } = this.#options;
    if (keepsOld || !use.couldHold(bytes)) return;
    while (!use.hasRoomFor(bytes)) {
      if (!this.#giveUpInherited() && !this.#giveUpOwn()) return;
    }
  }

  #giveUpInherited(): boolean {
    for (const { lane } of this.#options.lanes.values()) {
      const segment = lane.giveUpInherited();
      if (segment === undefined) continue;
      this.#options.disinherited(segment);
      this.#options.attempt(() => {
        segment.remove();
      });
      return true;
    }
    return false;
  }

  #giveUpOwn(): boolean {
    const entries = [...this.#options.lanes.values()].filter(
      ({ spool }) => (spool?.segments.length ?? 0) > 0,
    );
    entries.sort((one, other) => bytesOf(other.spool) - bytesOf(one.spool));
    const [largest] = entries;
    if (largest?.spool === undefined) return false;
    return this.#giveUp(largest.lane, largest.spool, 'spool_full');
  }

  #giveUp(lane: Lane<never>, spool: LaneSpool | undefined, reason: DropReason): boolean {
    const pending = spool?.segments[0]?.pending ?? 0;
    let evicted: Segment | undefined;
    this.#options.attempt(() => {
      evicted = spool?.evictOldest(reason);
    });
    if (evicted === undefined) return false;
    lane.evicted(evicted, pending, reason);
    return true;
  }

  /** Drops what was written before that. */
  expire(beforeMillis: number): void {
    for (const { lane, spool } of this.#options.lanes.values()) {
      lane.expireInherited(beforeMillis);
      for (let oldest = spool?.segments[0]; oldest?.isOlderThan(beforeMillis); oldest = spool?.segments[0]) {
        if (lane.isSendingOf(oldest) || !this.#giveUp(lane, spool, 'expired')) break;
      }
    }
  }
}

/** Bytes of a spool on disk. */
export function bytesOf(spool: LaneSpool | undefined): number {
  return (spool?.segments ?? []).reduce((sum, { bytes }) => sum + bytes, 0);
}
