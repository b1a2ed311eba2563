import { join } from 'node:path';
import { AppendFile } from './append-file.js';
import { laneFile } from './file-names.js';
import type { FileSystem } from './file-system.js';
import { ownerText } from './owner.js';
import type { Owner } from './owner.js';
import { isGone } from './spool-root.js';

export const OWNER_FILE = 'owner';

/** Bytes that are kept back for the end. */
export const RESERVE_FILE = 'reserve';

/** The folder that this process writes into, and nobody else. */
export class ProcessFolder {
  readonly path: string;
  readonly #files: FileSystem;
  readonly #owner: AppendFile;
  #heartbeat: number | undefined;

  /**
   * @param name not used by any other process: `4711-0-9f3c00aa12bd`
   * @throws what the file system throws; then nothing is left of it
   */
  constructor(files: FileSystem, root: string, name: string, owner: Owner) {
    this.#files = files;
    this.path = join(root, name);
    files.mkdirSync(this.path, { mode: 0o700, recursive: false });
    let ownerFile: AppendFile | undefined;
    try {
      this.#owner = ownerFile = new AppendFile(files, join(this.path, OWNER_FILE), true);
      ownerFile.append(Buffer.from(ownerText(owner)));
      // Held open from the start: with no descriptor left, it still beats.
      this.#heartbeat = files.openSync(join(this.path, OWNER_FILE), 'r');
    } catch (thrown) {
      // A disk that is full may still make folders and files: one more with each attempt, for hours.
      quietly(() => ownerFile?.close());
      quietly(() => {
        files.unlinkSync(join(this.path, OWNER_FILE));
      });
      quietly(() => {
        files.rmdirSync(this.path);
      });
      throw thrown;
    }
  }

  /** Says that its owner is alive. @throws what the file system throws */
  beat(nowMillis: number): void {
    if (this.#heartbeat !== undefined) {
      this.#files.futimesSync(this.#heartbeat, nowMillis / 1000, nowMillis / 1000);
    }
  }

  /** Whether it is still where it was made. Somebody may have taken us for dead. */
  isThere(): boolean {
    try {
      return this.#files.lstatSync(this.path).isDirectory();
    } catch (thrown) {
      return !isGone(thrown);
    }
  }

  /** Gives back its descriptors and leaves all that is in it to an heir: there is another folder now. Never throws. */
  abandon(): void {
    const heartbeat = this.#heartbeat;
    this.#heartbeat = undefined;
    quietly(() => {
      this.#owner.close();
    });
    if (heartbeat === undefined) return;
    quietly(() => {
      this.#files.closeSync(heartbeat);
    });
  }

  /**
   * Closes its file, and removes it if nothing else is in it.
   *
   * @param isTelling whether its accounts tell of drops: then it stays, for the report of the next start
   * @throws what the file system throws
   */
  close(isTelling = false): void {
    const heartbeat = this.#heartbeat;
    this.#heartbeat = undefined;
    this.#owner.close();
    if (heartbeat !== undefined) {
      try {
        // The last beat, long ago: whoever cannot see our number, from another namespace or machine, need not wait to be sure.
        this.#files.futimesSync(heartbeat, 0, 0);
      } finally {
        this.#files.closeSync(heartbeat);
      }
    }
    if (isTelling) return;
    const names = this.#files.readdirSync(this.path);
    // Acks without a segment are accounts of what is done with.
    const isSpare = (name: string): boolean => name === OWNER_FILE || laneFile(name)?.kind === 'ack';
    if (!names.every(isSpare)) return;
    for (const name of names) this.#files.unlinkSync(join(this.path, name));
    this.#files.rmdirSync(this.path);
  }
}

function quietly(step: () => void): void {
  try {
    step();
  } catch {
    // There is nothing more to be done about it.
  }
}
