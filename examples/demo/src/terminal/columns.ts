import type { PhaseName } from '../run/run-record.js';
import type { Scrape } from '../run/scrape.js';
import type { Colour } from './colours.js';

/** A scrape and when it was. */
export interface Point {
  readonly atSeconds: number;
  readonly scrape: Scrape;
  /** Left out where only what happens a second is counted from it. */
  readonly phase?: PhaseName;
}

/** What stands in a column of one row, before it is laid out. */
export interface Cell {
  readonly text: string;
  readonly colour?: Colour | undefined;
}

/** A column of the table. */
export interface Column {
  readonly heading: string;
  readonly width: number;
  /** @param previous the point that what happens a second is counted from */
  readonly cell: (point: Point, previous: Point | undefined) => Cell;
}

/** A number, or a dash where there is none. */
export function known(value: number | undefined, format: (value: number) => string): string {
  return value === undefined ? '-' : format(value);
}

/** By how much the sum of all series under a name has grown a second since the previous point. */
export function perSecond(metric: string, point: Point, previous: Point | undefined): number | undefined {
  if (previous === undefined) return undefined;
  return (point.scrape.sum(metric) - previous.scrape.sum(metric)) / (point.atSeconds - previous.atSeconds);
}
