import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Attempt } from '../delivery/attempt.js';
import { wordsOfError } from '../otlp/http-words.js';
import { errorCode } from '../spool/file-system.js';
import type { DrainTarget } from './drain-target.js';

/** There is no answer to wait for: a disk is as slow as it is. */
const WRITE_MILLIS = 60_000;

const NEWLINE = 0x0a;

/** Writes a whole line, with its end. Rejects if it could not. */
type WriteLine = (line: Uint8Array) => Promise<void>;

/**
 * A file of lines, one request of OTLP as JSON each, as the file exporter of the Collector writes it. What was there stays.
 *
 * @throws what `open` throws
 */
export async function fileTarget(path: string): Promise<DrainTarget> {
  const file = await JsonLines.open(path);
  return target(
    path,
    line => file.write(line),
    () => file.close(),
  );
}

/** The same on the standard output. @param write rejects if it could not */
export function outputTarget(write: WriteLine): DrainTarget {
  return target('-', write, () => Promise.resolve());
}

function target(path: string, write: WriteLine, close: () => Promise<void>): DrainTarget {
  let brokenBy: string | undefined;
  const send = async (body: Uint8Array): Promise<Attempt> => {
    try {
      await write(Buffer.concat([body, Buffer.of(NEWLINE)]));
      return { outcome: 'delivered' };
    } catch (thrown) {
      const why = wordsOfError(thrown);
      // Whoever read it has gone, and does not come back.
      if (errorCode(thrown) === 'EPIPE') brokenBy = why;
      return { outcome: 'retry', why };
    }
  };
  return {
    format: 'json',
    get brokenBy() {
      return brokenBy;
    },
    routeOf: () => ({ to: path, endpoint: path, timeoutMillis: WRITE_MILLIS, send }),
    close,
  };
}

class JsonLines {
  readonly #handle: FileHandle;
  /** Something that is no file: a pipe, /dev/null. */
  readonly #isStream: boolean;
  /** The last line has no end: whoever wrote it was killed. */
  #isTorn: boolean;

  /** Use {@link open}. */
  constructor(handle: FileHandle, isStream: boolean, isTorn: boolean) {
    this.#handle = handle;
    this.#isStream = isStream;
    this.#isTorn = isTorn;
  }

  static async open(path: string): Promise<JsonLines> {
    const handle = await open(path, 'a', 0o600);
    try {
      const facts = await handle.stat();
      if (!facts.isFile()) return new JsonLines(handle, true, false);
      if (facts.size === 0) await syncFolder(path);
      return new JsonLines(handle, false, facts.size > 0 && (await lastByte(path, facts.size)) !== NEWLINE);
    } catch (thrown) {
      await handle.close();
      throw thrown;
    }
  }

  /** When this resolves, the line survives the machine. @throws what the file system throws */
  async write(line: Uint8Array): Promise<void> {
    // A line that was not finished spoils itself, but not the next.
    const bytes = this.#isTorn ? Buffer.concat([Buffer.of(NEWLINE), line]) : line;
    let written = 0;
    try {
      while (written < bytes.length) {
        const { bytesWritten } = await this.#handle.write(bytes, written);
        written += bytesWritten;
      }
      this.#isTorn = false;
      if (!this.#isStream) await this.#handle.sync();
    } catch (thrown) {
      if (written > 0 && written < bytes.length) await this.#cutOff(written);
      throw thrown;
    }
  }

  async close(): Promise<void> {
    await this.#handle.close().catch(() => {});
  }

  /** A disk that is full has taken a part of it. */
  async #cutOff(written: number): Promise<void> {
    try {
      const { size } = await this.#handle.stat();
      await this.#handle.truncate(size - written);
    } catch {
      this.#isTorn = true;
    }
  }
}

async function lastByte(path: string, size: number): Promise<number | undefined> {
  const handle = await open(path, 'r');
  try {
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
    return buffer[0];
  } finally {
    await handle.close();
  }
}

/** That a file is there is written in its folder. Where that cannot be, it is not done. */
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(dirname(path), 'r');
    await folder.sync().finally(() => folder.close());
  } catch {
    // Not every platform has it.
  }
}
