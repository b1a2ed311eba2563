import type { Sample, Warning } from '../run/run-record.js';
import type { Scrape } from '../run/scrape.js';
import type { Point } from './columns.js';
import { warningLine } from './display.js';
import type { Display } from './display.js';
import type { Table } from './table.js';

/** A line a second, for logs and pipes. */
export class LineDisplay implements Display {
  readonly #table: Table;
  readonly #write: (line: string) => void;
  #previous: Point | undefined;
  #second = -1;

  constructor(table: Table, write: (line: string) => void) {
    this.#table = table;
    this.#write = write;
    write(table.heading());
  }

  onSample(sample: Sample): void {
    const second = Math.floor(sample.atSeconds);
    if (second === this.#second) return;
    this.#second = second;
    this.#write(this.#table.row(sample, this.#previous));
    this.#previous = sample;
  }

  onRest(atSeconds: number, scrape: Scrape): void {
    this.#previous = { atSeconds, scrape };
  }

  onWarning(warning: Warning): void {
    this.#write(warningLine(warning));
  }

  end(): void {}
}
