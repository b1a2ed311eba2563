import type { Attempt, Deliverer } from '../delivery/attempt.js';
import type { ExporterLike } from '../delivery/exporter.js';
import { send } from '../delivery/send.js';
import type { MetricItem } from '../items/metric-types.js';
import { mergedGroups } from './merge-metrics.js';
import type { MetricExporterLike } from './metric-exporter.js';

/**
 * Puts metrics together and hands them to an exporter: one request for each resource and export interval, the oldest first, one after the other.
 *
 * Items of one `groupOf` are one request, which succeeds or fails as a whole. Of items of several, those of the requests before the one that
 * failed are remembered, and not sent again when the same items come once more.
 *
 * @param nowMillis a clock that only ever goes on
 */
export function metricDeliverer<Metrics>(
  exporter: MetricExporterLike<Metrics>,
  nowMillis: () => number = () => performance.now(),
): Deliverer<MetricItem> {
  const sent = new WeakSet<MetricItem>();
  const requests: ExporterLike<Metrics> = {
    export: ([metrics], callback) => exporter.export(metrics as Metrics, callback),
    shutdown: () => exporter.shutdown(),
  };
  return {
    async send(items, timeoutMillis): Promise<Attempt> {
      const untilMillis = nowMillis() + timeoutMillis;
      for (const group of mergedGroups(items.filter(item => !sent.has(item)))) {
        const leftMillis = Math.ceil(untilMillis - nowMillis());
        if (leftMillis <= 0) return { outcome: 'retry', why: `not all was sent within ${timeoutMillis} ms` };
        const attempt = await send(requests, [group.metrics as Metrics], leftMillis);
        if (attempt.outcome !== 'delivered') return attempt;
        for (const item of group.items) sent.add(item);
      }
      return { outcome: 'delivered' };
    },
    shutdown: async () => exporter.shutdown(),
  };
}
