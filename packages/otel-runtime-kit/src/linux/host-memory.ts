import { existsSync } from 'node:fs';
import { UnexpectedContentError } from '../sampling/error-type.js';
import { HeldFile } from './held-file.js';

/** Memory of the whole machine in bytes, or of what passes for it (LXCFS and gVisor show a container its own). */
export interface HostMemoryReading {
  readonly totalBytes: number;
  /** What could be given to new work without swapping; `null` before Linux 3.14. */
  readonly availableBytes: number | null;
}

/**
 * Reads the text of `/proc/meminfo` (proc_meminfo(5)). Its "kB" are units of 1024 bytes.
 *
 * @returns `undefined` if it does not even state the total
 */
export function parseHostMemory(text: string): HostMemoryReading | undefined {
  const total = kibibytes(/^MemTotal:\s*(\d+) kB$/m.exec(text));
  if (total === undefined) return undefined;
  const available = kibibytes(/^MemAvailable:\s*(\d+) kB$/m.exec(text));
  return { totalBytes: total * 1024, availableBytes: available === undefined ? null : available * 1024 };
}

function kibibytes(match: RegExpExecArray | null): number | undefined {
  return match === null ? undefined : Number(match[1]);
}

/** Reads the memory of the host, also when no descriptor is left. */
export class HostMemory {
  readonly #file: HeldFile;

  /** @returns `undefined` where there is no such file */
  static open({ procRoot = '/proc' }: { readonly procRoot?: string } = {}): HostMemory | undefined {
    const path = `${procRoot}/meminfo`;
    return existsSync(path) ? new HostMemory(path) : undefined;
  }

  /** @param path `/proc/meminfo` */
  constructor(path: string) {
    this.#file = new HeldFile(path);
  }

  /**
   * @throws UnexpectedContentError if the text has no line "MemTotal"
   * @throws the error of `open` or `read`, with its `code`
   */
  read(): HostMemoryReading {
    const memory = parseHostMemory(this.#file.readText());
    if (memory === undefined) throw new UnexpectedContentError(`${this.#file.path} has no line "MemTotal"`);
    return memory;
  }

  /** Gives the descriptor back. */
  close(): void {
    this.#file.close();
  }
}
