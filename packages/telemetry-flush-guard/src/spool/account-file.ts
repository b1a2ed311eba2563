import { AckFile } from './ack-file.js';
import { ackPath } from './file-names.js';
import type { FileSystem } from './file-system.js';
import { NO_TOTALS } from './lane-totals.js';
import type { LaneTotals } from './lane-totals.js';
import { parseAcks, readWhole } from './segment-reader.js';
import { isGone } from './spool-root.js';

/** Segments are numbered from 1: its name is that of acks of none. */
const NO_SEGMENT = 0;

/** Only the last record counts: then it is begun anew. */
const MOST_BYTES = 2_048;

/**
 * What has become of a lane's items that its segments do not tell of: those that were never in one, and those of dead processes. For
 * the report of the next start; nothing is delivered or not because of it.
 */
export class AccountFile {
  readonly #files: FileSystem;
  readonly #file: AckFile;
  #written = NO_TOTALS;
  #bytes = 0;

  constructor(files: FileSystem, folder: string, lane: string) {
    this.#files = files;
    this.#file = new AckFile(files, ackPath(folder, lane, NO_SEGMENT));
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Writes them if they have changed. @throws what the file system throws */
  write(totals: LaneTotals): void {
    if (totals === this.#written) return;
    if (this.#file.bytes > MOST_BYTES) this.remove();
    this.#file.writeTotals(totals);
    this.#bytes = this.#file.bytes;
    this.#written = totals;
  }

  close(): void {
    this.#file.close();
  }

  /** @throws what the file system throws */
  remove(): void {
    this.#file.close();
    this.#bytes = 0;
    try {
      this.#files.unlinkSync(this.#file.path);
    } catch (thrown) {
      if (!isGone(thrown)) throw thrown;
    }
  }
}

/** What a process has left in such a file. @throws what the file system throws */
export function readAccounts(files: FileSystem, folder: string, lane: string): LaneTotals {
  try {
    return parseAcks(readWhole(files, ackPath(folder, lane, NO_SEGMENT))).totals ?? NO_TOTALS;
  } catch (thrown) {
    if (isGone(thrown)) return NO_TOTALS;
    throw thrown;
  }
}
