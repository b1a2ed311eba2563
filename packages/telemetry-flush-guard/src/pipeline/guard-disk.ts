import { randomBytes } from 'node:crypto';
import type { SpoolAccounts } from '../accounting/guard-accounts.js';
import type { Origin } from '../items/item-codec.js';
import type { Payload } from '../items/item-form.js';
import { AccountFile } from '../spool/account-file.js';
import { fill, mostBytesOf } from '../spool/at-once.js';
import { DiskUse } from '../spool/disk-use.js';
import { errorCode } from '../spool/file-system.js';
import type { FileSystem } from '../spool/file-system.js';
import { fitsRecord } from '../spool/frame.js';
import { LaneSpool } from '../spool/lane-spool.js';
import { NO_TOTALS, sumOfTotals } from '../spool/lane-totals.js';
import type { LaneTotals } from '../spool/lane-totals.js';
import type { Place } from '../spool/lane-spool.js';
import type { Outcome } from '../spool/outcome.js';
import { ProcessFolder } from '../spool/process-folder.js';
import type { ProcessView } from '../spool/owner.js';
import { OriginWeights } from '../spool/origin-weights.js';
import { Reserves } from '../spool/reserves.js';
import type { Segment } from '../spool/segment.js';
import type { WritableItem } from '../spool/segment-writer.js';
import { openRoot } from '../spool/spool-root.js';
import { WritePace } from '../spool/write-pace.js';
import { Evictions, bytesOf } from './evictions.js';
import type { LaneOnDisk } from './evictions.js';
import type { Lane } from './lane.js';
import type { LaneDisk } from './lane-disk.js';

/** Closed and begun anew at that size: what is removed and read at once. */
const SEGMENT_BYTES = 1_048_576;

/** As above, where little is written: one segment expires as a whole. */
const SEGMENT_MILLIS = 3_600_000;

/** Written at once, at most; beyond that the heartbeat writes them. */
const ACCOUNTS_PER_SECOND = 50;

/** Told of once, until it is well again. */
export interface DiskTrouble {
  /** `ENOSPC`, or the name of another error. */
  readonly code: string;
  readonly message: string;
}

export interface GuardDiskOptions {
  readonly files: FileSystem;
  readonly dir: string;
  readonly limitBytes: number;
  /** What was accepted longer ago is dropped. Default 7 days. */
  readonly maxAgeMillis?: number;
  /** What goes when there is no room. Default `drop-oldest`. */
  readonly overflow?: 'drop-oldest' | 'drop-newest';
  readonly view: ProcessView;
  readonly uid: number | undefined;
  /** Nothing can be written any more, or again. */
  readonly onTrouble: (trouble: DiskTrouble | undefined) => void;
}

/** The disk as all lanes of a process share it: one folder, one limit, and one answer to the question whether it can be written. */
export class GuardDisk {
  readonly #options: GuardDiskOptions;
  readonly #use: DiskUse;
  readonly #lanes = new Map<string, LaneOnDisk>();
  #root: string | undefined;
  #newer: readonly string[] = [];
  #folder: ProcessFolder | undefined;
  #trouble: DiskTrouble | undefined;
  #isTold = false;
  readonly #reserves: Reserves;
  readonly #pace = new WritePace();
  readonly #weights = new OriginWeights();
  /** Something is being written: whoever is told of that may emit something. */
  #isWriting = false;
  #isUprooted = false;
  #accountSecond = 0;
  #accountsOfSecond = 0;
  readonly #evictions: Evictions;
  /** What was taken over from the dead, and how many bytes of each were counted. */
  readonly #heirlooms = new Map<Segment, number>();

