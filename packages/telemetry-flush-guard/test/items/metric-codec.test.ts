import { expect } from 'chai';
import fc from 'fast-check';
import { metricCodec } from '../../src/items/metric-codec.js';
import { PointType } from '../../src/items/metric-types.js';
import type { DataPointLike, MetricItem } from '../../src/items/metric-types.js';

const origin = { resource: { attributes: { 'service.name': 'shop' } }, scope: { name: 's' } };

/** Any number at all: NaN, infinities and -0 among them. */
const anyNumber = fc.double();
const maybe = fc.option(anyNumber, { nil: undefined });
const numbers = fc.array(anyNumber, { maxLength: 5 });
const buckets = fc.record({ offset: fc.integer(), bucketCounts: numbers });
const extremes = { sum: maybe, min: maybe, max: maybe };

const VALUES = {
  [PointType.sum]: anyNumber,
  [PointType.gauge]: anyNumber,
  [PointType.histogram]: fc
    .record({
      count: anyNumber,
      ...extremes,
      buckets: fc.record({
        // Mostly the same ones, as of one instrument.
        boundaries: fc.oneof(fc.constantFrom([1, 2, 3], [1, -0], [1, 0]), numbers),
        counts: numbers,
      }),
    })
    .map(withoutUnknown),
  [PointType.exponentialHistogram]: fc
    .record({
      count: anyNumber,
      ...extremes,
      scale: fc.integer(),
      zeroCount: anyNumber,
      positive: buckets,
      negative: buckets,
    })
    .map(withoutUnknown),
  // What some later SDK may have.
  99: fc.record({ quantiles: fc.array(fc.tuple(anyNumber, anyNumber)), count: fc.bigInt() }),
} as const;

/** Exporters do not tell a field that is undefined from one that is not there. */
function withoutUnknown(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined));
}

const anyTime = fc.tuple(fc.integer({ min: 0, max: 2 ** 33 }), fc.integer({ min: 0, max: 999_999_999 }));
const anyItem: fc.Arbitrary<MetricItem> = fc
  .constantFrom(...Object.keys(VALUES).map(Number))
  .chain(dataPointType =>
    fc.record({
      taken: fc.record({
        reader: fc.string(),
        window: fc.nat(),
        collection: fc.nat(),
        stream: fc.nat(),
      }),
      metric: fc.record(
        {
          descriptor: fc.record(
            {
              name: fc.string({ unit: 'binary' }),
              description: fc.string(),
              unit: fc.string(),
              valueType: fc.constantFrom(0, 1),
              type: fc.constantFrom('COUNTER', 'GAUGE'),
              advice: fc.constantFrom({}, { explicitBucketBoundaries: [1, 2] }),
            },
            { requiredKeys: ['name', 'description', 'unit', 'valueType'] },
          ),
          aggregationTemporality: fc.constantFrom(0, 1),
          dataPointType: fc.constant(dataPointType),
          isMonotonic: fc.boolean(),
          dataPoints: fc.array(
            fc.record({
              // Mostly the same ones, as of one collection.
              startTime: fc.oneof(fc.constant<[number, number]>([1, 2]), anyTime),
              endTime: fc.oneof(fc.constant<[number, number]>([3, 4]), anyTime),
              attributes: fc.constantFrom<DataPointLike['attributes']>(
                {},
                { a: 'b', n: [1, NaN] },
                { $: 1n, zero: -0, none: undefined, bytes: new Uint8Array([1, 255]) },
              ),
              value: VALUES[dataPointType as keyof typeof VALUES] as fc.Arbitrary<unknown>,
            }),
            { minLength: 1, maxLength: 4 },
          ),
        },
        { requiredKeys: ['descriptor', 'aggregationTemporality', 'dataPointType', 'dataPoints'] },
      ),
    }),
  )
  .map(item => ({ ...item, ...origin }));

function throughDisk(item: MetricItem): MetricItem {
  return metricCodec.decode(metricCodec.encode(item), metricCodec.originOf(item));
}

/** A metric of one point. */
function itemOf(type: number, point: Partial<DataPointLike>): MetricItem {
  return {
    metric: {
      descriptor: { name: 'n', description: '', unit: '', valueType: 1 },
      aggregationTemporality: 0,
      dataPointType: type,
      dataPoints: [{ startTime: [1, 2], endTime: [3, 4], attributes: {}, value: 1, ...point }],
    },
    ...origin,
    taken: { reader: 'r', window: 0, collection: 0, stream: 0 },
  };
}

describe('metrics from disk', () => {
  it('are what they were, whatever their numbers are', () => {
    fc.assert(
      fc.property(anyItem, item => {
        // Chai tells -0 from 0, and takes NaN for NaN.
        expect(throughDisk(item)).to.deep.equal(item);
      }),
      { numRuns: 500 },
    );
  });

  it('have boundaries written once where all points have the same', () => {
    const value = { count: 1, buckets: { boundaries: [7_125, 8_250], counts: [0, 1, 0] } };
    const item = itemOf(PointType.histogram, { value });
    const [point] = item.metric.dataPoints;
    const many = {
      ...item,
      metric: { ...item.metric, dataPoints: Array.from({ length: 9 }, () => ({ ...point! })) },
    };
    expect(metricCodec.encode(many).split('7125')).to.have.length(2);
  });

  it('are refused for a time that is none, for a value that is none, and without points', () => {
    const { sum, gauge, histogram } = PointType;
    for (const field of ['startTime', 'endTime'])
      expect(() => metricCodec.encode(itemOf(sum, { [field]: [1, NaN] }))).to.throw(RangeError, 'a time is');
    expect(() => metricCodec.encode(itemOf(gauge, { value: 1n }))).to.throw(TypeError, 'bigint');
    expect(() => metricCodec.encode(itemOf(histogram, { value: 5 }))).to.throw(TypeError);
    const item = itemOf(sum, {});
    const empty = { ...item, metric: { ...item.metric, dataPoints: [] } };
    expect(() => metricCodec.encode(empty)).to.throw(RangeError, 'no points');
  });

  it('are refused without a resource or a scope', () => {
    const item = itemOf(PointType.sum, {});
    expect(() => metricCodec.originOf({ ...item, resource: undefined as never })).to.throw(
      TypeError,
      'a metric has no resource',
    );
    expect(() => metricCodec.originOf({ ...item, scope: null as never })).to.throw(
      TypeError,
      'no instrumentation scope',
    );
  });
});
