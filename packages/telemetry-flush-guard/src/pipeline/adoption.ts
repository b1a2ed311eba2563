import { basename, dirname } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { PreviousRun } from '../accounting/previous-runs.js';
import { readAccounts } from '../spool/account-file.js';
import type { FileSystem } from '../spool/file-system.js';
import { adoptedFiles, claimOrphans, lanesIn, removeIfEmpty, takeOutAdopted } from '../spool/orphans.js';
import type { AdoptedFile } from '../spool/orphans.js';
import type { ProcessView } from '../spool/owner.js';
import { findSegment } from '../spool/segment.js';
import type { FoundSegment, Segment } from '../spool/segment.js';
import type { GuardDisk } from './guard-disk.js';
import type { Lane } from './lane.js';

export interface AdoptionOptions {
  readonly files: FileSystem;
  readonly view: ProcessView;
  readonly disk: GuardDisk;
  /** The lane of that name; undefined while nobody has set one up. */
  readonly laneOf: (name: string) => Lane<never> | undefined;
  readonly onProblem: (path: string, thrown: unknown) => void;
  /** Told of each process that was taken over from, by the name of its folder. */
  readonly onPrevious?: (run: PreviousRun, folder: string) => void;
}

/** Problems that are remembered as told. */
const MOST_TOLD = 1_000;

/** Takes over what processes that have died could not deliver. */
export class Adoption {
  readonly #options: AdoptionOptions;
  /** Of lanes that are not there (yet). */
  readonly #waiting = new Map<string, Segment[]>();
  readonly #folders = new Set<string>();
  #running: Promise<void> | undefined;
  #nowMillis = 0;
  readonly #told = new Set<string>();

  constructor(options: AdoptionOptions) {
    this.#options = options;
  }

  /** Looks for orphans and hands what they have to the lanes, a segment a turn of the loop. Never rejects. */
  run(nowMillis: number): Promise<void> {
    this.#nowMillis = nowMillis;
    return (this.#running ??= this.#run(nowMillis).finally(() => {
      this.#running = undefined;
    }));
  }

  /** A folder is looked at again and again. */
  readonly #tellOnce = (path: string, thrown: unknown): void => {
    const problem = `${path}: ${String(thrown)}`;
    if (this.#told.has(problem)) return;
    if (this.#told.size >= MOST_TOLD) this.#told.clear();
    this.#told.add(problem);
    this.#options.onProblem(path, thrown);
  };

  async #run(nowMillis: number): Promise<void> {
    const { files, view, disk } = this.#options;
    const places = disk.places;
    if (places === undefined) return;
    try {
      const folders = claimOrphans(files, places.root, places.folder, view, nowMillis, this.#tellOnce);
      for (const folder of folders) {
        try {
          await this.#takeOver(folder, places.folder);
        } catch (thrown) {
          this.#tellOnce(folder, thrown);
        }
      }
    } catch (thrown) {
      this.#tellOnce(places.root, thrown);
    }
    for (const segment of [...this.#waiting.values()].flat()) {
      if (disk.isTooOld(segment, nowMillis)) this.#giveUp(segment, 'for its age');
    }
    for (const [lane, waiting] of [...this.#waiting]) {
      if (this.#options.laneOf(lane) === undefined) continue;
      this.#waiting.delete(lane);
      for (const segment of waiting) this.#give(segment);
    }
    this.#removeEmpty();
  }

  async #takeOver(folder: string, heir: string): Promise<void> {
    const { files, onPrevious } = this.#options;
    const previous = new PreviousRun();
    const older = takeOutAdopted(files, folder, heir);
    for (const each of [...older, folder]) {
      this.#folders.add(each);
      await this.#hand(adoptedFiles(files, each), (lane, found) => {
        previous.found(lane, found, each === folder);
      });
    }
    for (const lane of lanesIn(files, folder)) previous.untraced(lane, readAccounts(files, folder, lane));
    onPrevious?.(previous, basename(folder));
  }

  async #hand(
    adopted: readonly AdoptedFile[],
    onFound: (lane: string, found: FoundSegment | undefined) => void = () => {},
  ): Promise<void> {
    const { files } = this.#options;
    for (const file of adopted) {
      try {
        const found = findSegment(files, file.folder, file.lane, file.number);
        onFound(file.lane, found);
        if (found?.segment.isDone === true) found.segment.remove();
        else if (found !== undefined) this.#give(found.segment);
      } catch (thrown) {
        this.#tellOnce(file.folder, thrown);
      }
      await nextTurn();
    }
  }

  /** To its lane, or to wait for it. */
  #give(segment: Segment): void {
    const { disk, laneOf } = this.#options;
    const lane = laneOf(segment.lane);
    if (lane === undefined) {
      this.#wait(segment);
      return;
    }
    lane.inherit([segment], done => {
      this.#remove(done);
    });
    disk.inherited(segment);
    // Before it can be sent.
    disk.expire(this.#nowMillis);
  }

  /** Nobody sends its items yet, and perhaps nobody ever will: it may take half of the room, as long as it is not too old. */
  #wait(segment: Segment): void {
    const { disk } = this.#options;
    const before = this.#waiting.get(segment.lane) ?? [];
    this.#waiting.set(segment.lane, [...before, segment]);
    disk.inherited(segment);
    const all = [...this.#waiting.values()].flat();
    let bytes = all.reduce((sum, each) => sum + each.bytes, 0);
    for (const oldest of all) {
      if (bytes <= disk.limitBytes / 2) return;
      bytes -= oldest.bytes;
      this.#giveUp(oldest, 'for want of room');
    }
  }

  #giveUp(segment: Segment, why: string): void {
    const { disk } = this.#options;
    const left = (this.#waiting.get(segment.lane) ?? []).filter(each => each !== segment);
    if (left.length > 0) this.#waiting.set(segment.lane, left);
    else this.#waiting.delete(segment.lane);
    this.#tellOnce(
      segment.path,
      `given up ${why} with ${segment.pending} items: there is no exporter "${segment.lane}"`,
    );
    disk.disinherited(segment);
    try {
      segment.remove();
    } catch (thrown) {
      this.#tellOnce(segment.path, thrown);
    }
  }

  #remove(segment: Segment): void {
    const { disk } = this.#options;
    disk.disinherited(segment);
    try {
      // Whoever was taken for dead may have gone on writing into it until it found out.
      if (segment.hasGrown()) {
        segment.acks.close();
        void this.#hand([{ folder: dirname(segment.path), lane: segment.lane, number: segment.number }]);
        return;
      }
      segment.remove();
    } catch (thrown) {
      this.#tellOnce(segment.path, thrown);
    }
    this.#removeEmpty();
  }

  #removeEmpty(): void {
    const { files } = this.#options;
    for (const folder of this.#folders) {
      try {
        if (removeIfEmpty(files, folder)) this.#folders.delete(folder);
      } catch (thrown) {
        this.#folders.delete(folder);
        this.#tellOnce(folder, thrown);
      }
    }
  }
}
