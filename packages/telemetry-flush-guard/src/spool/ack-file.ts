import { AppendFile } from './append-file.js';
import type { FileSystem } from './file-system.js';
import { FrameWriter, RecordType } from './frame.js';
import type { LaneTotals } from './lane-totals.js';
import { OUTCOMES } from './outcome.js';
import type { Outcome } from './outcome.js';

const frames = new FrameWriter();

/**
 * What has become of a segment's items, beside it. Made at the first ack. An ack that cannot be written is not missed: its items are
 * sent once more, after a death, which is what "at least once" says.
 */
export class AckFile {
  readonly path: string;
  readonly #files: FileSystem;
  #file: AppendFile | undefined;

  constructor(files: FileSystem, path: string) {
    this.#files = files;
    this.path = path;
  }

  get bytes(): number {
    return this.#file?.bytes ?? 0;
  }

  /** @throws what the file system throws */
  ack(first: number, count: number, outcome: Outcome): void {
    this.#opened().append(frames.frame(RecordType.ack, OUTCOMES[outcome], first, String(count)));
  }

  /** @throws what the file system throws */
  writeTotals(totals: LaneTotals): void {
    this.#opened().append(frames.frame(RecordType.totals, 0, 0, JSON.stringify(totals)));
  }

  close(): void {
    this.#file?.close();
    this.#file = undefined;
  }

  #opened(): AppendFile {
    return (this.#file ??= new AppendFile(this.#files, this.path, false));
  }
}
