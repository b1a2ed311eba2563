import { PointType, Temporality } from '../items/metric-types.js';
import type { MetricItem } from '../items/metric-types.js';
import { encodeValue } from '../items/values.js';

/**
 * What a collection tells that one of a moment before did not: what was counted since. What only says how things stand was said.
 *
 * @param before of the same reader
 */
export function newsOf(items: readonly MetricItem[], before: readonly MetricItem[]): MetricItem[] {
  const known = new Map(before.map(item => [seriesOf(item), valueOf(item)]));
  return items.filter(item => {
    const { aggregationTemporality, dataPointType, isMonotonic } = item.metric;
    const value = known.get(seriesOf(item));
    if (value === undefined) return true;
    if (dataPointType === PointType.gauge) return false;
    if (aggregationTemporality === Temporality.delta) return true;
    return (dataPointType !== PointType.sum || isMonotonic === true) && value !== valueOf(item);
  });
}

function seriesOf({ scope, metric, taken: { stream } }: MetricItem): string {
  const attributes = metric.dataPoints.map(point => encodeValue(point.attributes));
  return JSON.stringify([scope.name, scope.version, metric.descriptor.name, stream, attributes]);
}

function valueOf({ metric }: MetricItem): string {
  return JSON.stringify(metric.dataPoints.map(({ value }) => encodeValue(value)));
}
