import { expect } from 'chai';
import { KIND } from './fixtures/fake-gc-platform.js';
import { HEAP_LIMIT_BYTES, workshop } from './fixtures/gc-rig.js';

const byType = (values: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(values).map(([type, value]) => [`{"v8js.gc.type":"${type}"}`, value]));

describe('what is emitted of collections', () => {
  const { rig } = workshop();

  it('every pause is in the histogram at once, with its type and seconds', () => {
    const watch = rig().start();
    watch.collect(
      { kind: KIND.minor, millis: 0.25 },
      { kind: KIND.minorMarkSweep, millis: 0.5 },
      { kind: KIND.major, millis: 40 },
      { kind: KIND.incremental, millis: 0.125 },
      { kind: KIND.weakcb, millis: 0.0625 },
    );
    expect(watch.recorded).to.deep.equal([
      { type: 'minor', seconds: 0.00025 },
      { type: 'minor', seconds: 0.0005 },
      { type: 'major', seconds: 0.04 },
      { type: 'incremental', seconds: 0.000125 },
      { type: 'weakcb', seconds: 0.0000625 },
    ]);
  });

  it('a kind that nobody has heard of, and none at all, are "unknown", never undefined', () => {
    const watch = rig({ pauseByType: true }).start();
    const series = ['vitals.gc.reclaimed', 'vitals.gc.pause.p95'];
    for (const name of series) {
      expect(Object.keys(watch.series(name)), 'not there before').not.to.include(
        '{"v8js.gc.type":"unknown"}',
      );
    }
    watch.collect({ kind: KIND.unheardOf, millis: 2 }, { kind: undefined as unknown as number, millis: 3 });
    watch.collect({ kind: 32, millis: 4 }).tick();
    expect(watch.recorded.map(({ type }) => type)).to.deep.equal(['unknown', 'minor', 'unknown']);
    expect(watch.summary.byType.unknown).to.deep.equal({ count: 2, pauseSeconds: 0.006 });
    for (const name of series) {
      expect(Object.keys(watch.series(name)), name).to.include('{"v8js.gc.type":"unknown"}');
    }
    const everything = JSON.stringify([watch.provider.collect(), watch.provider.recorded]);
    expect(everything).not.to.match(/undefined|null|NaN/);
  });

  it('counts and times by type and over all, and the forced ones', () => {
    const watch = rig().start();
    watch.collect({ millis: 1 }, { millis: 2, forced: true }, { kind: KIND.major, millis: 30, forced: true });
    watch.tick();
    watch.collect({ kind: KIND.weakcb, millis: 0.5 }).tick();
    expect(watch.summary).to.deep.include({ forced: 2, total: { count: 4, pauseSeconds: 0.0335 } });
    expect(watch.summary.byType).to.deep.equal({
      minor: { count: 2, pauseSeconds: 0.003 },
      major: { count: 1, pauseSeconds: 0.03 },
      incremental: { count: 0, pauseSeconds: 0 },
      weakcb: { count: 1, pauseSeconds: 0.0005 },
      unknown: { count: 0, pauseSeconds: 0 },
    });
    expect(watch.series('vitals.gc.forced')).to.deep.equal({ '{}': 2 });
  });

  it('P95 and maximum of all types together', () => {
    const watch = rig().start();
    for (let pause = 1; pause <= 100; pause += 1) {
      watch.collect({ millis: pause, kind: pause % 2 === 0 ? KIND.minor : KIND.major });
    }
    watch.tick();
    expect(watch.value('vitals.gc.pause.p95')).to.be.closeTo(0.095, 0.095 * 0.005);
    expect(watch.value('vitals.gc.pause.max')).to.equal(0.1);
    expect(watch.summary.pauses).to.deep.include({ count: 100, maxSeconds: 0.1 });
    expect(watch.summary.pauses.p95Seconds).to.equal(watch.value('vitals.gc.pause.p95'));
    expect(watch.summary.pausesByType).to.equal(null);
    expect(Object.keys(watch.series('vitals.gc.pause.max'))).to.deep.equal(['{}']);
  });

  it('by type as well with pauseByType, zero-filled', () => {
    const watch = rig({ pauseByType: true }).start();
    watch.collect({ millis: 1 }, { millis: 2 }, { kind: KIND.major, millis: 30 }).tick();
    expect(watch.series('vitals.gc.pause.max')).to.deep.equal({
      '{}': 0.03,
      ...byType({ minor: 0.002, major: 0.03, incremental: 0, weakcb: 0 }),
    });
    expect(watch.series('vitals.gc.pause.p95')).to.deep.equal({
      '{}': 0.03,
      ...byType({ minor: 0.002, major: 0.03, incremental: 0, weakcb: 0 }),
    });
    expect(watch.summary.pausesByType).to.deep.equal({
      minor: { count: 2, p95Seconds: 0.002, maxSeconds: 0.002 },
      major: { count: 1, p95Seconds: 0.03, maxSeconds: 0.03 },
      incremental: { count: 0, p95Seconds: null, maxSeconds: null },
      weakcb: { count: 0, p95Seconds: null, maxSeconds: null },
      unknown: { count: 0, p95Seconds: null, maxSeconds: null },
    });
  });

  it('the window forgets: then the gauges are 0 and the summary says null', () => {
    const watch = rig({ pauseByType: true }).start();
    watch.collect({ millis: 50 });
    watch.clock.advance(270_000);
    expect(watch.value('vitals.gc.pause.max')).to.equal(0.05);
    expect(watch.value('vitals.gc.pause.max', { 'v8js.gc.type': 'minor' })).to.equal(0.05);
    watch.clock.advance(30_000);
    for (const name of ['vitals.gc.pause.p95', 'vitals.gc.pause.max']) {
      expect(watch.series(name), name).to.deep.equal({
        '{}': 0,
        ...byType({ minor: 0, major: 0, incremental: 0, weakcb: 0 }),
      });
    }
    expect(watch.summary.pauses).to.deep.equal({ count: 0, p95Seconds: null, maxSeconds: null });
    expect(watch.summary.total, 'counts do not forget').to.deep.equal({ count: 1, pauseSeconds: 0.05 });
  });

  it('a window that is short for its interval is widened: no pause is forgotten before it was seen', () => {
    const watch = rig({ sampleIntervalMillis: 60_000, pauseWindowMillis: 1_000 }).start();
    for (const millis of [7, 8, 9]) {
      watch.clock.advance(1);
      watch.collect({ millis });
      watch.clock.advance(59_999);
      expect(watch.summary.pauses.count).to.be.at.least(1);
      expect(watch.value('vitals.gc.pause.max')).to.equal(millis / 1000);
    }
  });

  it('a pause counts when it ended, however late one learns of it and however early it began', () => {
    const watch = rig({ sampleIntervalMillis: 60_000 }).start();
    watch.clock.advance(119_000);
    // One ended in the slot from 60 to 90 s, the other began there; both are told of in the next one.
    watch.collect({ millis: 20, endMillis: 65_000 }, { millis: 30_000, endMillis: 95_000 });
    watch.clock.advance(181_000);
    expect(watch.clock.nowMillis()).to.equal(300_000);
    expect(watch.summary.pauses.count).to.equal(2);
    watch.clock.advance(60_000);
    expect(watch.summary.pauses).to.deep.equal({ count: 1, p95Seconds: 30, maxSeconds: 30 });
    watch.clock.advance(60_000);
    expect(watch.summary.pauses.count).to.equal(0);
  });

  it('but never later than now', () => {
    const watch = rig({ sampleIntervalMillis: 60_000 }).start();
    watch.clock.advance(60_000);
    watch.collect({ millis: 20, endMillis: 160_000 });
    watch.clock.advance(240_000);
    expect(watch.summary.pauses.count).to.equal(1);
    watch.clock.advance(60_000);
    expect(watch.summary.pauses.count).to.equal(0);
  });

  it('utilization is pause time by wall time: of its age while it is younger than the window', () => {
    const watch = rig({}, { nowMillis: 1_234_567 }).start();
    watch.clock.advance(5_000);
    watch.collect({ millis: 100 });
    watch.clock.advance(5_000);
    expect(watch.summary.utilization).to.deep.equal({ '1m': 0.01, '5m': 0.01 });
    expect(watch.value('vitals.gc.utilization', { 'vitals.window': '1m' })).to.equal(0.01);
    watch.clock.advance(50_000);
    expect(watch.value('vitals.gc.utilization', { 'vitals.window': '5m' })).to.be.closeTo(0.1 / 60, 1e-12);
    watch.clock.advance(20_000);
    expect(watch.summary.utilization['1m']).to.equal(0);
    expect(watch.summary.utilization['5m']).to.be.closeTo(0.1 / 80, 1e-12);
  });

  it('utilization is never more than 1: a pause may have begun before it was looked for', () => {
    const watch = rig({ sampleIntervalMillis: 10 }).start();
    watch.clock.advance(5);
    watch.collect({ millis: 5_000 });
    watch.clock.advance(5);
    expect(watch.summary.utilization).to.deep.equal({ '1m': 1, '5m': 1 });
  });

  it('what collections did to the heap, in bytes', () => {
    const watch = rig().start();
    expect(watch.series('vitals.gc.reclaimed')).to.deep.equal(
      byType({ minor: 0, major: 0, incremental: 0, weakcb: 0 }),
    );
    watch.clock.advance(100);
    watch.collect({ allocatedBytes: 10_000, reclaimedBytes: 6_000, promotedBytes: 1_500 });
    watch.clock.advance(100);
    watch.collect({ allocatedBytes: 2_000, kind: KIND.major, reclaimedBytes: 1_000 });
    watch.tick();
    expect(watch.series('vitals.gc.reclaimed')).to.deep.equal(
      byType({ minor: 6_000, major: 1_000, incremental: 0, weakcb: 0 }),
    );
    expect(watch.value('vitals.gc.promoted')).to.equal(1_500);
    expect(watch.value('vitals.heap.allocated')).to.equal(12_000);
    expect(watch.summary.heapEffects).to.deep.equal({
      allocatedBytes: 12_000,
      promotedBytes: 1_500,
      reclaimedBytes: { minor: 6_000, major: 1_000, incremental: 0, weakcb: 0, unknown: 0 },
      measuredGcs: 2,
      estimatedGcs: 0,
    });
  });

  it('says that effects are estimated for some where collections come fast', () => {
    const watch = rig().start();
    for (let i = 0; i < 600; i += 1) {
      watch.clock.advance(5);
      watch.collect({ allocatedBytes: 1_000, reclaimedBytes: 1_000 });
    }
    watch.tick();
    expect(watch.summary.source.heapEffects).to.equal('sampling');
    // What is saved up, and 4 a second.
    const { measuredGcs = NaN, estimatedGcs = NaN } = watch.summary.heapEffects ?? {};
    expect(measuredGcs).to.be.within(100, 112);
    expect(measuredGcs + estimatedGcs).to.equal(600);
    expect(watch.summary.heapEffects?.reclaimedBytes.minor).to.equal(600_000);
    expect(watch.summary.total.count).to.equal(600);
  });

  it('the live heap after the latest major collection, its share of the limit and its age', () => {
    let limitBytes = HEAP_LIMIT_BYTES;
    let asked = 0;
    const heapLimitBytes = (): number => {
      asked += 1;
      return limitBytes;
    };
    const watch = rig({}, { heapLimitBytes }).start();
    watch.collect({ allocatedBytes: 400_000, promotedBytes: 300_000 });
    watch.clock.advance(2_000);
    watch.collect({ kind: KIND.major, reclaimedBytes: 150_000 });
    watch.clock.advance(3_000);
    expect(watch.value('vitals.heap.live')).to.equal(250_000);
    expect(watch.value('vitals.heap.live_utilization')).to.equal(0.25);
    expect(watch.value('vitals.gc.major.age')).to.equal(3);
    watch.collect({ allocatedBytes: 90_000 }).tick();
    expect(watch.value('vitals.heap.live'), 'as it was then').to.equal(250_000);
    expect(watch.value('vitals.gc.major.age')).to.equal(8);
    expect(watch.summary).to.include({
      liveHeapBytes: 250_000,
      liveHeapUtilization: 0.25,
      majorAgeSeconds: 8,
    });
    expect(asked, 'once for each live heap').to.equal(1);
    limitBytes *= 2;
    watch.collect({ kind: KIND.major, reclaimedBytes: 90_000 }).tick();
    expect(watch.value('vitals.heap.live')).to.equal(250_000);
    expect(watch.value('vitals.heap.live_utilization')).to.equal(0.125);
    expect(watch.value('vitals.gc.major.age')).to.equal(5);
  });

  it('the counts go on through a restart, the windows begin anew', () => {
    const watch = rig().start();
    watch.collect({ millis: 10, forced: true }).tick();
    watch.instrumentation.setConfig({ pauseWindowMillis: 60_000 });
    expect(watch.summary).to.deep.include({ forced: 1, total: { count: 1, pauseSeconds: 0.01 } });
    expect(watch.summary.pauses.count).to.equal(0);
    watch.collect({ millis: 20, forced: true }).tick();
    expect(watch.summary).to.deep.include({ forced: 2, total: { count: 2, pauseSeconds: 0.03 } });
    expect(watch.summary.utilization['5m']).to.equal(0.02 / 5);
  });
});
