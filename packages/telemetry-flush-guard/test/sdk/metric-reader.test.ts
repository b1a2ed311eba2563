import { InstrumentType, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { FakeClock } from 'test-helpers/fake-clock';
import { PointType } from '../../src/items/metric-types.js';
import type { MetricItem, ResourceMetricsLike } from '../../src/items/metric-types.js';
import type { MetricExporterLike } from '../../src/metrics/metric-exporter.js';
import { resolveReaderOptions } from '../../src/metrics/reader-options.js';
import type { CollectionLike, MetricProducerLike } from '../../src/metrics/reader-types.js';
import { CheckpointReader } from '../../src/sdk/metric-reader.js';
import { KeepingSink, settled } from './line.js';

type Collection = CollectionLike<ResourceMetricsLike>;

/** A counter that was found at some value. */
function found(value: number, errors: unknown[] = []): Collection {
  const metric = {
    descriptor: { name: 'n', description: '', unit: '', valueType: 0 },
    aggregationTemporality: 0,
    dataPointType: PointType.sum,
    dataPoints: [{ startTime: [1, 0], endTime: [2, 0], attributes: {}, value }] as const,
  };
  const resource = { attributes: {} };
  return {
    resourceMetrics: { resource, scopeMetrics: [{ scope: { name: 's' }, metrics: [metric] }] },
    errors,
  };
}

const never = <Result>(): Promise<Result> => new Promise(() => {});

/** A reader of a producer that answers as it is told, by the number of the collection from 0. */
function readerOf(
  answer: (index: number) => Promise<Collection>,
  exporter: Partial<MetricExporterLike<ResourceMetricsLike>> = {},
  sink = new KeepingSink(),
): {
  readonly reader: CheckpointReader<ResourceMetricsLike>;
  readonly clock: FakeClock;
  readonly sink: KeepingSink;
  readonly problems: string[];
  readonly timeouts: (number | undefined)[];
} {
  const clock = new FakeClock();
  const problems: string[] = [];
  const timeouts: (number | undefined)[] = [];
  const reader = new CheckpointReader<ResourceMetricsLike>(
    { export: () => {}, shutdown: () => Promise.resolve(), ...exporter },
    resolveReaderOptions({ collectTimeoutMillis: 4_000 }),
    { sink, clock, onProblem: message => void problems.push(message) },
  );
  const producer: MetricProducerLike<ResourceMetricsLike> = {
    collect(options) {
      timeouts.push(options?.timeoutMillis);
      return answer(timeouts.length - 1);
    },
  };
  reader.setMetricProducer(producer);
  return { reader, clock, sink, problems, timeouts };
}

function valuesOf(items: readonly MetricItem[]): unknown[] {
  return items.flatMap(({ metric }) => metric.dataPoints.map(({ value }) => value));
}

async function passing(clock: FakeClock, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    clock.advance(1_000);
    await settled();
  }
}

