import { existsSync } from 'node:fs';
import { HeldFile, UNKNOWN_PROCESS_MEMORY, parseProcessMemory } from 'otel-runtime-kit/linux';
import { UnexpectedContentError } from 'otel-runtime-kit/sampling';
import type { MemoryPlatform } from './platform.js';
import type { ProcessMemorySnapshot } from './snapshot.js';

/** How the memory of the process is read. */
export interface ProcessMemoryReader {
  /** Which fields can be had here. */
  readonly fields: ReadonlySet<keyof ProcessMemorySnapshot>;
  /** @throws the error of the reading, with its `code` */
  read(): ProcessMemorySnapshot;
  /** Gives back what is held open. */
  close(): void;
}

const ALL_FIELDS = Object.keys(UNKNOWN_PROCESS_MEMORY) as (keyof ProcessMemorySnapshot)[];

/** By `/proc/self/status` where there is one, else by what Node.js tells. */
export function openProcessMemory(platform: MemoryPlatform): ProcessMemoryReader {
  const path = platform.procRoot === undefined ? undefined : `${platform.procRoot}/self/status`;
  return path !== undefined && existsSync(path)
    ? new StatusMemoryReader(path)
    : new PortableMemoryReader(platform);
}

/** Reads all from one file that is held open: the parts are of the same moment as their sum. */
export class StatusMemoryReader implements ProcessMemoryReader {
  readonly fields: ReadonlySet<keyof ProcessMemorySnapshot>;
  readonly #file: HeldFile;

  /** @param path `/proc/self/status` */
  constructor(path: string) {
    this.#file = new HeldFile(path);
    this.fields = new Set(this.#presentFields());
  }

  /** @throws UnexpectedContentError if the text has no line about memory */
  read(): ProcessMemorySnapshot {
    const memory = parseProcessMemory(this.#file.readText());
    if (memory === undefined) throw new UnexpectedContentError(`${this.#file.path} has no line about memory`);
    return memory;
  }

  close(): void {
    this.#file.close();
  }

  /** gVisor has two of the lines, old kernels have no parts. */
  #presentFields(): readonly (keyof ProcessMemorySnapshot)[] {
    try {
      const memory = this.read();
      return ALL_FIELDS.filter(field => memory[field] !== null);
    } catch {
      // Out of descriptors at the very start, for one. Each reading tries again, and says so.
      return ALL_FIELDS;
    }
  }
}

/** Reads what Node.js tells on every platform. */
export class PortableMemoryReader implements ProcessMemoryReader {
  readonly fields: ReadonlySet<keyof ProcessMemorySnapshot> = new Set([
    'residentBytes',
    'peakBytes',
  ] as const);
  readonly #platform: Pick<MemoryPlatform, 'residentBytes' | 'peakBytes'>;

  constructor(platform: Pick<MemoryPlatform, 'residentBytes' | 'peakBytes'>) {
    this.#platform = platform;
  }

  read(): ProcessMemorySnapshot {
    return {
      ...UNKNOWN_PROCESS_MEMORY,
      residentBytes: this.#platform.residentBytes(),
      peakBytes: this.#platform.peakBytes(),
    };
  }

  close(): void {
    // Nothing is held.
  }
}
