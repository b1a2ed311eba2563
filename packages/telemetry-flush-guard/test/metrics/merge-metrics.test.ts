import { expect } from 'chai';
import fc from 'fast-check';
import { PointType, Temporality } from '../../src/items/metric-types.js';
import type {
  BucketsLike,
  DataPointLike,
  ExponentialHistogramLike,
  HistogramLike,
  MetricDataLike,
  MetricItem,
  ResourceMetricsLike,
} from '../../src/items/metric-types.js';
import type { HrTime } from '../../src/items/otel-types.js';
import { groupOf, mergeMetrics } from '../../src/metrics/merge-metrics.js';

const { delta, cumulative } = Temporality;

/** Sums of whole numbers are exact in whatever order they are made. */
const whole = fc.integer({ min: 0, max: 1_000 });
const counts = (length: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length });
const total = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

const BOUNDARIES = [
  [1, 2, 5],
  [1, 2, 6],
  [10, 20],
] as const;

const anyHistogram: fc.Arbitrary<HistogramLike> = fc.constantFrom(...BOUNDARIES).chain(boundaries =>
  fc
    .record({ of: counts(boundaries.length + 1), sum: whole, min: whole, max: whole })
    .map(({ of, ...rest }): HistogramLike => ({
      ...rest,
      buckets: { boundaries, counts: of },
      count: total(of),
    })),
);
const anyBuckets: fc.Arbitrary<BucketsLike> = fc.record({
  offset: fc.integer({ min: -500, max: 500 }),
  bucketCounts: fc
    .array(fc.integer({ min: 0, max: 9 }), { maxLength: 160 })
    // The SDK has none that begin or end with nothing.
    .map(buckets => (buckets.length === 0 ? buckets : [1, ...buckets.slice(1, -1), 1])),
});
const anyExponential: fc.Arbitrary<ExponentialHistogramLike> = fc
  .record({
    scale: fc.integer({ min: -5, max: 20 }),
    zeroCount: whole,
    positive: anyBuckets,
    negative: anyBuckets,
    sum: fc.option(whole, { nil: undefined }),
    min: whole,
    max: whole,
  })
  .map(value => ({
    ...value,
    count: value.zeroCount + total(value.positive.bucketCounts) + total(value.negative.bucketCounts),
  }));

/** Metrics of each kind, by a name that says which; values of that kind. */
const KINDS = {
  'delta sum': { type: PointType.sum, temporality: delta, value: whole },
  'cumulative sum': { type: PointType.sum, temporality: cumulative, value: whole },
  gauge: { type: PointType.gauge, temporality: cumulative, value: whole },
  'delta histogram': { type: PointType.histogram, temporality: delta, value: anyHistogram },
  'cumulative histogram': { type: PointType.histogram, temporality: cumulative, value: anyHistogram },
  'delta exponential': { type: PointType.exponentialHistogram, temporality: delta, value: anyExponential },
  'of another kind': { type: 17, temporality: delta, value: fc.string() },
} as const;
type Kind = keyof typeof KINDS;

const timeAt = (collection: number): HrTime => [1_800_000_000 + collection * 10, 500];

/** One metric of one collection. Equal resources and scopes are not always the same objects, as those of different segments are not. */
const anyItem: fc.Arbitrary<MetricItem> = fc
  .record({
    kind: fc.constantFrom(...(Object.keys(KINDS) as Kind[])),
    collection: fc.integer({ min: 0, max: 11 }),
    reader: fc.constantFrom('one', 'other'),
    stream: fc.constantFrom(0, 0, 0, 1),
    service: fc.constantFrom('shop', 'bank'),
    scope: fc.constantFrom('s', 't'),
  })
  .chain(({ kind, collection, reader, stream, service, scope }) => {
    const { type, temporality, value } = KINDS[kind];
    const point = fc.record<DataPointLike>({
      attributes: fc.constantFrom<DataPointLike['attributes']>(
        {},
        { a: 1, b: ['x'] },
        { b: ['x'], a: 1 },
        { a: NaN },
      ),
      startTime: fc.constant(timeAt(collection - 1)),
      endTime: fc.constant(timeAt(collection)),
      value,
    });
    return fc
      .uniqueArray(point, { minLength: 1, maxLength: 3, selector: ({ attributes }) => seriesOf(attributes) })
      .map(dataPoints => ({
        metric: {
          descriptor: { name: kind, description: `as of ${collection}`, unit: '', valueType: 1 },
          aggregationTemporality: temporality,
          dataPointType: type,
          dataPoints,
        },
        resource: { attributes: { 'service.name': service } },
        scope: { name: scope },
        taken: { reader, window: Math.floor(collection / 4), collection, stream },
      }));
  });