describe('the metric reader', () => {
  it('collects and then sends when it is flushed, and has the exporter flush what that holds', async () => {
    const calls: string[] = [];
    const sink = new KeepingSink();
    const exporter = { forceFlush: () => Promise.resolve(void calls.push(sink.calls.join())) };
    const { reader, timeouts } = readerOf(index => Promise.resolve(found(index)), exporter, sink);
    await reader.forceFlush();
    expect(calls).to.deep.equal(['accept,flush 30000']);
    expect(timeouts).to.deep.equal([4_000]);
    reader.release();
  });

  it('shares one flush among those who ask together, and begins a new one for who asks when it has begun', async () => {
    const answers: ((collection: Collection) => void)[] = [];
    const { reader, sink, timeouts } = readerOf(() => new Promise(resolve => void answers.push(resolve)));
    const together = [reader.forceFlush(), reader.forceFlush(), reader.forceFlush()];
    await settled();
    expect(timeouts.length).to.equal(1);
    const later = [reader.forceFlush(), reader.forceFlush()];
    await settled();
    // One at a time.
    expect(timeouts.length).to.equal(1);
    answers[0]!(found(1));
    await Promise.all(together);
    expect(sink.calls).to.deep.equal(['accept', 'flush 30000']);
    await settled();
    answers[1]!(found(2));
    await Promise.all(later);
    expect(sink.calls).to.deep.equal(['accept', 'flush 30000', 'accept', 'flush 30000']);
    expect(timeouts.length).to.equal(2);
    reader.release();
  });

  const hanging = new (class extends KeepingSink {
    override flush(): Promise<void> {
      return never();
    }
  })();
  for (const [what, collect, exporter, sink] of [
    ['the collection', never<Collection>, {}, new KeepingSink()],
    ['sending', () => Promise.resolve(found(1)), {}, hanging],
    ['the exporter', () => Promise.resolve(found(1)), { forceFlush: never<void> }, new KeepingSink()],
  ] as const) {
    it(`is flushed in time, if ${what} hangs`, async () => {
      const { reader, clock } = readerOf(collect, exporter, sink);
      let isDone = false;
      void reader.forceFlush({ timeoutMillis: 3_000 }).then(() => (isDone = true));
      await settled();
      clock.advance(2_999);
      await settled();
      expect(isDone).to.equal(false);
      clock.advance(1);
      await settled();
      expect(isDone).to.equal(true);
      reader.release();
    });
  }

  it('is flushed, if the exporter throws or rejects', async () => {
    for (const forceFlush of [
      () => Promise.reject(new Error('rejected')),
      () => {
        throw new Error('thrown');
      },
    ]) {
      const { reader, sink } = readerOf(() => Promise.resolve(found(1)), { forceFlush });
      await reader.forceFlush();
      expect(sink.calls).to.deep.equal(['accept', 'flush 30000']);
      reader.release();
    }
  });

  it('goes on after a collection that failed, and tells of it once until one succeeds', async () => {
    const { reader, clock, sink, problems } = readerOf(index => {
      if (index === 0) throw new Error('thrown');
      return index === 2 || index === 4 ? Promise.resolve(found(index)) : Promise.reject(new Error('thrown'));
    });
    await passing(clock, 20);
    const message = 'metrics could not be collected: Error: thrown';
    expect(problems).to.deep.equal([message]);
    await passing(clock, 30);
    expect(valuesOf(sink.items)).to.deep.equal([2, 4]);
    expect(problems).to.deep.equal([message, message]);
    reader.release();
  });

  it('tells of callbacks that failed, and keeps what the others said', async () => {
    const errors = [new TypeError('no'), 'text'];
    const { reader, sink, problems } = readerOf(() => Promise.resolve(found(5, errors)));
    await reader.forceFlush();
    expect(valuesOf(sink.items)).to.deep.equal([5]);
    expect(problems).to.deep.equal(['callbacks of instruments have failed: TypeError: no, text']);
    reader.release();
  });

  it('does not wait for a collection for ever, and takes what it brings when it comes at last', async () => {
    let answer = (_: Collection): void => {};
    const { reader, clock, sink, problems, timeouts } = readerOf(index =>
      index === 0 ? new Promise(resolve => (answer = resolve)) : Promise.resolve(found(index)),
    );
    await passing(clock, 14);
    expect(problems).to.deep.equal([]);
    await passing(clock, 1);
    expect(problems).to.deep.equal(['metrics were not collected within 5000 ms']);
    await passing(clock, 5);
    expect(timeouts.length).to.equal(2);
    expect(valuesOf(sink.items)).to.deep.equal([1]);
    answer(found(0));
    await settled();
    expect(valuesOf(sink.items)).to.deep.equal([1, 0]);
    // What was taken later is later, whenever it was asked for.
    expect(sink.items.map(({ taken }) => taken.collection)).to.deep.equal([0, 1]);
    reader.release();
  });

  it('ends in time if the last collection hangs, and leaves the sink the rest of the time', async () => {
    const { reader, clock, sink } = readerOf(never);
    let isDone = false;
    const ending = [reader.shutdown({ timeoutMillis: 3_000 }), reader.shutdown()];
    void Promise.all(ending).then(() => (isDone = true));
    await settled();
    expect(clock.timerCount).to.equal(2);
    await passing(clock, 3);
    expect(isDone).to.equal(true);
    expect(sink.calls).to.deep.equal(['shutDown 0']);
    await passing(clock, 100);
    expect(clock.timerCount).to.equal(0);
  });

  it('cannot collect without a provider, and has nothing to collect at the end', async () => {
    const reader = new CheckpointReader(
      { export: () => {}, shutdown: () => Promise.resolve() },
      resolveReaderOptions({}),
      {
        sink: new KeepingSink(),
        onProblem: () => {},
      },
    );
    expect(reader.collectSync()).to.deep.equal({ collected: 0, uncollected: 0 });
    await reader.collect().then(
      () => expect.fail('it was to reject'),
      (thrown: unknown) => {
        expect(String(thrown)).to.contain('no MeterProvider has');
      },
    );
    await reader.forceFlush();
    await reader.shutdown();
  });

  it('wants what the readers of the SDK want for an exporter that does not say', () => {
    const exporter = {
      export: () => {},
      shutdown: () => Promise.resolve(),
      forceFlush: () => Promise.resolve(),
    };
    const { reader } = readerOf(never, exporter);
    const truth = new PeriodicExportingMetricReader({ exporter: exporter });
    for (const type of Object.values(InstrumentType)) {
      expect(reader.selectAggregation(type)).to.deep.equal(truth.selectAggregation(type));
      expect(reader.selectAggregationTemporality(type)).to.equal(truth.selectAggregationTemporality(type));
      expect(reader.selectCardinalityLimit(type)).to.equal(truth.selectCardinalityLimit(type));
    }
    reader.release();
  });
});
