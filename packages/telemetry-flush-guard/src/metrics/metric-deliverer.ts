import type { Attempt, Deliverer } from '../delivery/attempt.js';
import type { ExporterLike } from '../delivery/exporter.js';
import { send } from '../delivery/send.js';
import type { MetricItem, ResourceMetricsLike } from '../items/metric-types.js';
import { mergedGroups } from './merge-metrics.js';
import type { MetricExporterLike } from './metric-exporter.js';

export interface MetricDelivererOptions {
  /** A clock that only ever goes on. */
  readonly nowMillis?: () => number;
  /** A shorter way to the endpoint than through the exporter. Never rejects. */
  readonly directly?: ((metrics: ResourceMetricsLike, timeoutMillis: number) => Promise<Attempt>) | undefined;
}

/**
 * Puts metrics together and hands them to an exporter: one request for each resource and export interval, the oldest first, one after the other.
 *
 * Items of one `groupOf` are one request, which succeeds or fails as a whole. Of items of several, those of the requests before the one that
 * failed are remembered, and not sent again when the same items come once more.
 */
export function metricDeliverer<Metrics>(
  exporter: MetricExporterLike<Metrics>,
  { nowMillis = () => performance.now(), directly }: MetricDelivererOptions = {},
): Deliverer<MetricItem> {
  const sent = new WeakSet<MetricItem>();
  const requests: ExporterLike<Metrics> = {
    export: ([metrics], callback) => exporter.export(metrics as Metrics, callback),
    shutdown: () => exporter.shutdown(),
  };
  const sendOne =
    directly ??
    ((metrics: ResourceMetricsLike, timeoutMillis: number) =>
      send(requests, [metrics as Metrics], timeoutMillis));
  // Until all is delivered that they are a part of.
  let rejected = 0;
  let why: string | undefined;
  return {
    async send(items, timeoutMillis): Promise<Attempt> {
      const untilMillis = nowMillis() + timeoutMillis;
      for (const group of mergedGroups(items.filter(item => !sent.has(item)))) {
        const leftMillis = Math.ceil(untilMillis - nowMillis());
        if (leftMillis <= 0) return { outcome: 'retry', why: `not all was sent within ${timeoutMillis} ms` };
        const attempt = await sendOne(group.metrics, leftMillis);
        if (attempt.outcome !== 'delivered') return attempt;
        rejected += attempt.rejected ?? 0;
        why = attempt.why ?? why;
        for (const item of group.items) sent.add(item);
      }
      const said = { ...(rejected > 0 ? { rejected } : {}), ...(why === undefined ? {} : { why }) };
      rejected = 0;
      why = undefined;
      return { outcome: 'delivered', ...said };
    },
    shutdown: async () => exporter.shutdown(),
  };
}