/** Items as a reader makes them: of one collection, there is one of each metric. */
const anyItems = fc.uniqueArray(anyItem, {
  maxLength: 40,
  selector: item => `${item.taken.collection} ${identityOf(item)}`,
});

function seriesOf(attributes: DataPointLike['attributes']): string {
  return Object.entries(attributes)
    .map(([name, value]) => `${name}=${String(value)}`)
    .sort()
    .join();
}

function identityOf({ metric, resource, scope, taken }: MetricItem): string {
  const { window, reader, stream } = taken;
  const service = String(resource.attributes['service.name']);
  return [service, reader, window, scope.name, metric.descriptor.name, stream].join(' ');
}

/** All points of the merged metrics, each with what it is of; the stream is the only thing that is not to be seen any more. */
function pointsOf(
  all: readonly ResourceMetricsLike[],
): (DataPointLike & { of: string; metric: MetricDataLike })[] {
  return all.flatMap(({ resource, scopeMetrics }) =>
    scopeMetrics.flatMap(({ scope, metrics }) =>
      metrics.flatMap(metric =>
        metric.dataPoints.map(point => ({
          ...point,
          metric,
          of: `${String(resource.attributes['service.name'])} ${scope.name} ${metric.descriptor.name} ${seriesOf(point.attributes)}`,
        })),
      ),
    ),
  );
}

/** What is in it, in numbers that add up whatever the buckets are: all but the extremes. */
function amounts(kind: string, value: unknown): Record<string, number> {
  if (kind === 'delta sum') return { sum: value as number };
  if (kind === 'delta histogram') {
    const { count, sum, buckets } = value as HistogramLike;
    const of = buckets.counts.map((bucket, index) => [`${buckets.boundaries.join()}[${index}]`, bucket]);
    return { count, sum: sum ?? 0, ...(Object.fromEntries(of) as Record<string, number>) };
  }
  const { count, zeroCount, positive, negative, scale } = value as ExponentialHistogramLike;
  const of = ([positive, negative] as const).flatMap(({ offset, bucketCounts }, sign) =>
    bucketCounts.map((bucket, index): [string, number] => {
      // At a scale as coarse as any may come to.
      const coarse = Math.floor((offset + index) / 2 ** (scale + COARSEST));
      return [`${sign}[${coarse}]`, bucket];
    }),
  );
  return of.reduce<Record<string, number>>(plus, { count, zeroCount });
}

/** Two histograms of 160 buckets of scale -5 at both ends of the generated range come to a scale not below this one. */
const COARSEST = 12;

function plus(
  all: Record<string, number>,
  [name, amount]: readonly [string, number],
): Record<string, number> {
  return { ...all, [name]: (all[name] ?? 0) + amount };
}

function added(kind: string, values: readonly unknown[]): Record<string, number> {
  const entries = values.flatMap(value => Object.entries(amounts(kind, value)));
  return Object.fromEntries(
    Object.entries(entries.reduce<Record<string, number>>(plus, {})).filter(([, amount]) => amount !== 0),
  );
}

function groupedBy<Part>(parts: readonly Part[], keyOf: (part: Part) => string): Map<string, Part[]> {
  const groups = new Map<string, Part[]>();
  for (const part of parts) groups.set(keyOf(part), [...(groups.get(keyOf(part)) ?? []), part]);
  return groups;
}

function frozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}

