import { REQUESTS } from '../metric-names.js';
import { clockTime, tenths } from '../number-format.js';
import type { PhaseName, Sample } from '../run/run-record.js';
import type { Colour, Paint } from './colours.js';
import { known, perSecond } from './columns.js';
import type { Cell, Column, Point } from './columns.js';

const PHASE_COLOURS = { 'warm-up': 'dim', healthy: 'green', fault: 'red' } as const satisfies Record<
  PhaseName,
  Colour
>;

const TIME_WIDTH = 4;
const PHASE_WIDTH = 7;

/** Behind time and phase, with two spaces between any two: 80 characters in all, the width of an ordinary terminal. */
const REQUEST_COLUMN: Column = {
  heading: 'requests/s',
  width: 10,
  cell: (point, previous) => ({ text: known(perSecond(REQUESTS, point, previous), tenths) }),
};

/** Lays scrapes out as rows of a table. */
export class Table {
  readonly #paint: Paint;
  readonly #columns: readonly Column[];

  /** @param columns behind time, phase and requests */
  constructor(paint: Paint, columns: readonly Column[]) {
    this.#paint = paint;
    this.#columns = [REQUEST_COLUMN, ...columns];
  }

  heading(): string {
    return this.#paint(
      'bold',
      this.#line(
        { text: 'time' },
        { text: 'phase' },
        this.#columns.map(({ heading }) => ({ text: heading })),
      ),
    );
  }

  /** @param previous the point that what happens a second is counted from */
  row({ atSeconds, phase, scrape }: Sample, previous: Point | undefined): string {
    return this.#line(
      { text: clockTime(atSeconds) },
      { text: phase, colour: PHASE_COLOURS[phase] },
      this.#columns.map(({ cell }) => cell({ atSeconds, scrape, phase }, previous)),
    );
  }

  #line(time: Cell, phase: Cell, others: readonly Cell[]): string {
    return [
      time.text.padStart(TIME_WIDTH),
      this.#paint(phase.colour, phase.text.padEnd(PHASE_WIDTH)),
      ...others.map(({ text, colour }, index) =>
        this.#paint(colour, text.padStart(this.#columns[index]?.width ?? 0)),
      ),
    ].join('  ');
  }
}
