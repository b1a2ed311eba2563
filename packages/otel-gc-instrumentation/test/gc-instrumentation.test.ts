import { metrics } from '@opentelemetry/api';
import type { MeterProvider } from '@opentelemetry/api';
import { expect } from 'chai';
import { expectNameAndVersion, startAndStop } from 'test-helpers/instrumentation-life';
import { RecordingMeterProvider } from 'test-helpers/recording-meter';
import { EMPTY_SUMMARY } from '../src/empty-summary.js';
import { GcInstrumentation } from '../src/index.js';
import { VERSION } from '../src/version.js';
import { KIND } from './fixtures/fake-gc-platform.js';
import { workshop } from './fixtures/gc-rig.js';

const ALWAYS = [
  'v8js.gc.duration',
  'vitals.gc.forced',
  'vitals.gc.major.age',
  'vitals.gc.pause.max',
  'vitals.gc.pause.p95',
  'vitals.gc.utilization',
  'vitals.heap.live',
  'vitals.heap.live_utilization',
];
const OF_HEAP_EFFECTS = ['vitals.gc.promoted', 'vitals.gc.reclaimed', 'vitals.heap.allocated'];
const SAMPLER = ['vitals.sampler.errors', 'vitals.sampler.ticks', 'vitals.sampler.time'];

