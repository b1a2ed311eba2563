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
    if (!use.couldHold(bytes)) return;
    while (!use.hasRoomFor(bytes)) {
      if (keepsOld || (!this.#giveUpInherited() && !this.#giveUpOwn())) return;
    }
  }

  /** What the dead have left is no more than the limit either, whatever is to stay. */
  makeRoomForInherited(): void {
    while (this.#options.use.isOverfull) if (!this.#giveUpInherited()) break;
    if (this.#options.use.isOverfull) this.makeRoomFor(0);
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
    const oldest = spool?.segments[0];
    if (oldest === undefined) return false;
    const { pending } = oldest;
    this.#options.attempt(() => {
      spool?.evictOldest(reason);
    });
    // Also where its file could not be removed: nothing of it is sent any more.
    lane.evicted(oldest, pending, reason);
    return spool?.segments[0] !== oldest;
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
