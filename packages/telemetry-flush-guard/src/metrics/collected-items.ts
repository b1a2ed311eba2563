import type { MetricItem, ScopeMetricsLike, Taken } from '../items/metric-types.js';
import type { ResourceLike } from '../items/otel-types.js';

/**
 * What a collection has found, as items: one for each point, as points are what is counted. Those of one metric are one metric again when
 * they are sent.
 */
export function itemsOf(
  resource: ResourceLike,
  scopeMetrics: readonly ScopeMetricsLike[],
  taken: Omit<Taken, 'stream'>,
): MetricItem[] {
  return scopeMetrics.flatMap(({ scope, metrics }) => {
    const seen = new Map<string, number>();
    return metrics
      .filter(({ dataPoints }) => dataPoints.length > 0)
      .flatMap(metric => {
        // Two views may make two metrics of one name; which of them a point is of is told by their order alone.
        const { name } = metric.descriptor;
        const stream = seen.get(name) ?? 0;
        seen.set(name, stream + 1);
        return metric.dataPoints.map(point => ({
          metric: { ...metric, dataPoints: [point] },
          resource,
          scope,
          taken: { ...taken, stream },
        }));
      });
  });
}
