import type { Aspect } from '../faults/fault.js';
import type { Plan } from '../plan.js';
import { collectionColumns } from './collection-columns.js';
import { paintFor } from './colours.js';
import type { Column } from './columns.js';
import { descriptorColumns } from './descriptor-columns.js';
import type { Display } from './display.js';
import { LineDisplay } from './line-display.js';
import { LiveDisplay } from './live-display.js';
import { memoryColumns } from './memory-columns.js';
import { Table } from './table.js';

const columns: Readonly<Record<Aspect, (plan: Plan) => readonly Column[]>> = {
  descriptors: ({ quietGrowthPerSecond }) => descriptorColumns(quietGrowthPerSecond),
  memory: () => memoryColumns,
  collections: () => collectionColumns,
};

/** A table in place for a terminal, plain lines for anything else. */
export function createDisplay(
  plan: Plan,
  aspect: Aspect,
  stream: NodeJS.WriteStream,
  print: (line: string) => void,
): Display {
  const paint = paintFor(stream);
  const table = new Table(paint, columns[aspect](plan));
  return stream.isTTY && process.env['TERM'] !== 'dumb'
    ? new LiveDisplay(table, paint, plan.totalSeconds, stream)
    : new LineDisplay(table, print);
}
