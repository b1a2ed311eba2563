import { isDeepStrictEqual } from 'node:util';
import { CgroupMemory } from './cgroup-memory.js';
import type { CgroupMemoryOptions } from './cgroup-memory.js';
import { findMemoryCgroup } from './cgroup-place.js';
import { HeldFile } from './held-file.js';

/** Most processes are in a dozen cgroups, each a line of some fifty bytes. */
const SIZE_HINT_BYTES = 1024;

/**
 * Keeps a reader open of the memory cgroup that this process is in, wherever it is moved to.
 *
 * systemd and some container runtimes start a process first and move it then, and a cgroup that was left can be removed:
 * its files go on telling of other processes, or fail with ENODEV for ever.
 */
export class CgroupFollower {
  readonly #options: CgroupMemoryOptions;
  readonly #paths: HeldFile;
  /** What /proc told when the cgroup was looked for; `undefined` before. */
  #pathsText: string | undefined;
  #memory: CgroupMemory | undefined;

  constructor(options: CgroupMemoryOptions = {}) {
    this.#options = options;
    this.#paths = new HeldFile(`${options.procRoot ?? '/proc'}/self/cgroup`, SIZE_HINT_BYTES);
  }

  /**
   * Sees whether the process is still where it was, which is one `pread`, and looks for its cgroup if it is not, or if
   * the files of that cgroup are gone. The reader of a cgroup that it has left is closed.
   *
   * @returns the same reader as long as the process is in the same cgroup; `undefined` as of {@link CgroupMemory.open}
   * @throws EMFILE, ENFILE or ENOMEM if there is no way to look now: what was open stays open, try again later
   */
  follow(): CgroupMemory | undefined {
    const pathsText = this.#readPaths();
    if (pathsText === this.#pathsText && this.#memory?.isGone !== true) return this.#memory;
    const cgroup = findMemoryCgroup(this.#options);
    if (cgroup === undefined || !isDeepStrictEqual(cgroup, this.#memory?.cgroup)) {
      this.#memory?.close();
      this.#memory = cgroup === undefined ? undefined : CgroupMemory.at(cgroup, this.#options);
    }
    this.#pathsText = pathsText;
    return this.#memory;
  }

  /** Gives every descriptor back. */
  close(): void {
    this.#paths.close();
    this.#memory?.close();
    this.#memory = undefined;
    this.#pathsText = undefined;
  }

  /** As before where it cannot be read: then only files that are gone are a reason to look. */
  #readPaths(): string {
    try {
      return this.#paths.readText();
    } catch {
      return this.#pathsText ?? '';
    }
  }
}
