import type { Lane } from '../pipeline/lane.js';
import { FLUSH_MILLIS } from './processors.js';
import type { LaneKeeper } from './processors.js';

/** A `SpanExporter` or `LogRecordExporter` of SDK 1.x, 2.x and 3.x. */
export interface GuardedExporter<Item> {
  export(items: Item[], callback: (result: { code: number; error?: Error }) => void): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

/**
 * What stands between a batch processor and its exporter: a batch is written, answered with a success, and delivered in its own time. What
 * is still in the batch processor is not here yet.
 */
export function wrappedExporter<Item>(lane: Lane<Item, never>, keeper: LaneKeeper): GuardedExporter<Item> {
  return {
    export(items, callback) {
      lane.acceptAll(items);
      callback({ code: 0 });
    },
    forceFlush: () => keeper.flush(lane, FLUSH_MILLIS),
    shutdown: () => keeper.shutDown(lane),
  };
}