describe('GcInstrumentation', () => {
  const { rig, diagLines } = workshop();

  afterEach(() => {
    metrics.disable();
  });

  describe('starts', () => {
    it('nothing when it is constructed', () => {
      const watch = rig();
      watch.collect({}, { kind: KIND.major });
      watch.clock.advance(60_000);
      expect(watch.clock.timerCount).to.equal(0);
      expect(watch.gc).to.include({ observerCount: 0, recordingCount: 0 });
      expect(watch.summary).to.equal(EMPTY_SUMMARY);
      expect(watch.runtime.readings.costs.size).to.equal(0);
    });

    it('with a meter provider, with values for a first scrape', () => {
      const watch = rig().start();
      expect(watch.provider.value('vitals.gc.pause.p95')).to.equal(0);
      expect(watch.provider.value('vitals.gc.pause.max')).to.equal(0);
      expect(watch.provider.value('vitals.gc.forced')).to.equal(0);
      expect(watch.series('vitals.gc.utilization')).to.deep.equal({
        '{"vitals.window":"1m"}': 0,
        '{"vitals.window":"5m"}': 0,
      });
      expect(watch.provider.value('vitals.heap.allocated')).to.equal(0);
      expect(watch.summary.takenAtMillis).to.equal(watch.clock.epochMillis());
      expect(watch.summary.source).to.deep.equal({ pauses: 'observer', heapEffects: 'measuring' });
    });

    it('not with enabled: false, but with enable()', () => {
      const watch = rig({ enabled: false }).start();
      expect(watch.provider.instruments).to.deep.equal([]);
      expect(watch.clock.timerCount).to.equal(0);
      expect(watch.gc.observerCount).to.equal(0);
      watch.instrumentation.enable();
      watch.collect({ millis: 3 });
      expect(watch.recorded).to.deep.equal([{ type: 'minor', seconds: 0.003 }]);
    });

    it('with the global meter provider, if it was given none', () => {
      const provider = new RecordingMeterProvider();
      metrics.setGlobalMeterProvider(provider);
      const watch = rig();
      watch.instrumentation.enable();
      watch.collect({ millis: 3 });
      expect(provider.recorded).to.have.lengthOf(1);
    });

    it('anew with another meter provider, and leaves the first', () => {
      const watch = rig().start();
      watch.collect({ millis: 3, forced: true });
      const second = new RecordingMeterProvider();
      watch.instrumentation.setMeterProvider(second);
      watch.collect({ millis: 4 });
      expect(watch.provider.callbackCount).to.equal(0);
      expect(watch.recorded).to.deep.equal([{ type: 'minor', seconds: 0.003 }]);
      expect(second.recorded.map(({ value }) => value)).to.deep.equal([0.004]);
      expect(watch.gc.observerCount).to.equal(1);
      expect(second.value('vitals.gc.forced'), 'a counter that does not fall').to.equal(1);
    });

    it('anew with new options', () => {
      const watch = rig().start();
      watch.collect({ millis: 3 });
      watch.instrumentation.setConfig({ sampleIntervalMillis: 1_000, v8js: false, heapEffects: false });
      expect(watch.runtime.sampler.tickMillis).to.equal(1_000);
      watch.collect({ millis: 4 });
      watch.clock.advance(1_000);
      expect(watch.recorded).to.have.lengthOf(1);
      expect(watch.summary).to.deep.include({ heapEffects: null, total: { count: 2, pauseSeconds: 0.007 } });
      expect(watch.gc.recordingCount).to.equal(0);
      watch.instrumentation.setConfig({ enabled: false });
      expect(watch.clock.timerCount).to.equal(0);
      expect(watch.provider.callbackCount).to.equal(0);
    });
  });

  describe('emits only what can be had and is wanted', () => {
    it('everything by default', () => {
      expect(rig().start().provider.names).to.deep.equal([...ALWAYS, ...OF_HEAP_EFFECTS, ...SAMPLER].sort());
    });

    it('no histogram with v8js: false, and all the rest', () => {
      const watch = rig({ v8js: false }).start();
      watch.collect({ millis: 8 }).tick();
      expect(watch.provider.names).to.deep.equal(
        [...ALWAYS, ...OF_HEAP_EFFECTS, ...SAMPLER].filter(name => !name.startsWith('v8js.')).sort(),
      );
      expect(watch.recorded).to.deep.equal([]);
      expect(watch.value('vitals.gc.pause.max')).to.equal(0.008);
    });

    it('no heap effects with heapEffects: false, which start no profiler', () => {
      const watch = rig({ heapEffects: false }).start();
      watch.collect({ kind: KIND.major }).tick();
      expect(watch.provider.names).to.deep.equal([...ALWAYS, ...SAMPLER].sort());
      expect(watch.gc.recordingCount).to.equal(0);
      expect(watch.summary.heapEffects).to.equal(null);
      expect(watch.summary.source).to.deep.equal({ pauses: 'observer', heapEffects: 'off' });
    });

    it('no heap effects where there is no profiler, but the live heap', () => {
      const watch = rig({}, { profiler: false }).start();
      watch.collect({ allocatedBytes: 5_000 }, { kind: KIND.major }).tick();
      expect(watch.provider.names).to.deep.equal([...ALWAYS, ...SAMPLER].sort());
      expect(watch.summary.heapEffects).to.equal(null);
      expect(watch.summary.source).to.deep.equal({ pauses: 'observer', heapEffects: 'absent' });
      expect(watch.value('vitals.heap.live')).to.equal(5_000);
    });

    it('nothing of the live heap before the first major collection', () => {
      const watch = rig().start();
      watch.collect({}, { kind: KIND.incremental }).tick();
      for (const name of ['vitals.heap.live', 'vitals.heap.live_utilization', 'vitals.gc.major.age']) {
        expect(watch.series(name), name).to.deep.equal({});
      }
      watch.collect({ kind: KIND.major }).tick();
      expect(Object.keys(watch.series('vitals.heap.live'))).to.deep.equal(['{}']);
    });
  });

  describe('hurts nobody', () => {
    it('when the heap limit cannot be read: the rest is there, and it is said once for each live heap', () => {
      const lines = diagLines();
      const heapLimitBytes = (): number => {
        throw new TypeError('no limit today');
      };
      const watch = rig({}, { heapLimitBytes }).start();
      watch.collect({ allocatedBytes: 700, kind: KIND.major }).tick().tick();
      expect(watch.value('vitals.heap.live')).to.equal(700);
      expect(watch.series('vitals.heap.live_utilization')).to.deep.equal({});
      expect(watch.summary.liveHeapUtilization).to.equal(null);
      expect(watch.errors()).to.deep.equal({ 'gc.summary:TypeError': 1 });
      watch.collect({ kind: KIND.major }).tick();
      expect(watch.errors()).to.deep.equal({ 'gc.summary:TypeError': 2 });
      expect(lines).to.have.lengthOf(1);
      expect(lines[0]).to.match(/^warn otel-gc-instrumentation reading gc\.summary failed .*no limit today$/);
    });

    it('when the histogram throws: it is counted, and the pause as well', () => {
      const watch = rig();
      watch.instrumentation.setMeterProvider({
        getMeter: (name: string) => {
          const meter = watch.provider.getMeter(name);
          meter.createHistogram = () => ({
            record() {
              throw new RangeError('no records today');
            },
          });
          return meter;
        },
      });
      watch.collect({ millis: 2 }, { millis: 3 }).tick();
      expect(watch.summary.total).to.deep.equal({ count: 2, pauseSeconds: 0.005 });
      expect(watch.errors()).to.deep.equal({ 'gc.subscriber:RangeError': 2 });
    });

    it('when the meter cannot make an instrument: nothing is left running, and it is said', () => {
      for (const create of ['createHistogram', 'createObservableCounter', 'createObservableGauge'] as const) {
        const lines = diagLines();
        const watch = rig();
        const broken: MeterProvider = {
          getMeter: (name: string) => {
            const meter = watch.provider.getMeter(name);
            if (name === 'otel-gc-instrumentation') {
              meter[create] = () => {
                throw new TypeError('none today');
              };
            }
            return meter;
          },
        };
        watch.instrumentation.setMeterProvider(broken);
        watch.collect({});
        expect(watch.clock.timerCount).to.equal(0);
        expect(watch.gc).to.include({ observerCount: 0, recordingCount: 0 });
        expect(watch.provider.callbackCount).to.equal(0);
        expect(lines).to.have.lengthOf(1);
        expect(lines[0]).to.match(/^warn otel-gc-instrumentation could not start .*TypeError: none today$/);
      }
    });

    it('when observing cannot be started: it is counted, and the summary says that there is no source', () => {
      const watch = rig();
      watch.gc.observe = () => {
        throw new TypeError('nothing to observe');
      };
      watch.start().tick();
      expect(watch.summary.source.pauses).to.equal('off');
      expect(Object.keys(watch.errors())).to.satisfy((keys: string[]) =>
        keys.some(key => /^gc\.\w+:TypeError$/.test(key)),
      );
      watch.instrumentation.disable();
      expect(watch.clock.timerCount).to.equal(0);
    });
  });

  describe('after disable()', () => {
    it('no timer, observer, profiler or callback of it is left, and nothing more is recorded', () => {
      const watch = rig({ pauseByType: true }).start();
      watch.collect({}, { kind: KIND.major });
      watch.clock.advance(300_000);
      expect(watch.clock.timerCount).to.equal(1);
      expect(watch.runtime.sampler.taskCount, 'the source and the summary').to.equal(2);
      expect(watch.gc).to.include({ observerCount: 1, recordingCount: 1 });
      expect(watch.provider.callbackCount).to.equal(
        ALWAYS.length - 1 + OF_HEAP_EFFECTS.length + SAMPLER.length,
      );

      const { summary } = watch;
      watch.instrumentation.disable();
      expect(watch.clock.timerCount).to.equal(0);
      expect(watch.runtime.sampler.taskCount).to.equal(0);
      expect(watch.gc).to.include({ observerCount: 0, recordingCount: 0 });
      expect(watch.provider.callbackCount).to.equal(0);
      watch.collect({}, { kind: KIND.major });
      watch.clock.advance(600_000);
      expect(watch.recorded).to.have.lengthOf(2);
      expect(watch.provider.collect()).to.deep.equal([]);
      expect(watch.summary, 'the latest one stays').to.equal(summary);
    });

    it('the next instance on the same meter provider records, which the first has done until then', () => {
      const watch = rig().start();
      const other = new GcInstrumentation({}, watch.platform);
      other.setMeterProvider(watch.provider);
      watch.collect({ millis: 1 });
      expect(watch.recorded, 'once').to.deep.equal([{ type: 'minor', seconds: 0.001 }]);
      watch.instrumentation.disable();
      watch.collect({ millis: 2 });
      expect(watch.recorded.slice(1)).to.deep.equal([{ type: 'minor', seconds: 0.002 }]);
      watch.instrumentation.enable();
      watch.collect({ millis: 3 });
      expect(watch.recorded).to.have.lengthOf(3);
      // One that does not record does not keep the others from it.
      other.setConfig({ v8js: false });
      watch.collect({ millis: 4 });
      expect(watch.recorded).to.have.lengthOf(4);
      other.disable();
    });

    it('nothing is recorded, not even while another instance goes on', () => {
      const watch = rig().start();
      const other = new GcInstrumentation({}, watch.platform);
      const second = new RecordingMeterProvider();
      other.setMeterProvider(second);
      watch.instrumentation.disable();
      watch.collect({ millis: 1 }).tick();
      expect(watch.recorded).to.deep.equal([]);
      expect(second.recorded).to.have.lengthOf(1);
      expect(watch.summary.total.count).to.equal(0);
      other.disable();
      expect(watch.clock.timerCount).to.equal(0);
    });

    it('and as often as it is started and stopped', () => {
      const watch = rig().start();
      const running = watch.provider.callbackCount;
      startAndStop(watch.instrumentation, watch.provider, { pauseByType: true });
      expect(watch.provider.callbackCount).to.equal(running);
      expect(watch.clock.timerCount).to.equal(1);
      expect(watch.runtime.sampler.taskCount).to.equal(2);
      expect(watch.gc).to.include({ observerCount: 1, recordingCount: 1 });
      watch.collect({});
      expect(watch.recorded).to.have.lengthOf(1);
    });
  });

  it('has the name and version of its package', () => {
    expectNameAndVersion(new GcInstrumentation(), VERSION, 'otel-gc-instrumentation');
  });

  it('gives a summary that later collections do not change, frozen to its last part', () => {
    const watch = rig({ pauseByType: true }).start();
    watch.collect({ millis: 2, allocatedBytes: 900, reclaimedBytes: 300 }, { kind: KIND.major }).tick();
    const { summary } = watch;
    const copy = structuredClone(summary);
    watch.collect({ millis: 9, allocatedBytes: 900 }, { kind: KIND.major, forced: true });
    expect(watch.summary, 'not before the next tick').to.equal(summary);
    watch.tick();
    expect(watch.summary).not.to.equal(summary);
    expect(summary).to.deep.equal(copy);
    for (const each of [summary, EMPTY_SUMMARY]) expectDeepFrozen(each);
  });
});

function expectDeepFrozen(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  expect(value).to.be.frozen;
  for (const part of Object.values(value)) expectDeepFrozen(part);
}
