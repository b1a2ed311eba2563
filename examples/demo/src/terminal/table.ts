import { COUNT, GROWTH, REQUESTS, TIME_TO_LIMIT, UTILIZATION } from '../metric-names.js';
import { clockTime, duration, tenths, whole } from '../number-format.js';
import { kindsOf, topOf } from '../run/descriptor-kinds.js';
import type { PhaseName, Sample } from '../run/run-record.js';
import type { Scrape } from '../run/scrape.js';
import type { Colour, Paint } from './colours.js';

/** A scrape and when it was. */
export interface Point {
  readonly atSeconds: number;
  readonly scrape: Scrape;
}

/** A row before it is laid out. */
interface Cell {
  readonly text: string;
  readonly colour?: Colour | undefined;
}

// 80 characters with the gaps, the width of an ordinary terminal.
const COLUMNS = [
  { heading: 'time', width: 4, left: false },
  { heading: 'phase', width: 7, left: true },
  { heading: 'requests/s', width: 10, left: false },
  { heading: 'descriptors', width: 11, left: false },
  { heading: 'growth/s', width: 8, left: false },
  { heading: 'mostly', width: 10, left: false },
  { heading: 'of limit', width: 8, left: false },
  { heading: 'limit in', width: 8, left: false },
];

const PHASE_COLOURS = { 'warm-up': 'dim', healthy: 'green', fault: 'red' } as const satisfies Record<
  PhaseName,
  Colour
>;

/** Lays scrapes out as rows of a table. */
export class Table {
  readonly #paint: Paint;
  readonly #quietGrowthPerSecond: number;

  /** @param quietGrowthPerSecond growth beyond that is coloured */
  constructor(paint: Paint, quietGrowthPerSecond: number) {
    this.#paint = paint;
    this.#quietGrowthPerSecond = quietGrowthPerSecond;
  }

  heading(): string {
    return this.#paint('bold', this.#line(COLUMNS.map(({ heading }) => ({ text: heading }))));
  }

  /** @param previous the point that requests per second are counted from */
  row({ atSeconds, phase, scrape }: Sample, previous: Point | undefined): string {
    const growth = scrape.value(GROWTH);
    const grows = growth !== undefined && growth > this.#quietGrowthPerSecond;
    const top = topOf(kindsOf(scrape));
    const share = scrape.value(UTILIZATION);
    const seconds = scrape.value(TIME_TO_LIMIT);
    return this.#line([
      { text: clockTime(atSeconds) },
      { text: phase, colour: PHASE_COLOURS[phase] },
      { text: requestsPerSecond({ atSeconds, scrape }, previous) },
      { text: known(scrape.value(COUNT), whole) },
      { text: known(growth, tenths), colour: grows ? 'red' : undefined },
      { text: top === undefined ? '-' : `${top.kind} ${(top.share * 100).toFixed(0)}%` },
      { text: known(share, value => `${tenths(value * 100)}%`) },
      { text: known(seconds, duration) },
    ]);
  }

  #line(cells: readonly Cell[]): string {
    return COLUMNS.map(({ width, left }, index) => {
      const { text, colour } = cells[index] ?? { text: '' };
      return this.#paint(colour, left ? text.padEnd(width) : text.padStart(width));
    }).join('  ');
  }
}

function known(value: number | undefined, format: (value: number) => string): string {
  return value === undefined ? '-' : format(value);
}

function requestsPerSecond(point: Point, previous: Point | undefined): string {
  const now = point.scrape.value(REQUESTS);
  const before = previous?.scrape.value(REQUESTS);
  if (now === undefined || previous === undefined || before === undefined) return '-';
  return tenths((now - before) / (point.atSeconds - previous.atSeconds));
}
