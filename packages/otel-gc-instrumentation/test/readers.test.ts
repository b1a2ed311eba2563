import { ROOT_CONTEXT } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import type { Histogram } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { ManualReader } from 'test-helpers/manual-reader';
import { RecordingMeterProvider } from 'test-helpers/recording-meter';
import { GcInstrumentation } from '../src/gc-instrumentation.js';
import { DEFAULT_BUCKETS } from '../src/options.js';
import { KIND } from './fixtures/fake-gc-platform.js';
import { workshop } from './fixtures/gc-rig.js';

describe('two readers', () => {
  const { rig } = workshop();

  it('see the same of a recording provider, however often each collects', () => {
    const watch = rig({ pauseByType: true }).start();
    for (let tick = 0; tick < 20; tick += 1) {
      watch.collect({
        millis: tick + 1,
        kind: tick % 4 === 0 ? KIND.major : KIND.minor,
        allocatedBytes: 100,
      });
      watch.tick();
      const points = watch.provider.collect();
      expect(watch.provider.collect()).to.deep.equal(points);
      expect(points.find(({ name }) => name === 'vitals.gc.pause.max')?.value).to.equal((tick + 1) / 1000);
    }
  });

  it('of a real MeterProvider see the same: as many pauses in the histogram as there were, each in its bucket', async () => {
    const readers = [new ManualReader(), new ManualReader()] as const;
    const provider = new MeterProvider({ readers: [...readers] });
    const watch = rig();
    watch.instrumentation.setMeterProvider(provider);
    const pauses = [0.05, 0.3, 0.6, 2, 2, 20, 300, 20_000];
    try {
      for (const millis of pauses) watch.collect({ millis });
      for (const millis of [30, 40]) watch.collect({ millis, kind: KIND.major, forced: true });
      watch.tick();
      const first = await readers[0].values();
      const again = await readers[0].values();
      const second = await readers[1].values();
      expect(again).to.deep.equal(first);
      expect(second).to.deep.equal(first);
      const minor = first['v8js.gc.duration{v8js.gc.type="minor"}'] as Histogram;
      expect(minor.count).to.equal(pauses.length);
      expect(minor.sum).to.be.closeTo(
        pauses.reduce((sum, millis) => sum + millis / 1000, 0),
        1e-9,
      );
      expect(minor.buckets.boundaries).to.deep.equal(DEFAULT_BUCKETS);
      const edges = [0, ...DEFAULT_BUCKETS.map(seconds => seconds * 1000), Infinity];
      const expected = edges
        .slice(1)
        .map(
          (high, index) => pauses.filter(millis => millis <= high && millis > (edges[index] ?? NaN)).length,
        );
      expect(minor.buckets.counts).to.deep.equal(expected);
      const major = first['v8js.gc.duration{v8js.gc.type="major"}'] as Histogram;
      expect(major).to.include({ count: 2, min: 0.03, max: 0.04 });
      expect(first['vitals.gc.forced']).to.equal(2);
      expect(first['vitals.gc.pause.max']).to.equal(20);
    } finally {
      await provider.shutdown();
    }
  });
});

describe('two instances', () => {
  const { rig } = workshop();

  it('get every pause each, with their own interval, window and summary', () => {
    const watch = rig().start();
    const provider = new RecordingMeterProvider();
    const other = new GcInstrumentation(
      { sampleIntervalMillis: 1_000, pauseWindowMillis: 10_000, heapEffects: false },
      watch.platform,
    );
    other.setMeterProvider(provider);
    watch.clock.advance(500);
    watch.collect({ millis: 4 }, { millis: 9, kind: KIND.major });
    expect(watch.recorded).to.deep.equal([
      { type: 'minor', seconds: 0.004 },
      { type: 'major', seconds: 0.009 },
    ]);
    expect(provider.recorded).to.have.lengthOf(2);
    watch.clock.advance(500);
    expect(other.summary().total.count).to.equal(2);
    expect(watch.summary.total.count, 'its tick is to come').to.equal(0);
    watch.clock.advance(29_000);
    expect(watch.value('vitals.gc.pause.max')).to.equal(0.009);
    expect(provider.value('vitals.gc.pause.max')).to.equal(0);
    expect(watch.gc.observerCount).to.equal(1);
    other.disable();
    watch.collect({ millis: 1 });
    expect(watch.recorded).to.have.lengthOf(3);
    expect(provider.recorded).to.have.lengthOf(2);
  });
});

describe('a pause', () => {
  const { rig } = workshop();

  it('is recorded in the root context, whatever request is being served: no exemplar of a stranger', () => {
    const contexts: (Context | undefined)[] = [];
    const watch = rig();
    watch.instrumentation.setMeterProvider({
      getMeter: name =>
        Object.assign(watch.provider.getMeter(name), {
          createHistogram: () => ({
            record(_value: number, _attributes: unknown, given?: Context) {
              contexts.push(given);
            },
          }),
        }),
    });
    watch.collect({});
    expect(contexts).to.have.lengthOf(1);
    expect(contexts[0]).to.equal(ROOT_CONTEXT);
  });
});
