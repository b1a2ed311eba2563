import { existsSync } from 'node:fs';
import { HeldFile, parseOpenFilesLimit } from 'otel-runtime-kit/linux';
import type { ResourceLimit } from 'otel-runtime-kit/linux';
import { UnexpectedContentError } from 'otel-runtime-kit/sampling';

/** The limit can change while a process runs (prlimit(1)), but seldom does. */
export const LIMIT_INTERVAL_MILLIS = 60_000;

/** Reads RLIMIT_NOFILE of the process, also when no descriptor is left. */
export class LimitReader {
  readonly #file: HeldFile;

  /** @returns `undefined` where there is no such file */
  static open(processRoot: string | undefined): LimitReader | undefined {
    if (processRoot === undefined) return undefined;
    const path = `${processRoot}/limits`;
    return existsSync(path) ? new LimitReader(path) : undefined;
  }

  /** @param path `/proc/self/limits` */
  constructor(path: string) {
    this.#file = new HeldFile(path);
  }

  /**
   * @throws UnexpectedContentError if the text has no line for open files
   * @throws the error of `open` or `read`, with its `code`
   */
  read(): ResourceLimit {
    const limit = parseOpenFilesLimit(this.#file.readText());
    if (limit === undefined)
      throw new UnexpectedContentError(`${this.#file.path} has no line "Max open files"`);
    return limit;
  }

  /** Gives the descriptor back. */
  close(): void {
    this.#file.close();
  }
}
