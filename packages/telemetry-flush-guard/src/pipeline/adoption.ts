import { dirname } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FileSystem } from '../spool/file-system.js';
import { adoptedFiles, claimOrphans, removeIfEmpty } from '../spool/orphans.js';
import type { AdoptedFile } from '../spool/orphans.js';
import type { ProcessView } from '../spool/owner.js';
import { findSegment } from '../spool/segment.js';
import type { Segment } from '../spool/segment.js';
import type { GuardDisk } from './guard-disk.js';
import type { Lane } from './lane.js';

export interface AdoptionOptions {
  readonly files: FileSystem;
  readonly view: ProcessView;
  readonly disk: GuardDisk;
  /** The lane of that name; undefined while nobody has set one up. */
  readonly laneOf: (name: string) => Lane<never> | undefined;
  readonly onProblem: (path: string, thrown: unknown) => void;
}

/** Takes over what processes that have died could not deliver. */
export class Adoption {
  readonly #options: AdoptionOptions;
  /** Of lanes that are not there (yet). */
  readonly #waiting = new Map<string, AdoptedFile[]>();
  readonly #folders = new Set<string>();
  #running: Promise<void> | undefined;

  constructor(options: AdoptionOptions) {
    this.#options = options;
  }

  /** Looks for orphans and hands what they have to the lanes, a segment a turn of the loop. Never rejects. */
  run(nowMillis: number): Promise<void> {
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
        this.#folders.add(folder);
        await this.#hand(adoptedFiles(files, folder));
      }
    } catch (thrown) {
      onProblem(places.root, thrown);
    }
    for (const [lane, waiting] of [...this.#waiting]) {
      if (this.#options.laneOf(lane) === undefined) continue;
      this.#waiting.delete(lane);
      await this.#hand(waiting);
    }
    this.#removeEmpty();
  }

  async #hand(found: readonly AdoptedFile[]): Promise<void> {
    const { files, disk, laneOf, onProblem } = this.#options;
    for (const file of found) {
      const lane = laneOf(file.lane);
      if (lane === undefined) {
        this.#waiting.set(file.lane, [...(this.#waiting.get(file.lane) ?? []), file]);
        continue;
      }
      try {
        const segment = findSegment(files, file.folder, file.lane, file.number)?.segment;
        if (segment?.isDone === true) segment.remove();
        else if (segment !== undefined) {
          lane.inherit([segment], done => {
            this.#remove(done);
          });
          disk.inherited(segment.bytes);
        }
      } catch (thrown) {
        onProblem(file.folder, thrown);
      }
      await nextTurn();
    }
  }

  #remove(segment: Segment): void {
    const { disk, onProblem } = this.#options;
    disk.inherited(-segment.bytes);
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
