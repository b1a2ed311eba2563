import { metrics } from '@opentelemetry/api';
import { expect } from 'chai';
import { readdirSync } from 'node:fs';
import {
  GaugelessMeterProvider,
  expectNameAndVersion,
  startAndStop,
} from 'test-helpers/instrumentation-life';
import { openTargets } from 'test-helpers/open-targets';
import { RecordingMeterProvider } from 'test-helpers/recording-meter';
import { skipBecause } from 'test-helpers/skip-because';
import { FdWatchInstrumentation } from '../src/index.js';
import { EMPTY_SNAPSHOT } from '../src/snapshot.js';
import { VERSION } from '../src/version.js';
import type { ProcTree } from './fixtures/proc-tree.js';
import { LINUX, workshop } from './fixtures/watch-rig.js';

/** `after` without what is in `before`. */
function added(before: readonly string[], after: readonly string[]): string[] {
  const left = [...before];
  return after.filter(target => {
    const at = left.indexOf(target);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

describe('FdWatchInstrumentation', () => {
  const { rig, rigOver, tree: newTree, diagLines } = workshop();
  let tree: ProcTree;

  beforeEach(() => {
    tree = newTree();
    tree.writeLimits(1_000);
    tree.link(10);
  });

  afterEach(() => {
    metrics.disable();
  });

  describe('starts', () => {
    it('nothing when it is constructed', function () {
      if (process.platform !== 'linux') skipBecause(this, 'needs /proc');
      const before = openTargets();
      const watch = rig();
      expect(openTargets()).to.deep.equal(before);
      expect(watch.clock.timerCount).to.equal(0);
      expect(watch.snapshot).to.equal(EMPTY_SNAPSHOT);
      expect(watch.runtime.readings.costs.size).to.equal(0);
    });

    it('with a meter provider, with values for a first scrape', () => {
      const watch = rigOver(tree).start();
      expect(watch.provider.value('process.unix.file_descriptor.count')).to.equal(10);
      expect(watch.provider.value('vitals.fd.limit', { 'vitals.fd.limit.type': 'soft' })).to.equal(1_000);
      expect(watch.provider.value('vitals.fd.open', { 'vitals.fd.kind': 'file' })).to.equal(10);
    });

    it('not with enabled: false, but with enable()', () => {
      const watch = rigOver(tree, { enabled: false }).start();
      expect(watch.provider.instruments).to.deep.equal([]);
      expect(watch.clock.timerCount).to.equal(0);
      watch.instrumentation.enable();
      expect(watch.provider.value('process.unix.file_descriptor.count')).to.equal(10);
    });

    it('with the global meter provider, if it was given none', () => {
      const provider = new RecordingMeterProvider();
      metrics.setGlobalMeterProvider(provider);
      rigOver(tree).instrumentation.enable();
      expect(provider.value('process.unix.file_descriptor.count')).to.equal(10);
    });

    it('anew with another meter provider, and leaves the first', () => {
      const watch = rigOver(tree).start();
      const second = new RecordingMeterProvider();
      watch.instrumentation.setMeterProvider(second);
      expect(watch.provider.callbackCount).to.equal(0);
      expect(second.value('process.unix.file_descriptor.count')).to.equal(10);
      expect(watch.runtime.sampler.taskCount).to.equal(3);
    });

    it('anew with new options', () => {
      const watch = rigOver(tree).start();
      watch.instrumentation.setConfig({ sampleIntervalMillis: 1_000, byKindIntervalMillis: 0 });
      tree.link(1);
      watch.clock.advance(1_000);
      expect(watch.snapshot).to.include({ open: 11, byKind: null });
      watch.instrumentation.setConfig({ enabled: false });
      expect(watch.clock.timerCount).to.equal(0);
      expect(watch.provider.callbackCount).to.equal(0);
    });
  });

  describe('emits only what can be had', () => {
    const SAMPLER = ['vitals.sampler.errors', 'vitals.sampler.ticks', 'vitals.sampler.time'];
    const EVERYWHERE = ['process.unix.file_descriptor.count', 'vitals.fd.growth'];

    it('nothing of descriptors without a folder that lists them, as on Windows', () => {
      const watch = rig({ connections: true }, {}).start();
      watch.clock.advance(600_000);
      expect(watch.provider.names).to.deep.equal(SAMPLER);
      expect(watch.provider.collect()).to.deep.equal([]);
      expect(watch.snapshot).to.equal(EMPTY_SNAPSHOT);
      expect(watch.clock.timerCount).to.equal(0);
      expect(watch.pressures).to.deep.equal([]);
    });

    it('count and growth with a folder like /dev/fd of macOS', () => {
      const macOs = newTree();
      for (let descriptor = 0; descriptor < 9; descriptor += 1) macOs.write(`fd/${descriptor}`, '');
      const directory = { path: macOs.fdPath, listsItself: true, sizeMayCount: false };
      const watch = rig(
        { connections: true, warnAtCount: 10, trendWindowMillis: 100_000 },
        { directory },
      ).start();
      for (let tick = 0; tick < 10; tick += 1) {
        macOs.write(`fd/${9 + tick}`, '');
        watch.clock.advance(5_000);
      }
      expect(watch.provider.names).to.deep.equal([...EVERYWHERE, ...SAMPLER]);
      // 19 are there, and one of them would be the listing's own.
      expect(watch.provider.value('process.unix.file_descriptor.count')).to.equal(18);
      expect(watch.provider.value('vitals.fd.growth')).to.be.closeTo(0.2, 1e-9);
      expect(watch.snapshot).to.deep.include({
        limit: { soft: null, hard: null },
        byKind: null,
        utilization: null,
      });
      expect(watch.pressures.map(({ message }) => message)).to.deep.equal([
        '10 descriptors are open, above warnAtCount (10)',
      ]);
      expect(watch.errors()).to.deep.equal({});
    });

    it('no limit, utilization and time to it without /proc/self/limits', () => {
      tree.remove('limits');
      const { provider } = rigOver(tree).start();
      expect(provider.names).to.deep.equal([...EVERYWHERE, 'vitals.fd.open', ...SAMPLER].sort());
    });

    it('only the limit where descriptors cannot be listed', () => {
      tree.remove('fd');
      const watch = rigOver(tree, { connections: true }).start();
      watch.clock.advance(600_000);
      expect(watch.provider.names).to.deep.equal(['vitals.fd.limit', ...SAMPLER]);
      expect(watch.provider.value('vitals.fd.limit', { 'vitals.fd.limit.type': 'soft' })).to.equal(1_000);
    });

    it('no kinds and no connections where the entries are no links', () => {
      tree.remove('fd');
      for (let descriptor = 0; descriptor < 4; descriptor += 1) tree.write(`fd/${descriptor}`, '');
      const { provider } = rigOver(tree, { connections: true }).start();
      expect(provider.names).to.include('vitals.fd.time_to_limit');
      expect(provider.names).not.to.include.members(['vitals.fd.open']);
      expect(provider.names).not.to.include.members(['vitals.connection.count']);
      expect(provider.value('process.unix.file_descriptor.count')).to.equal(4);
    });

    it('nothing outside the main thread, and says so at debug', () => {
      const lines = diagLines();
      const watch = rig({}, { ...LINUX, isMainThread: false }).start();
      watch.clock.advance(600_000);
      expect(watch.provider.names).to.deep.equal(SAMPLER);
      expect(watch.provider.collect()).to.deep.equal([]);
      expect(watch.snapshot).to.equal(EMPTY_SNAPSHOT);
      expect(watch.clock.timerCount).to.equal(0);
      expect(lines).to.deep.equal([
        'debug otel-fd-watch: descriptors belong to the process, so only its main thread emits them',
      ]);
    });
  });

  describe('hurts nobody', () => {
    it('says each failure once, and counts them all', () => {
      const lines = diagLines();
      const watch = rigOver(tree, { connections: true }).start();
      tree.remove('fd');
      tree.write('limits', 'garbage');
      watch.clock.advance(180_000);
      expect(watch.errors()).to.deep.equal({
        'fd.connections:ENOENT': 1,
        'fd.count:ENOENT': 36,
        'fd.kinds:ENOENT': 3,
        'fd.limit:UnexpectedContentError': 3,
      });
      const said = lines.map(line => line.replace(/ \(said once; further ones are only counted\).*$/, ' …'));
      expect(said.sort()).to.deep.equal(
        ['connections', 'count', 'kinds', 'limit'].map(
          reading => `warn otel-fd-watch reading fd.${reading} failed …`,
        ),
      );
    });

    it('when the meter cannot make an instrument: nothing is left open, and it is said', function () {
      if (process.platform !== 'linux') skipBecause(this, 'needs /proc');
      const lines = diagLines();
      const before = openTargets();
      const watch = rig({ connections: true });
      const provider = new GaugelessMeterProvider();
      watch.instrumentation.setMeterProvider(provider);
      expect(openTargets()).to.deep.equal(before);
      expect(watch.clock.timerCount).to.equal(0);
      expect(provider.callbackCount).to.equal(0);
      expect(lines).to.have.lengthOf(1);
      expect(lines[0]).to.match(/^warn otel-fd-watch could not start .*TypeError: no gauges today$/);
    });
  });

  describe('after disable()', () => {
    it('no descriptor, timer or callback of it is left', function () {
      if (process.platform !== 'linux') skipBecause(this, 'needs /proc');
      const before = openTargets();
      const watch = rig({ connections: true }).start();
      watch.clock.advance(300_000);
      const self = `/proc/${process.pid}`;
      expect(
        added(before, openTargets()).map(target => target.replace(/^\/proc\/\d+/, self)),
      ).to.have.members([
        `${self}/fd`,
        `${self}/limits`,
        `${self}/net/tcp`,
        ...(readdirSync('/proc/self/net').includes('tcp6') ? [`${self}/net/tcp6`] : []),
      ]);
      expect(watch.clock.timerCount).to.equal(1);
      expect(watch.provider.callbackCount).to.equal(10);

      watch.instrumentation.disable();
      expect(openTargets()).to.deep.equal(before);
      expect(watch.clock.timerCount).to.equal(0);
      expect(watch.runtime.sampler.taskCount).to.equal(0);
      expect(watch.provider.callbackCount).to.equal(0);
      watch.clock.advance(600_000);
      expect(watch.provider.collect()).to.deep.equal([]);
      expect(openTargets()).to.deep.equal(before);
    });

    it('and as often as it is started and stopped', function () {
      if (process.platform !== 'linux') skipBecause(this, 'needs /proc');
      const watch = rig({ connections: true }).start();
      const running = { targets: openTargets(), callbacks: watch.provider.callbackCount };
      startAndStop(watch.instrumentation, watch.provider, { connections: true });
      expect(openTargets()).to.deep.equal(running.targets);
      expect(watch.provider.callbackCount).to.equal(running.callbacks);
      expect(watch.clock.timerCount).to.equal(1);
      expect(watch.runtime.sampler.taskCount).to.equal(3);
    });
  });

  it('has the name and version of its package', () => {
    expectNameAndVersion(new FdWatchInstrumentation(), VERSION, 'otel-fd-watch');
  });

  it('gives a snapshot that the next reading does not change', () => {
    const watch = rigOver(tree).start();
    const { snapshot } = watch;
    const copy = structuredClone(snapshot);
    tree.link(5, 'socket:[1]');
    tree.writeLimits(77);
    watch.clock.advance(60_000);
    expect(watch.snapshot).to.deep.include({ open: 15, limit: { soft: 77, hard: 77 } });
    expect(snapshot).to.deep.equal(copy);
    expect(snapshot).to.be.frozen;
  });
});
