import { ValueType } from '@opentelemetry/api';
import type { Attributes, Meter } from '@opentelemetry/api';
import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import fc from 'fast-check';
import { FakeClock } from 'test-helpers/fake-clock';
import type { MetricItem, ResourceMetricsLike } from '../../src/items/metric-types.js';
import type { HrTime } from '../../src/items/otel-types.js';
import { mergeMetrics } from '../../src/metrics/merge-metrics.js';
import { compareTimes } from '../../src/metrics/merge-points.js';
import type { MetricExporterLike } from '../../src/metrics/metric-exporter.js';
import type { GuardedMetricReader } from '../../src/metrics/reader-types.js';
import { Application, SYNC_KINDS, viewsOf } from './instruments.js';
import type { Measurement } from './instruments.js';
import { WantingExporter, otlpOf, readerFor, settled, throughDisk } from './line.js';
import type { Line, ReaderUnderTest } from './line.js';

const DELTA = 0;
const CUMULATIVE = 1;

/** Sums of these are exact, and some are at the edges of buckets. */
const anyValue = fc.oneof(
  fc.integer({ min: -1_000, max: 1_000 }),
  fc.constantFrom(0, 0.5, 0.125, 5, 10_000, 2 ** 40, 2 ** -10),
);
const anyAttributes: fc.Arbitrary<Attributes> = fc.record(
  { a: fc.constantFrom('x', 'y', 1), b: fc.constantFrom(true, 'z'), list: fc.constant(['p', 'q']) },
  { requiredKeys: [] },
);
const anyStep: fc.Arbitrary<Measurement | 'checkpoint'> = fc.oneof(
  { weight: 1, arbitrary: fc.constant('checkpoint' as const) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom(...SYNC_KINDS, 'observed' as const),
      value: anyValue,
      attributes: anyAttributes,
    }),
  },
);

/** A point, with what the SDK leaves open left out. */
interface ReadPoint {
  readonly value: unknown;
  readonly startTime: HrTime;
  readonly endTime: HrTime;
}

/**
 * The SDK itself makes a cumulative exponential histogram coarser than it need be when it adds one that has no values of a sign, or nothing but
 * zeros. What it has at the end so depends on how often it was collected, but for values of one sign.
 */
function ofOneSign(step: Measurement, temporality: number): Measurement {
  if (temporality !== CUMULATIVE) return step;
  const { kind, value } = step;
  const size = Math.abs(value) || 3;
  if (kind === 'exponential') return { ...step, value: size };
  return kind === 'signed' ? { ...step, value: -size } : step;
}

/** Points by scope, metric and attributes, and what the metrics are. */
function read(all: readonly ResourceMetricsLike[]): Map<string, ReadPoint> {
  const points = new Map<string, ReadPoint>();
  for (const { resource, scopeMetrics } of all) {
    for (const { scope, metrics } of scopeMetrics) {
      for (const { descriptor, dataPoints, ...kind } of metrics) {
        for (const { attributes, startTime, endTime, value } of dataPoints) {
          const key = JSON.stringify([
            resource.attributes,
            { ...scope },
            [descriptor.name, descriptor.unit, descriptor.description, descriptor.valueType],
            Object.entries(kind).sort(),
            Object.entries(attributes).sort(),
          ]);
          expect(points.has(key), `one point of ${key}`).to.equal(false);
          points.set(key, { startTime, endTime, value: plain(value) });
        }
      }
    }
  }
  return points;
}

/** Without the fields of which nothing is known. */
function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined));
}

function valuesIn(points: Map<string, ReadPoint>): [string, unknown][] {
  return [...points].map(([key, { value }]): [string, unknown] => [key, value]).sort();
}

/** How a reader is asked for: what the line of the SDK calls its metrics is found out by the exporter. */
export type MetricReaderOf = <Metrics>(exporter: MetricExporterLike<Metrics>) => GuardedMetricReader<Metrics>;

