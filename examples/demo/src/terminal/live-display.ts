import type { Sample, Warning } from '../run/run-record.js';
import type { Scrape } from '../run/scrape.js';
import type { Paint } from './colours.js';
import { warningLine } from './display.js';
import type { Display } from './display.js';
import type { Point } from './columns.js';
import { InPlace } from './in-place.js';
import { progressLine } from './progress-line.js';
import type { Table } from './table.js';

/** Rows that are kept in view; fewer in a low terminal. */
const ROWS_MAXIMUM = 16;

/** For a terminal that does not say. */
const ORDINARY_HEIGHT = 24;

/** A table that is redrawn where it stands, its last row twice a second. */
export class LiveDisplay implements Display {
  readonly #table: Table;
  readonly #paint: Paint;
  readonly #totalSeconds: number;
  readonly #screen: InPlace;
  readonly #stream: NodeJS.WriteStream;
  #rows: { readonly second: number; readonly text: string }[] = [];
  #warnings: string[] = [];
  #previous: Point | undefined;

  constructor(table: Table, paint: Paint, totalSeconds: number, stream: NodeJS.WriteStream) {
    this.#table = table;
    this.#paint = paint;
    this.#totalSeconds = totalSeconds;
    this.#stream = stream;
    this.#screen = new InPlace(stream);
    this.#draw(progressLine('starting', 0, totalSeconds));
  }

  onSample(sample: Sample): void {
    const second = Math.floor(sample.atSeconds);
    const text = this.#table.row(sample, this.#previous);
    if (this.#rows.at(-1)?.second === second) this.#rows.pop();
    this.#rows.push({ second, text });
    this.#previous = sample;
    this.#draw(progressLine(sample.phase, sample.atSeconds, this.#totalSeconds));
  }

  onRest(atSeconds: number, scrape: Scrape): void {
    this.#previous = { atSeconds, scrape };
    this.#draw(progressLine('comparing', atSeconds, this.#totalSeconds));
  }

  onWarning(warning: Warning): void {
    this.#warnings.push(this.#paint('yellow', warningLine(warning)));
  }

  end(): void {
    this.#draw();
    this.#screen.end();
  }

  #draw(progress?: string): void {
    const height = this.#stream.rows > 0 ? this.#stream.rows : ORDINARY_HEIGHT;
    // The heading, the progress line and the cursor's own line need room too.
    const room = Math.max(1, Math.min(ROWS_MAXIMUM, height - 4 - this.#warnings.length));
    this.#rows = this.#rows.slice(-room);
    this.#screen.draw([
      this.#table.heading(),
      ...this.#rows.map(({ text }) => text),
      ...this.#warnings,
      ...(progress === undefined ? [] : [this.#paint('dim', progress)]),
    ]);
  }
}
