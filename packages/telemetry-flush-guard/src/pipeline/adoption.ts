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

/** Takes over what processes that have died could not deliver. */
export class Adoption {
  readonly #options: AdoptionOptions;
  /** Of lanes that are not there (yet). */
  readonly #waiting = new Map<string, Segment[]>();
  readonly #folders = new Set<string>();
  #running: Promise<void> | undefined;
  #nowMillis = 0;

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

  async #run(nowMillis: number): Promise<void> {
    const { files, view, disk, onProblem } = this.#options;
    const places = disk.places;
    if (places === undefined) return;
    try {
      const folders = claimOrphans(files, places.root, places.folder, view, nowMillis, onProblem);
      for (const folder of folders) {
        try {
          await this.#takeOver(folder, places.folder);
        } catch (thrown) {
          onProblem(folder, thrown);
        }
      }
    } catch (thrown) {
      onProblem(places.root, thrown);
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
    const { files, onProblem } = this.#options;
    for (const file of adopted) {
      try {
        const found = findSegment(files, file.folder, file.lane, file.number);
        onFound(file.lane, found);
        if (found?.segment.isDone === true) found.segment.remove();
        else if (found !== undefined) this.#give(found.segment);
      } catch (thrown) {
        onProblem(file.folder, thrown);
      }
      await nextTurn();
    }
  }

  /** To its lane, or to wait for it. */
  #give(segment: Segment): void {
    const { disk, laneOf } = this.#options;
    const lane = laneOf(segment.lane);
    if (lane === undefined) {
      this.#waiting.set(segment.lane, [...(this.#waiting.get(segment.lane) ?? []), segment]);
      return;
    }
    lane.inherit([segment], done => {
      this.#remove(done);
    });
    disk.inherited(segment);
    // Before it can be sent.
    disk.expire(this.#nowMillis);
  }

  #remove(segment: Segment): void {
    const { disk, onProblem } = this.#options;
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
      onProblem(segment.path, thrown);
    }
    this.#removeEmpty();
  }

  #removeEmpty(): void {
    const { files, onProblem } = this.#options;
    for (const folder of this.#folders) {
      try {
        if (removeIfEmpty(files, folder)) this.#folders.delete(folder);
      } catch (thrown) {
        this.#folders.delete(folder);
        onProblem(folder, thrown);
      }
    }
  }
}
