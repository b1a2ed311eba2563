import { expect } from 'chai';
import { PointType } from '../../src/items/metric-types.js';
import type { MetricDataLike } from '../../src/items/metric-types.js';
import { itemsOf } from '../../src/metrics/collected-items.js';
import { mergeMetrics } from '../../src/metrics/merge-metrics.js';

const taken = { reader: 'r', window: 2, collection: 7 };
const resource = { attributes: { 'service.name': 'shop' } };

function counter(name: string, points: number, value = 1): MetricDataLike {
  return {
    descriptor: { name, description: '', unit: '', valueType: 0 },
    aggregationTemporality: 0,
    dataPointType: PointType.sum,
    isMonotonic: true,
    dataPoints: Array.from({ length: points }, (_, index) => ({
      startTime: [1, 0],
      endTime: [2, 0],
      attributes: { index },
      value,
    })),
  };
}

describe('what was collected', () => {
  it('is one item for each point, with where it is from and when it was taken', () => {
    const [one, other] = [{ name: 'one' }, { name: 'other' }];
    const items = itemsOf(
      resource,
      [
        { scope: one, metrics: [counter('a', 1), counter('b', 2)] },
        { scope: other, metrics: [counter('a', 1)] },
      ],
      taken,
    );
    expect(items.map(({ scope, metric }) => `${scope.name} ${metric.descriptor.name}`)).to.deep.equal([
      'one a',
      'one b',
      'one b',
      'other a',
    ]);
    for (const item of items) {
      expect(item.taken).to.deep.equal({ ...taken, stream: 0 });
      expect(item.resource).to.equal(resource);
    }
  });

  it('is no item for a metric without points', () => {
    const items = itemsOf(
      resource,
      [{ scope: { name: 's' }, metrics: [counter('a', 0), counter('b', 1)] }],
      taken,
    );
    expect(items.map(({ metric }) => metric.descriptor.name)).to.deep.equal(['b']);
  });

  it('tells metrics of one name by their order, so that they are not added to each other', () => {
    const metrics = [counter('a', 1, 5), counter('b', 1, 6), counter('a', 1, 7)];
    const items = itemsOf(resource, [{ scope: { name: 's' }, metrics }], taken);
    expect(items.map(({ taken: { stream } }) => stream)).to.deep.equal([0, 0, 1]);
    expect(mergeMetrics(items)[0]!.scopeMetrics[0]!.metrics).to.deep.equal(metrics);
  });

  it('is one metric again when it is sent', () => {
    const metric = counter('a', 4_500);
    const items = itemsOf(resource, [{ scope: { name: 's' }, metrics: [metric] }], taken);
    expect(items).to.have.length(4_500);
    expect(mergeMetrics(items)).to.deep.equal([
      { resource, scopeMetrics: [{ scope: { name: 's' }, metrics: [metric] }] },
    ]);
  });
});
