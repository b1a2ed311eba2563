import { UnexpectedContentError } from '../sampling/error-type.js';
import { HeldFile } from './held-file.js';

/** A part of a reading, which can be missing without the others. */
export type CgroupPart = 'usage' | 'stat' | 'limit' | 'high' | 'swap' | 'peak' | 'events' | 'pressure';

/** Why a part of a reading is missing. */
export interface CgroupProblem {
  readonly part: CgroupPart;
  readonly path: string;
  readonly error: unknown;
}

/** One file of a cgroup and what it says. */
export interface CgroupFileOptions<Value> {
  readonly part: CgroupPart;
  readonly path: string;
  /** `undefined` if the text makes no sense. */
  readonly parse: (text: string) => Value | undefined;
  readonly sizeHint?: number;
}

/**
 * What says that the kernel does not offer this file here, rather than that it cannot be read now. ENOTSUP is what
 * Node calls the kernel's EOPNOTSUPP: they are one number on Linux, and libuv has only that name for it.
 */
const NOT_OFFERED: ReadonlySet<unknown> = new Set(['ENOENT', 'ENODEV', 'ENOTSUP']);

/** Most of these files hold one number. */
const SIZE_HINT_BYTES = 64;

/** A file of a cgroup, held open. */
export class CgroupFile<Value> {
  readonly #part: CgroupPart;
  readonly #parse: (text: string) => Value | undefined;
  readonly #file: HeldFile;
  #optional = false;

  /** Opens a file that every such cgroup has: if it is not there, that is a problem. */
  constructor({ part, path, parse, sizeHint = SIZE_HINT_BYTES }: CgroupFileOptions<Value>) {
    this.#part = part;
    this.#parse = parse;
    this.#file = new HeldFile(path, sizeHint);
  }

  /**
   * Opens a file that depends on the kernel's version and settings (`memory.peak` needs 5.19, `memory.pressure` is
   * there and cannot be read where PSI is off): if the kernel does not offer it, that is no problem, then or later.
   *
   * @returns `undefined` where the kernel does not offer it
   */
  static openOptional<Value>(options: CgroupFileOptions<Value>): CgroupFile<Value> | undefined {
    const file = new CgroupFile(options);
    file.#optional = true;
    try {
      file.#file.readText();
    } catch (thrown) {
      if (isNotOffered(thrown)) {
        file.close();
        return undefined;
      }
      // Out of descriptors, for one: the next reading tries again and says so.
    }
    return file;
  }

  /** Reads the file; if that fails, says why in `problems` and returns `undefined`. Never throws. */
  read(problems: CgroupProblem[]): Value | undefined {
    const { path } = this.#file;
    try {
      const value = this.#parse(this.#readText());
      if (value !== undefined) return value;
      throw new UnexpectedContentError(`${path} does not hold what it should`);
    } catch (error) {
      if (!this.#optional || !isNotOffered(error)) problems.push({ part: this.#part, path, error });
      return undefined;
    }
  }

  /** Gives the descriptor back. */
  close(): void {
    this.#file.close();
  }

  #readText(): string {
    try {
      return this.#file.readText();
    } catch (thrown) {
      if (codeOf(thrown) !== 'ENODEV') throw thrown;
      // The kernel has taken the file away under our descriptor, which will never work again; but there may be a new
      // one: `cgroup.pressure` switches PSI off and on.
      this.#file.close();
      return this.#file.readText();
    }
  }
}

/** Whether an error says that there is no such file here, rather than that it cannot be read now. */
export function isNotOffered(thrown: unknown): boolean {
  return NOT_OFFERED.has(codeOf(thrown));
}

function codeOf(thrown: unknown): unknown {
  return (thrown as NodeJS.ErrnoException).code;
}
