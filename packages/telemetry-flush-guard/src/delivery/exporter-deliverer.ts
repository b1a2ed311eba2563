import type { Deliverer } from './attempt.js';
import type { ExporterLike } from './exporter.js';
import { send } from './send.js';

/** Items go to an exporter of any SDK, as they are. */
export function exporterDeliverer<Item>(exporter: ExporterLike<Item>): Deliverer<Item> {
  return {
    send: (items, timeoutMillis) => send(exporter, [...items], timeoutMillis),
    shutdown: () => exporter.shutdown(),
  };
}