/** What the guard's metric reader does with a line of the SDK: each test runs on each line. */
export function describeLine(name: string, lineNow: () => Line): void {
  describe(`the metric reader on ${name}`, () => {
    const realNow = Date.now;
    let nowMillis: number;
    let line: Line;

    beforeEach(() => {
      line = lineNow();
      nowMillis = 1_800_000_000_123;
      // The SDK asks it for all of its times.
      Date.now = () => nowMillis;
    });
    afterEach(() => {
      Date.now = realNow;
    });

    const resource = (): ResourceMetrics['resource'] =>
      line.resourceFromAttributes({ 'service.name': 'shop', ports: [1, 2] });

    /** A provider with a reader of the guard's. */
    function guarded(
      exporter: PushMetricExporter,
    ): ReaderUnderTest & { getMeter: (name: string) => Meter; clock: FakeClock } {
      // A time of day of its own would be another one than the SDK's.
      const clock = Object.assign(new FakeClock(), { epochMillis: () => nowMillis });
      const made = readerFor(exporter, clock, { collectTimeoutMillis: 5 });
      const provider = new line.sdk.MeterProvider({
        resource: resource(),
        views: viewsOf(line),
        readers: [made.reader],
      });
      return { ...made, clock, getMeter: (...of) => provider.getMeter(...of) };
    }

    /** A provider with a reader of the SDK's own, which is the truth. */
    function plainReader(exporter: PushMetricExporter): {
      collect: () => Promise<ResourceMetricsLike>;
      getMeter: (name: string) => Meter;
    } {
      const reader = new line.sdk.PeriodicExportingMetricReader({
        exporter,
        exportIntervalMillis: 86_400_000,
        exportTimeoutMillis: 5,
      });
      const provider = new line.sdk.MeterProvider({
        resource: resource(),
        views: viewsOf(line),
        readers: [reader],
      });
      return {
        collect: async () => {
          const { resourceMetrics, errors } = await reader.collect();
          expect(errors).to.deep.equal([]);
          return resourceMetrics;
        },
        getMeter: (...of) => provider.getMeter(...of),
      };
    }

    it('hands on what is the same bytes of OTLP when it is back from disk', async () => {
      for (const temporality of [DELTA, CUMULATIVE]) {
        const { reader, sink, getMeter } = guarded(new WantingExporter(temporality));
        const application = new Application(getMeter);
        for (const kind of [...SYNC_KINDS, 'observed'] as const) {
          for (const value of [3, -0, 0.1, 1e300, NaN, Infinity, -Infinity, -7, 5e-324]) {
            application.measure({ kind, value, attributes: { value: String(value), all: [1.5, -2] } });
            application.measure({ kind, value, attributes: {} });
          }
        }
        const { resourceMetrics } = await reader.collect();
        expect(resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics)).to.have.length(10);
        expect(sink.items).to.have.length(100);
        const back = mergeMetrics(sink.items.map(throughDisk));
        expect(back).to.have.length(1);
        const first = otlpOf(line, resourceMetrics);
        expect(otlpOf(line, back[0]!)).to.deep.equal(first);
        expect(otlpOf(line, mergeMetrics(sink.items)[0]!)).to.deep.equal(first);
      }
    });

    it('puts checkpoints together to what one collection over the whole time is', async () => {
      const steps = fc.array(anyStep, { maxLength: 60 });
      await fc.assert(
        fc.asyncProperty(steps, fc.constantFrom(DELTA, CUMULATIVE), async (all, temporality) => {
          const whole = plainReader(new WantingExporter(temporality));
          const { reader, sink, getMeter } = guarded(new WantingExporter(temporality));
          const applications = [whole, { getMeter }].map(of => new Application(of.getMeter));
          for (const step of all) {
            nowMillis += 250;
            if (step === 'checkpoint') await reader.collect();
            else for (const application of applications) application.measure(ofOneSign(step, temporality));
          }
          nowMillis += 250;
          await reader.collect();
          const expected = read([await whole.collect()]);
          // From disk they may come in any order.
          const merged = mergeMetrics(sink.take().reverse());
          const actual = read(merged);
          expect(valuesIn(actual)).to.deep.equal(valuesIn(expected));
          for (const [key, { startTime, endTime }] of actual) {
            const truth = expected.get(key)!;
            // Of what was observed, the SDK says that it began when it was collected.
            if (!key.includes('bserv') && !key.includes('batched'))
              expect(startTime).to.deep.equal(truth.startTime);
            expect(compareTimes(startTime, truth.startTime)).to.be.at.most(0);
            expect(compareTimes(endTime, truth.endTime)).to.be.at.most(0);
          }
          expect(merged.length).to.equal(expected.size === 0 ? 0 : 1);
        }),
        { numRuns: 60 },
      );
    });

    it('collects without a promise what a collection with one would have found', async () => {
      for (const temporality of [DELTA, CUMULATIVE]) {
        const whole = plainReader(new WantingExporter(temporality));
        const { reader, sink, getMeter, clock } = guarded(new WantingExporter(temporality));
        const applications = [whole, { getMeter }].map(of => new Application(of.getMeter));
        for (let round = 0; round < 3; round += 1) {
          nowMillis += 250;
          // What comes moments after another tells only what that has not told.
          clock.advance(1_100);
          for (const kind of [...SYNC_KINDS, 'observed'] as const) {
            for (const value of [round, 2.5, -4]) {
              const measurement = { kind, value, attributes: { in: `round ${round % 2}` } };
              for (const application of applications) application.measure(measurement);
            }
          }
          nowMillis += 250;
          expect(reader.collectSync()).to.deep.equal({ collected: sink.items.length, uncollected: 0 });
          expect(new Set(sink.items.map(({ metric }) => metric.descriptor.name)).size).to.equal(10);
          const expected = await whole.collect();
          const [merged, ...others] = mergeMetrics(sink.take());
          expect(others).to.deep.equal([]);
          // Times, order and all.
          expect(otlpOf(line, merged!)).to.deep.equal(otlpOf(line, expected));
        }
      }
    });

    it('does not give again what was collected without a promise', async () => {
      const { reader, sink, getMeter } = guarded(new WantingExporter(DELTA));
      const counter = getMeter('one').createCounter('counter');
      counter.add(5);
      expect(reader.collectSync()).to.deep.equal({ collected: 1, uncollected: 0 });
      await reader.collect();
      expect(reader.collectSync()).to.deep.equal({ collected: 0, uncollected: 0 });
      counter.add(2);
      await reader.collect();
      const values = sink.items.flatMap(({ metric }) => metric.dataPoints.map(({ value }) => value));
      expect(values).to.deep.equal([5, 2]);
    });

    it('takes nothing from another reader of the same provider, when it collects without a promise', async () => {
      const { reader, sink } = readerFor(new WantingExporter(DELTA), new FakeClock());
      const other = new line.sdk.PeriodicExportingMetricReader({ exporter: new WantingExporter(DELTA) });
      // A metric of a view is kept once for all readers.
      const views = [{ instrumentName: 'seen', name: 'view' }];
      const provider = new line.sdk.MeterProvider({ views, readers: [reader, other] });
      const [seen, plain] = ['seen', 'plain'].map(name => provider.getMeter('one').createCounter(name));
      for (const value of [1, 2]) {
        seen!.add(value);
        plain!.add(10 * value);
        expect(reader.collectSync()).to.deep.equal({ collected: 2, uncollected: 0 });
      }
      const valuesOf = (all: readonly ResourceMetricsLike[]): unknown[] =>
        [...read(all).values()].map(({ value }) => value);
      const { resourceMetrics } = await other.collect();
      expect(valuesOf([resourceMetrics])).to.deep.equal([3, 30]);
      expect(valuesOf(mergeMetrics(sink.take()))).to.deep.equal([3, 30]);
      await provider.shutdown();
    });

    it('counts the instruments whose callbacks answer later or throw, and reads all others', async () => {
      const unhandled: unknown[] = [];
      const onUnhandled = (reason: unknown): void => void unhandled.push(reason);
      process.on('unhandledRejection', onUnhandled);
      const { reader, sink, getMeter } = guarded(new WantingExporter(CUMULATIVE));
      const meter = getMeter('one');
      const gauge = (name: string): ReturnType<Meter['createObservableGauge']> =>
        meter.createObservableGauge(name);
      meter.createCounter('counter').add(1);
      gauge('at once').addCallback(result => {
        result.observe(7, { a: 1 });
        result.observe(8, { a: 1 });
      });
      gauge('later').addCallback(async result => {
        result.observe(1);
        await settled();
        result.observe(2);
      });
      gauge('refused').addCallback(() => Promise.reject(new Error('refused')));
      gauge('thrown').addCallback(() => {
        throw new Error('thrown');
      });
      const pair = [gauge('one of two'), gauge('other of two')] as const;
      meter.addBatchObservableCallback(() => Promise.resolve(), [...pair]);
      const whole = meter.createObservableGauge('whole', { valueType: ValueType.INT });
      whole.addCallback(result => {
        result.observe(2.9, { is: 'cut' });
        result.observe(NaN, { is: 'none' });
        result.observe('5' as unknown as number, { is: 'no number' });
      });
      expect(reader.collectSync()).to.deep.equal({ collected: 3, uncollected: 5 });
      const points = sink.items.map(({ metric: { descriptor, dataPoints } }) => [
        descriptor.name,
        dataPoints.map(({ value, attributes }) => [value, attributes]),
      ]);
      expect(points).to.deep.equal([
        ['counter', [[1, {}]]],
        ['at once', [[8, { a: 1 }]]],
        ['whole', [[2, { is: 'cut' }]]],
      ]);
      await settled();
      process.off('unhandledRejection', onUnhandled);
      expect(unhandled).to.deep.equal([]);
    });

    for (const [what, inside] of [
      ['no list of callbacks', { observableRegistry: { _callbacks: new Map(), _batchCallbacks: [] } }],
      ['no list of batches', { observableRegistry: { _callbacks: [] } }],
      ['no observables', { observableRegistry: null }],
      ['no storages', { metricStorageRegistry: {} }],
      ['storages of another kind', { metricStorageRegistry: { getStorages: () => [{ read: () => 5 }] } }],
      ['no scope', { _instrumentationScope: undefined }],
    ] as const) {
      it(`takes nothing, and says so, if the SDK is not as it is known inside: it has ${what}`, async () => {
        const { reader, sink, getMeter } = guarded(new WantingExporter(DELTA));
        const counter = getMeter('one').createCounter('counter');
        counter.add(5);
        await reader.collect();
        expect(reader.latestPointCount).to.equal(1);
        counter.add(2);
        const { _meterSharedState: state } = getMeter('one') as unknown as { _meterSharedState: object };
        const before = { ...state };
        Object.assign(state, inside);
        expect(reader.collectSync()).to.equal(undefined);
        Object.assign(state, before);
        await reader.collect();
        const values = sink.items.flatMap(({ metric }) => metric.dataPoints.map(({ value }) => value));
        expect(values).to.deep.equal([5, 2]);
      });
    }

    it('counts what a collection that is under way has taken', async () => {
      const { reader, getMeter } = guarded(new WantingExporter(DELTA));
      const counters = ['first', 'second'].map(name => getMeter('one').createCounter(name));
      const answers: (() => void)[] = [];
      let isSlow = false;
      getMeter('another')
        .createObservableGauge('slow')
        .addCallback(async result => {
          if (isSlow) await new Promise<void>(resolve => void answers.push(resolve));
          result.observe(1);
        });
      for (const counter of counters) counter.add(5);
      await reader.collect();
      isSlow = true;
      for (const counter of counters) counter.add(5);
      const collecting = reader.collect({ timeoutMillis: 1_000 });
      await settled();
      // The counters were taken, and the collection still waits for the gauge.
      expect(reader.collectSync()).to.deep.equal({ collected: 0, uncollected: 3 });
      for (const answer of answers) answer();
      await collecting;
      expect(reader.collectSync()).to.deep.equal({ collected: 0, uncollected: 1 });
    });

    it('wants of the SDK what the exporter wants, as the periodic reader does', async () => {
      const aggregationOf = (type: string): { type: number; options?: object } =>
        type === 'HISTOGRAM'
          ? { type: 4, options: { boundaries: [1, 2, 3] } }
          : { type: type === 'GAUGE' ? 1 : 0 };
      for (const temporality of [DELTA, CUMULATIVE]) {
        const exporter = new WantingExporter(temporality, aggregationOf);
        const whole = plainReader(exporter);
        const { reader, sink, getMeter } = guarded(exporter);
        for (const of of [whole, { getMeter }]) {
          const application = new Application(of.getMeter);
          for (const kind of SYNC_KINDS)
            for (const value of [1, 2, 7]) application.measure({ kind, value, attributes: {} });
        }
        await reader.collect();
        const actual = read(mergeMetrics(sink.take()));
        expect([...actual].sort()).to.deep.equal([...read([await whole.collect()])].sort());
        expect([...actual.keys()].some(key => key.includes('"gauge"'))).to.equal(false);
      }
    });

    it('has as many sets of attributes as its options say, and 2,000 without', async () => {
      const exporter = new WantingExporter(CUMULATIVE);
      for (const [cardinalityLimits, expected] of [
        [{ counter: 5 }, [5, 2_000]],
        [{ default: 7 }, [7, 7]],
        [{ default: 7, histogram: 3 }, [7, 3]],
      ] as const) {
        const { reader, sink } = readerFor(exporter, new FakeClock(), { cardinalityLimits });
        const meter = new line.sdk.MeterProvider({ readers: [reader] }).getMeter('one');
        const [counter, histogram] = [meter.createCounter('counter'), meter.createHistogram('histogram')];
        for (let index = 0; index < 2_100; index += 1) {
          counter.add(1, { index });
          histogram.record(1, { index });
        }
        await reader.collect();
        const points = new Map<string, number>();
        for (const { metric } of sink.items)
          points.set(metric.descriptor.name, (points.get(metric.descriptor.name) ?? 0) + 1);
        expect([...points.values()]).to.deep.equal(expected);
      }
    });

    it('keeps two metrics of one name apart, as two views make them', async () => {
      const { reader, sink } = readerFor(new WantingExporter(CUMULATIVE), new FakeClock());
      const meter = new line.sdk.MeterProvider({
        views: [
          { instrumentName: 'first', name: 'same', description: 'one' },
          { instrumentName: 'second', name: 'same', description: 'other', attributesProcessors: [] },
        ],
        readers: [reader],
      }).getMeter('one');
      const [first, second] = [meter.createCounter('first'), meter.createHistogram('second')];
      const third = meter.createCounter('same', { unit: 's' });
      for (const value of [1, 2]) {
        first.add(value);
        second.record(value);
        third.add(10 * value);
        await reader.collect();
      }
      const metrics = mergeMetrics(sink.take()).flatMap(({ scopeMetrics }) =>
        scopeMetrics.flatMap(({ metrics }) => metrics),
      );
      const sums = metrics.map(({ dataPoints: [point] }) =>
        typeof point!.value === 'number' ? point!.value : (point!.value as { sum: number }).sum,
      );
      expect(sums).to.have.members([3, 3, 30]);
    });

    it('is collected at each checkpoint, before anything is sent, and sent at the end of each interval', async () => {
      const clock = new FakeClock();
      const { reader, sink } = readerFor(new WantingExporter(DELTA), clock);
      const counter = new line.sdk.MeterProvider({ readers: [reader] }).getMeter('one').createCounter('n');
      const windows = new Map<number, number>();
      for (let second = 1; second <= 180; second += 1) {
        counter.add(1);
        clock.advance(1_000);
        await settled();
        const kept = sink.items.map(({ metric }) => metric.dataPoints[0]!.value as number);
        // A kill at this moment takes what was counted since the last checkpoint.
        expect(kept.reduce((sum, value) => sum + value, 0)).to.equal(Math.floor(second / 10) * 10);
      }
      for (const { metric, taken } of sink.items)
        windows.set(taken.window, (windows.get(taken.window) ?? 0) + (metric.dataPoints[0]!.value as number));
      expect([...windows]).to.deep.equal([
        [0, 60],
        [1, 60],
        [2, 60],
      ]);
      const minute = [...Array<string>(6).fill('accept'), 'flush 30000'];
      expect(sink.calls).to.deep.equal([...minute, ...minute, ...minute]);
      reader.release();
      expect(clock.timerCount).to.equal(0);
    });

    it('is of one provider, and refuses another', () => {
      const { reader } = readerFor(new WantingExporter(DELTA), new FakeClock());
      const provide = (): unknown => new line.sdk.MeterProvider({ readers: [reader] });
      provide();
      expect(provide).to.throw(Error, 'only be given to one');
    });

    it('ends with its provider: a last collection, and no more', async () => {
      const clock = new FakeClock();
      const { reader, sink } = readerFor(new WantingExporter(DELTA), clock);
      const provider = new line.sdk.MeterProvider({ readers: [reader] });
      const counter = provider.getMeter('one').createCounter('n');
      counter.add(3);
      await provider.shutdown({ timeoutMillis: 700 });
      const taken: MetricItem[] = sink.items;
      expect(taken.map(({ metric }) => metric.dataPoints[0]!.value)).to.deep.equal([3]);
      expect(sink.calls).to.deep.equal(['accept', 'shutDown 700']);
      expect(clock.timerCount).to.equal(0);
      counter.add(4);
      expect(reader.collectSync()).to.deep.equal({ collected: 0, uncollected: 0 });
      await reader.forceFlush();
      await reader.shutdown();
      await reader.collect().then(
        () => expect.fail('it was to reject'),
        (thrown: unknown) => {
          expect(String(thrown)).to.contain('is shut down');
        },
      );
      expect(sink.calls).to.deep.equal(['accept', 'shutDown 700']);
    });
  });
}
