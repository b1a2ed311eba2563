import { expect } from 'chai';
import { PointType, Temporality } from '../../src/items/metric-types.js';
import type { MetricItem } from '../../src/items/metric-types.js';
import { newsOf } from '../../src/metrics/news.js';

interface Kind {
  readonly dataPointType?: number;
  readonly aggregationTemporality?: number;
  readonly isMonotonic?: boolean;
}

function item(
  name: string,
  value: unknown,
  kind: Kind = {},
  attributes: Record<string, unknown> = {},
): MetricItem {
  const { dataPointType = PointType.sum, aggregationTemporality = Temporality.cumulative } = kind;
  const { isMonotonic = true } = kind;
  return {
    metric: {
      descriptor: { name, description: '', unit: '', valueType: 0 },
      aggregationTemporality,
      dataPointType,
      isMonotonic,
      dataPoints: [{ startTime: [1, 0], endTime: [2, 0], attributes, value }],
    },
    resource: { attributes: {} },
    scope: { name: 's' },
    taken: { reader: 'r', window: 0, collection: 0, stream: 0 },
  };
}

const gauge = { dataPointType: PointType.gauge };
const delta = { aggregationTemporality: Temporality.delta };
const state = { isMonotonic: false };
const histogram = { dataPointType: PointType.histogram };
const names = (items: readonly MetricItem[]): string[] => items.map(({ metric }) => metric.descriptor.name);

describe('what is new a moment later', () => {
  it('is what was counted since, and not how things stand', () => {
    const before = [
      item('counted', 1),
      item('counted more', 1),
      item('gauge', 5, gauge),
      item('state', 5, state),
      item('delta', 2, delta),
      item('histogram', { count: 1, sum: NaN }, histogram),
      item('histogram of more', { count: 1 }, histogram),
    ];
    const later = [
      item('counted', 1),
      item('counted more', 2),
      item('gauge', 6, gauge),
      item('state', 6, state),
      item('delta', 2, delta),
      item('histogram', { count: 1, sum: NaN }, histogram),
      item('histogram of more', { count: 2 }, histogram),
      item('never seen', 0, gauge),
      item('counted', 1, {}, { with: 'other attributes' }),
    ];
    expect(names(newsOf(later, before))).to.deep.equal([
      'counted more',
      'delta',
      'histogram of more',
      'never seen',
      'counted',
    ]);
    expect(newsOf(later, [])).to.deep.equal(later);
  });
});