describe('metrics that are put together', () => {
  it('have all that was counted, each series for itself, and the latest of what stands for itself', () => {
    fc.assert(
      fc.property(anyItems, items => {
        const given = pointsOf(items.map(asIs));
        const merged = pointsOf(mergeMetrics(frozen(items)));
        const [before, after] = [given, merged].map(points => groupedBy(points, ({ of }) => of)) as [
          Map<string, typeof given>,
          Map<string, typeof given>,
        ];
        expect([...after.keys()].sort()).to.deep.equal([...before.keys()].sort());
        for (const [of, points] of after) {
          const kind = points[0]!.metric.descriptor.name;
          if (kind.startsWith('delta')) {
            const values = (all: readonly DataPointLike[]): unknown[] => all.map(({ value }) => value);
            expect(added(kind, values(points)), of).to.deep.equal(added(kind, values(before.get(of)!)));
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('have one point of a series in each interval, of its last collection or of all that can be added', () => {
    fc.assert(
      fc.property(anyItems, items => {
        const series = groupedBy(
          items.flatMap(item => item.metric.dataPoints.map(point => ({ item, point }))),
          ({ item, point }) => `${identityOf(item)} ${seriesOf(point.attributes)}`,
        );
        const expected = [...series.values()].flatMap(all => {
          const ordered = all.toSorted(
            (one, other) => one.item.taken.collection - other.item.taken.collection,
          );
          const { metric } = ordered[0]!.item;
          const kind = metric.descriptor.name;
          const first = ordered[0]!.point.startTime;
          const last = ordered.at(-1)!.point;
          if (kind === 'of another kind') return ordered.map(({ point: { value } }) => [kind, value]);
          if (kind === 'gauge') return [[kind, last.value, first, last.endTime]];
          if (!kind.startsWith('delta')) return [[kind, last.value, last.startTime, last.endTime]];
          const lists = groupedBy(ordered, ({ point }) =>
            kind === 'delta histogram' ? (point.value as HistogramLike).buckets.boundaries.join() : '',
          );
          return [...lists.values()].map(list => [
            kind,
            added(
              kind,
              list.map(({ point }) => point.value),
            ),
            list[0]!.point.startTime,
            list.at(-1)!.point.endTime,
          ]);
        });
        const actual = pointsOf(mergeMetrics(items)).map(({ metric, value, startTime, endTime }) => {
          const kind = metric.descriptor.name;
          if (kind === 'of another kind') return [kind, value];
          return [kind, kind.startsWith('delta') ? added(kind, [value]) : value, startTime, endTime];
        });
        expect(actual).to.have.deep.members(expected);
        expect(actual.length).to.equal(expected.length);
      }),
      { numRuns: 300 },
    );
  });

  it('come in the order of time, those of one resource and one group together', () => {
    fc.assert(
      fc.property(anyItems, items => {
        const merged = mergeMetrics(items);
        const groups = groupedBy(
          items,
          item => `${groupOf(item)} ${String(item.resource.attributes['service.name'])}`,
        );
        expect(merged.length).to.equal(groups.size);
        const ends = merged.map(one => Math.max(...pointsOf([one]).map(({ endTime }) => endTime[0])));
        expect(ends).to.deep.equal(ends.toSorted((one, other) => one - other));
      }),
    );
  });

  it('are the same whatever order the items come in, but for the order of what is in them', () => {
    fc.assert(
      fc.property(
        anyItems.chain(items =>
          fc.tuple(fc.constant(items), fc.shuffledSubarray(items, { minLength: items.length })),
        ),
        ([items, shuffled]) => {
          const [one, other] = [items, shuffled].map(of => pointsOf(mergeMetrics(of)));
          expect(one).to.have.deep.members(other!);
          expect(one!.length).to.equal(other!.length);
        },
      ),
    );
  });

  it('are the very metric where there is but one, and the latest words where there are several', () => {
    fc.assert(
      fc.property(anyItem, item => {
        expect(mergeMetrics([item])).to.deep.equal([asIs(item)]);
      }),
    );
    const [first, second] = fc
      .sample(
        anyItem.filter(({ metric }) => metric.descriptor.name === 'gauge'),
        1,
      )
      .flatMap(item =>
        [2, 1].map(collection => ({
          ...item,
          metric: {
            ...item.metric,
            descriptor: { ...item.metric.descriptor, description: `as of ${collection}` },
          },
          taken: { ...item.taken, collection, window: 0 },
        })),
      ) as [MetricItem, MetricItem];
    const { metric } = pointsOf(mergeMetrics([first, second]))[0]!;
    expect(metric.descriptor.description).to.equal('as of 2');
  });
});

/** A metric as it goes out alone. */
function asIs({ metric, resource, scope }: MetricItem): ResourceMetricsLike {
  return { resource, scopeMetrics: [{ scope, metrics: [metric] }] };
}
