import { join } from 'node:path';
import { laneFile } from '../spool/file-names.js';
import type { LaneFile } from '../spool/file-names.js';
import { errorCode } from '../spool/file-system.js';
import type { FileSystem } from '../spool/file-system.js';
import { ADOPTED, ownerOf } from '../spool/orphans.js';
import { lifeOf } from '../spool/owner.js';
import type { Owner, ProcessView } from '../spool/owner.js';
import { OWNER_FILE, RESERVE_FILE } from '../spool/process-folder.js';
import { LAYOUT, isGone } from '../spool/spool-root.js';

/** The folder of one process. */
export interface ProcessTree {
  readonly path: string;
  readonly name: string;
  readonly isAlive: boolean;
  /** How that is known. */
  readonly why: string;
  readonly owner: Owner | undefined;
  /** Its last heartbeat, in milliseconds since 1970. */
  readonly beatMillis: number;
  readonly files: readonly LaneFile[];
  /** Names that are none of the spool's. */
  readonly foreign: readonly string[];
  /** Folders of dead processes that it has taken over. */
  readonly adopted: readonly ProcessTree[];
}

/** What could not be read, and why. */
export interface Unreadable {
  readonly path: string;
  readonly error: string;
}

/** A folder of a spool. */
export interface SpoolTree {
  readonly processes: readonly ProcessTree[];
  /** Paths of folders of later versions, which are not looked into. */
  readonly newer: readonly string[];
  /** Paths that are none of the spool's. */
  readonly foreign: readonly string[];
  readonly unreadable: readonly Unreadable[];
}

/**
 * Looks at what there is in the folder of a spool. What vanishes meanwhile is left out: its owner may be alive.
 *
 * @throws what the file system throws if the folder itself cannot be read
 */
export function spoolTree(files: FileSystem, dir: string, view: ProcessView, nowMillis: number): SpoolTree {
  const names = files.readdirSync(dir).sort();
  const newer = names.filter(name => /^v\d+$/.test(name) && name !== LAYOUT);
  const foreign = names.filter(name => name !== LAYOUT && !newer.includes(name));
  const looker = new Looker(files, view, nowMillis);
  const root = join(dir, LAYOUT);
  const processes = names.includes(LAYOUT) ? looker.folders(root, files.readdirSync(root).sort()) : [];
  return {
    processes,
    newer: newer.map(name => join(dir, name)),
    foreign: [...foreign.map(name => join(dir, name)), ...looker.foreign],
    unreadable: looker.unreadable,
  };
}

class Looker {
  readonly foreign: string[] = [];
  readonly unreadable: Unreadable[] = [];
  readonly #files: FileSystem;
  readonly #view: ProcessView;
  readonly #nowMillis: number;

  constructor(files: FileSystem, view: ProcessView, nowMillis: number) {
    this.#files = files;
    this.#view = view;
    this.#nowMillis = nowMillis;
  }

  folders(parent: string, names: readonly string[]): ProcessTree[] {
    return names.flatMap(name => {
      const path = join(parent, name);
      try {
        const facts = this.#files.lstatSync(path);
        if (facts.isDirectory() && !facts.isSymbolicLink()) return [this.#folder(path, name, facts.mtimeMs)];
        this.foreign.push(path);
      } catch (thrown) {
        if (!isGone(thrown)) this.unreadable.push({ path, error: errorText(thrown) });
      }
      return [];
    });
  }

  #folder(path: string, name: string, folderMillis: number): ProcessTree {
    const names = this.#files.readdirSync(path).sort();
    const { owner, beatMillis } = ownerOf(this.#files, path, folderMillis);
    const { isDead, why } = lifeOf(owner, this.#nowMillis - beatMillis, this.#view);
    const adopted = names.filter(each => each.startsWith(ADOPTED));
    const known = [OWNER_FILE, RESERVE_FILE, ...adopted];
    return {
      path,
      name,
      isAlive: !isDead,
      why,
      owner,
      beatMillis,
      files: names.flatMap(each => laneFile(each) ?? []),
      foreign: names.filter(each => !known.includes(each) && laneFile(each) === undefined),
      adopted: this.folders(path, adopted),
    };
  }
}

/** `EACCES: permission denied, open …` */
export function errorText(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : errorCode(thrown);
}