  constructor(options: GuardDiskOptions) {
    this.#options = options;
    this.#use = new DiskUse(options.limitBytes);
    this.#evictions = new Evictions({
      lanes: this.#lanes,
      use: this.#use,
      keepsOld: options.overflow === 'drop-newest',
      attempt: step => {
        this.#attempt(step);
      },
      disinherited: segment => {
        this.disinherited(segment);
      },
    });
    this.#reserves = new Reserves(options.files, this.#use.reserveBytes);
    this.#attempt(() => {
      this.#openFolder();
    });
  }

  get #maxAgeMillis(): number {
    return this.#options.maxAgeMillis ?? 7 * 86_400_000;
  }

  /** Whether that can be written now, after what is older has given way to it. */
  #isWritable(bytes: number): boolean {
    if (this.#trouble !== undefined) return false;
    this.#evictions.makeRoomFor(bytes);
    return this.#use.hasRoomFor(bytes);
  }

  get limitBytes(): number {
    return this.#use.limitBytes;
  }

  /** Whether nothing of it is to be sent any more. */
  isTooOld(segment: Segment, nowMillis: number): boolean {
    return segment.isOlderThan(nowMillis - this.#maxAgeMillis);
  }

  get usedBytes(): number {
    return this.#use.usedBytes;
  }

  get trouble(): DiskTrouble | undefined {
    return this.#trouble;
  }

  /** Where this process writes, and where the folders of all processes are; undefined if there is none. */
  get places(): { folder: string; root: string } | undefined {
    if (this.#folder === undefined || this.#root === undefined) return undefined;
    return { folder: this.#folder.path, root: this.#root };
  }

  /** Names of folders of later versions, which are left alone. */
  get newer(): readonly string[] {
    return this.#newer;
  }

  /** @param makeLane is given the disk of the lane */
  addLane<Item, Kept = Item>(name: string, makeLane: (disk: LaneDisk) => Lane<Item, Kept>): Lane<Item, Kept> {
    const lane = makeLane({
      check: origin => {
        this.#weights.of(origin);
      },
      append: (payload, origin) => this.#append(name, payload, origin),
      appendAll: (items, onWritten) => {
        this.#appendAll(name, items, onWritten);
      },
      settle: (segment, first, count, outcome) => {
        this.#settle(name, segment, first, count, outcome);
      },
      refreshResources: () => {
        this.refreshResources();
      },
      counted: () => {
        this.#accountNow();
      },
      failed: thrown => {
        this.#failed(thrown);
      },
    });
    this.#lanes.set(name, { lane: lane as unknown as Lane<never>, spool: undefined, accounts: undefined });
    return lane;
  }

  /** Says that this process is alive, and moves to a new folder if somebody has taken it for dead. */
  beat(nowMillis: number): void {
    this.#attempt(() => {
      this.#folder?.beat(nowMillis);
      if (this.#folder?.isThere() === false) this.#openFolder();
      this.#writeAccounts();
    });
    this.#persistUprooted();
    try {
      this.#reserves.refill();
    } catch {
      // There is none to be had now. They are for later.
    }
  }

  /** Tries again whether the disk can be written, and writes what has been kept in memory. */
  recover(): void {
    if (this.#trouble === undefined) return;
    this.#attempt(() => {
      if (this.#folder?.isThere() !== true) this.#openFolder();
      this.#trouble = undefined;
      this.#persistAll();
      if ((this.#trouble as DiskTrouble | undefined) !== undefined) return;
      this.#isTold = false;
      this.#options.onTrouble(undefined);
    });
  }

  /** Writes what is in memory only: there may be no later, so that from now on each item is written when it comes. */
  persistForGood(): void {
    for (const { lane } of this.#lanes.values()) lane.writeAhead();
    this.#persistAll();
    if (this.#trouble === undefined) return;
    // Once more, with what was kept back for that.
    this.#attempt(() => {
      this.#reserves.release();
    });
    this.#trouble = undefined;
    this.#persistAll();
  }

  /** Bytes of what others have left count too. */
  inherited(segment: Segment): void {
    if (this.#heirlooms.has(segment)) return;
    this.#heirlooms.set(segment, segment.bytes);
    this.#use.changed(segment.bytes);
    this.#evictions.makeRoomForInherited();
  }

  /** They no longer do: as many as were counted, whatever acks have been added since. To be called before its files are removed. */
  disinherited(segment: Segment): void {
    // With the files goes what they tell of what has become of their items.
    this.#writeAccounts();
    this.#use.changed(-(this.#heirlooms.get(segment) ?? 0));
    this.#heirlooms.delete(segment);
  }

  /** Drops what is too old, a segment at a time. */
  expire(nowMillis: number): void {
    this.#evictions.expire(nowMillis - this.#maxAgeMillis);
  }

  /** What there is to tell of it. */
  get accounts(): SpoolAccounts {
    const segments = [...this.#lanes.values()].flatMap(({ lane, spool }) => [
      ...lane.heirlooms,
      ...(spool?.segments ?? []),
    ]);
    const begun = segments.flatMap(({ isDone, span }) =>
      isDone || span === undefined ? [] : [span.beganMillis],
    );
    return {
      usedBytes: this.#use.usedBytes,
      limitBytes: this.#use.limitBytes,
      segments: segments.length,
      oldestMillis: begun.length === 0 ? undefined : Math.min(...begun),
      isDegraded: this.#trouble !== undefined,
    };
  }

  refreshResources(): void {
    for (const { spool } of this.#lanes.values()) {
      this.#attempt(() => {
        spool?.refreshResources();
      });
    }
  }

  /** Closes all files; removes the folder if nothing is left in it, and no drop is to be told of at the next start. */
  close(): void {
    const reason = this.#trouble === undefined ? 'spool_full' : 'spool_io';
    for (const { lane } of this.#lanes.values()) lane.abandon(reason);
    this.#writeAccounts();
    let isTelling = false;
    for (const [name, entry] of this.#lanes) {
      this.#attempt(() => {
        entry.spool?.close();
      });
      this.#attempt(() => {
        if (this.#tellsOfDrops(name, entry)) isTelling = true;
        entry.accounts?.close();
      });
    }
    this.#attempt(() => {
      this.#reserves.release();
      this.#folder?.close(isTelling);
    });
    this.#folder = undefined;
  }

  #append(name: string, payload: Payload, origin: Origin): Place | undefined {
    if (this.#isWriting || !fitsRecord(payload)) return undefined;
    if (!this.#isWritable(mostBytesOf(payload) + this.#weights.of(origin))) return undefined;
    let place: Place | undefined;
    try {
      this.#isWriting = true;
      place = this.#appended(name, payload, origin);
    } catch (thrown) {
      this.#failed(thrown);
    } finally {
      this.#isWriting = false;
    }
    this.#persistUprooted();
    return place;
  }

  /** What was written into a folder that is no longer there, as far as it is in memory too. */
  #persistUprooted(): void {
    if (!this.#isUprooted) return;
    this.#isUprooted = false;
    this.#persistAll();
  }

  #appendAll<One extends WritableItem>(
    name: string,
    items: IterableIterator<One>,
    onWritten: (item: One, place: Place) => void,
  ): void {
    if (this.#isWriting) return;
    const left: One[] = [];
    try {
      for (;;) {
        const bytes = fill(left, items);
        if (left.length === 0) return;
        if (!this.#isWritable(bytes + this.#weightOf(left))) break;
        this.#isWriting = true;
        const places = this.#spoolOf(name).appendFirst(left);
        this.#isWriting = false;
        for (const place of places) {
          // The segment may have had room for some of them only: the others stay.
          const item = left.shift();
          if (item !== undefined) onWritten(item, place);
        }
      }
    } catch {
      // What does not go together may go one by one. If not, that finds out why.
      this.#isWriting = false;
    }
    for (const some of [left, items]) {
      for (const item of some) {
        const place = this.#append(name, item.payload, item.origin);
        if (place !== undefined) onWritten(item, place);
        if (this.#trouble !== undefined) return;
      }
    }
  }

  /** What the resources and scopes of items take at most. */
  #weightOf(items: readonly WritableItem[]): number {
    const byResource = new Map(items.map(({ origin }) => [origin.resource, origin]));
    return [...byResource.values()].reduce((sum, origin) => sum + this.#weights.of(origin), 0);
  }

  #appended(name: string, payload: Payload, origin: Origin): Place {
    const spool = this.#spoolOf(name);
    try {
      const startMillis = performance.now();
      const place = spool.append(payload, origin);
      const millis = performance.now() - startMillis;
      if (this.#pace.isTooSlow(millis)) this.#failed(tooSlow(millis));
      return place;
    } catch (thrown) {
      switch (errorCode(thrown)) {
        case 'EMFILE':
        case 'ENFILE':
          // For the next segment. The one after it has to do without.
          this.#reserves.releaseDescriptor();
          return spool.append(payload, origin);
        case 'ENOENT':
          // Somebody has taken the folder away: adopted or cleared up.
          this.#openFolder();
          return this.#spoolOf(name).append(payload, origin);
        default:
          throw thrown;
      }
    }
  }

  #spoolOf(name: string): LaneSpool {
    const entry = this.#lanes.get(name);
    if (entry === undefined) throw new Error(`there is no lane ${name}`);
    this.#folder ??= this.#openFolder();
    return (entry.spool ??= new LaneSpool({
      files: this.#options.files,
      folder: this.#folder.path,
      lane: name,
      segmentBytes: Math.min(SEGMENT_BYTES, Math.floor(this.#use.limitBytes / 8)),
      segmentMillis: Math.min(SEGMENT_MILLIS, Math.floor(this.#maxAgeMillis / 8)),
      disk: this.#use,
      format: entry.lane.format,
    }));
  }

  #settle(name: string, segment: Segment, first: number, count: number, outcome: Outcome): void {
    this.#attempt(() => {
      const spool = this.#lanes.get(name)?.spool;
      if (spool?.segments.includes(segment) === true) spool.settle(segment, first, count, outcome);
      // Its folder is somebody else's by now, who sends it once more.
      else segment.note(first, count, outcome);
    });
  }

  #openFolder(): ProcessFolder {
    const { files, dir, uid, view } = this.#options;
    const root = openRoot(files, dir, uid);
    this.#root = root.path;
    this.#newer = root.newer;
    const { pid, threadId } = view.self;
    const name = `${pid}-${threadId}-${randomBytes(6).toString('hex')}`;
    const folder = new ProcessFolder(files, root.path, name, view.self);
    this.#folder?.abandon();
    this.#folder = folder;
    // What was written into the folder before is its heir's, or gone.
    for (const entry of this.#lanes.values()) {
      entry.lane.uprooted(new Set(entry.spool?.segments));
      this.#isUprooted = true;
      try {
        entry.spool?.close();
      } catch {
        // Its files are of no use any more.
      }
      this.#use.changed(-bytesOf(entry.spool) - (entry.accounts?.bytes ?? 0));
      entry.spool = undefined;
      entry.accounts?.close();
      entry.accounts = undefined;
    }
    this.#reserves.take(folder.path);
    return folder;
  }

  /** Something was counted that no segment tells of. It is written at once, unless such things come in crowds. */
  #accountNow(): void {
    const second = Math.floor(performance.now() / 1_000);
    if (second !== this.#accountSecond) {
      this.#accountSecond = second;
      this.#accountsOfSecond = 0;
    }
    this.#accountsOfSecond += 1;
    if (this.#accountsOfSecond <= ACCOUNTS_PER_SECOND) this.#writeAccounts();
  }

  /** What no segment tells of, for the report of the next start. */
  #writeAccounts(): void {
    for (const [name, entry] of this.#lanes) {
      const { untraced } = entry.lane.ledger;
      if (untraced === NO_TOTALS) continue;
      this.#writeAccount(name, entry, untraced);
    }
  }

  #writeAccount(name: string, entry: LaneOnDisk, totals: LaneTotals): void {
    if (this.#folder === undefined || this.#trouble !== undefined) return;
    try {
      entry.accounts ??= new AccountFile(this.#options.files, this.#folder.path, name);
      const before = entry.accounts.bytes;
      entry.accounts.write(totals);
      this.#use.changed(entry.accounts.bytes - before);
    } catch {
      // No item depends on it.
    }
  }

  /** Sees to it that the accounts tell of drops, where no segment is left to do so. */
  #tellsOfDrops(name: string, entry: LaneOnDisk): boolean {
    const { dropped, untraced } = entry.lane.ledger;
    if (Object.keys(dropped).length === 0) return false;
    const { spool } = entry;
    // With the last of its segments went what they told of it.
    if (spool?.segments.length === 0) this.#writeAccount(name, entry, sumOfTotals(untraced, spool.totals));
    return true;
  }

  #persistAll(): void {
    for (const { lane } of this.#lanes.values()) lane.persist();
  }

  #attempt(step: () => void): void {
    try {
      step();
    } catch (thrown) {
      this.#failed(thrown);
    }
  }

  #failed(thrown: unknown): void {
    this.#trouble = {
      code: errorCode(thrown),
      message: thrown instanceof Error ? thrown.message : String(thrown),
    };
    if (this.#isTold) return;
    this.#isTold = true;
    this.#options.onTrouble(this.#trouble);
  }
}

function tooSlow(millis: number): Error {
  return Object.assign(new Error(`a write took ${Math.round(millis)} ms`), { code: 'SLOW' });
}
