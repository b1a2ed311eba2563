import type { Plan } from '../plan.js';
import { paintFor } from './colours.js';
import type { Display } from './display.js';
import { LineDisplay } from './line-display.js';
import { LiveDisplay } from './live-display.js';
import { Table } from './table.js';

/** A table in place for a terminal, plain lines for anything else. */
export function createDisplay(
  plan: Plan,
  stream: NodeJS.WriteStream,
  print: (line: string) => void,
): Display {
  const paint = paintFor(stream);
  const table = new Table(paint, plan.quietGrowthPerSecond);
  return stream.isTTY && process.env['TERM'] !== 'dumb'
    ? new LiveDisplay(table, paint, plan.totalSeconds, stream)
    : new LineDisplay(table, print);
}
