import { metrics } from '@opentelemetry/api';
import { expect } from 'chai';
import {
  GaugelessMeterProvider,
  expectNameAndVersion,
  startAndStop,
} from 'test-helpers/instrumentation-life';
import { openTargets } from 'test-helpers/open-targets';
import { RecordingMeterProvider } from 'test-helpers/recording-meter';
import { skipBecause } from 'test-helpers/skip-because';
import { MemoryMetricsInstrumentation } from '../src/index.js';
import { EMPTY_SNAPSHOT } from '../src/snapshot.js';
import { VERSION } from '../src/version.js';
import { MIB } from './fixtures/fake-v8.js';
import { linux, workshop } from './fixtures/memory-rig.js';

describe('MemoryMetricsInstrumentation', () => {
  const { rig, rigOn, machine: newMachine, diagLines } = workshop();

  afterEach(() => {
    metrics.disable();
  });

  describe('starts', () => {
    it('nothing when it is constructed', function () {
      if (process.platform !== 'linux') skipBecause(this, 'needs /proc');
      const before = openTargets();
      const watch = rig({}, linux());
      expect(openTargets()).to.deep.equal(before);
      expect(watch.clock.timerCount).to.equal(0);
      expect(watch.gc.observerCount).to.equal(0);
      expect(watch.snapshot).to.equal(EMPTY_SNAPSHOT);
      expect(watch.runtime.readings.costs.size).to.equal(0);
    });

    it('with a meter provider, with values for a first scrape', () => {
      const watch = rig().start();
      expect(watch.value('process.memory.usage')).to.equal(100 * MIB);
      expect(watch.value('vitals.heap.used')).to.equal(40 * MIB);
      expect(watch.snapshot.takenAtMillis).to.equal(watch.clock.epochMillis());
    });

    it('not with enabled: false, but with enable()', () => {
      const watch = rig({ enabled: false }).start();
      expect(watch.provider.instruments).to.deep.equal([]);
      expect(watch.clock.timerCount).to.equal(0);
      watch.instrumentation.enable();
      expect(watch.value('process.memory.usage')).to.equal(100 * MIB);
    });

    it('with the global meter provider, if it was given none', () => {
      const provider = new RecordingMeterProvider();
      metrics.setGlobalMeterProvider(provider);
      rig().instrumentation.enable();
      expect(provider.value('process.memory.usage')).to.equal(100 * MIB);
    });

    it('anew with another meter provider, and leaves the first', () => {
      const watch = rig().start();
      const second = new RecordingMeterProvider();
      watch.instrumentation.setMeterProvider(second);
      expect(watch.provider.callbackCount).to.equal(0);
      expect(second.value('process.memory.usage')).to.equal(100 * MIB);
      expect(watch.gc.observerCount).to.equal(1);
    });

    it('anew with new options', () => {
      const watch = rig().start();
      watch.instrumentation.setConfig({ sampleIntervalMillis: 1_000, limitBytes: 200 * MIB });
      watch.v8.usedBytes = 50 * MIB;
      watch.clock.advance(1_000);
      expect(watch.value('vitals.heap.used')).to.equal(50 * MIB);
      expect(watch.value('vitals.container.memory.utilization')).to.equal(0.5);
      watch.instrumentation.setConfig({ enabled: false });
      expect(watch.clock.timerCount).to.equal(0);
      expect(watch.provider.callbackCount).to.equal(0);
    });
  });

  describe('speaks for', () => {
    const HEAP_ROWS = [
      'v8js.memory.heap.space.size',
      'v8js.memory.heap.used',
      'vitals.heap.context.count',
      'vitals.heap.limit',
      'vitals.heap.size',
      'vitals.heap.used',
      'vitals.heap.utilization',
      'vitals.memory.array_buffers',
      'vitals.memory.external',
      'vitals.memory.growth',
      'vitals.memory.time_to_limit',
    ];

    function machineWithLimit(): ReturnType<typeof newMachine> {
      return newMachine().v2Container({ 'memory.max': 500 * MIB });
    }

    function limitsOf(watch: ReturnType<typeof rig>): unknown[] {
      return watch.provider
        .collect()
        .filter(({ name }) => name === 'vitals.memory.time_to_limit')
        .map(({ attributes }) => attributes['vitals.memory.limit']);
    }

    it('the heap alone in a worker thread', () => {
      const lines = diagLines();
      const environment = { CONTAINER_MEMORY_LIMIT_MB: 'nobody reads this' };
      const machine = machineWithLimit();
      const watch = rigOn(machine, {}, { isMainThread: false, speaksForContainer: false, environment });
      watch.start();
      for (let tick = 1; tick <= 120; tick += 1) {
        watch.v8.externalBytes += MIB;
        watch.gc.major(watch.clock.nowMillis(), tick * MIB);
        watch.clock.advance(5_000);
      }
      expect(watch.names).to.deep.equal(HEAP_ROWS);
      expect(watch.snapshot).to.deep.include({
        process: null,
        container: null,
        host: null,
        nativeBytes: null,
      });
      expect(watch.snapshot.growthPerSecond).to.include({ rss: null, native: null });
      expect(watch.snapshot.growthPerSecond.heap_live).to.be.closeTo(MIB / 5, 1e-3);
      expect(watch.snapshot.growthPerSecond.external).to.be.closeTo(MIB / 5, 1e-3);
      expect(limitsOf(watch)).to.deep.equal(['heap']);
      expect(watch.snapshot.timeToLimitSeconds.heap).to.be.closeTo(880 * 5, 1e-3);
      expect(
        [...watch.runtime.readings.costs.keys()].filter(name => name.startsWith('memory.')),
      ).to.have.members(['memory.heap', 'memory.array_buffers']);
      expect(lines).to.deep.equal([]);
    });

    it('the process and not the container in a worker of a cluster', () => {
      const watch = rigOn(machineWithLimit(), { limitBytes: MIB }, { speaksForContainer: false }).start();
      expect(watch.names.filter(name => name.includes('container'))).to.deep.equal([]);
      expect(watch.value('process.memory.usage')).to.equal(100_000 * 1024);
      expect(watch.snapshot.container).to.equal(null);
      expect(limitsOf(watch)).to.deep.equal(['heap', 'host']);
    });

    it('all of it in the primary of a cluster, and in a process that has none', () => {
      const watch = rigOn(machineWithLimit()).start();
      expect(watch.value('vitals.container.memory.utilization')).to.equal(0.4);
      expect(limitsOf(watch)).to.deep.equal(['heap', 'container', 'host']);
    });
  });

  it('hurts nobody when the meter cannot make an instrument: nothing is left open, and it is said', function () {
    if (process.platform !== 'linux') skipBecause(this, 'needs /proc');
    const lines = diagLines();
    const before = openTargets();
    const watch = rig({ containerMetrics: true }, linux());
    const provider = new GaugelessMeterProvider();
    watch.instrumentation.setMeterProvider(provider);
    expect(openTargets()).to.deep.equal(before);
    expect(watch.clock.timerCount).to.equal(0);
    expect(watch.gc.observerCount).to.equal(0);
    expect(provider.callbackCount).to.equal(0);
    expect(lines).to.have.lengthOf(1);
    expect(lines[0]).to.match(/^warn otel-memory-metrics could not start .*TypeError: no gauges today$/);
  });

  describe('after disable()', () => {
    it('no descriptor, timer, observer or callback of it is left', function () {
      if (process.platform !== 'linux') skipBecause(this, 'needs /proc');
      const before = openTargets();
      const machine = newMachine().v2Container({ 'memory.max': 500 * MIB });
      const watch = rigOn(machine).start();
      watch.clock.advance(300_000);
      const opened = openTargets().filter(target => target.startsWith(machine.folder));
      expect(opened.map(target => target.slice(machine.folder.length))).to.deep.equal([
        '/cgroup/memory.current',
        '/cgroup/memory.events',
        '/cgroup/memory.high',
        '/cgroup/memory.max',
        '/cgroup/memory.pressure',
        '/cgroup/memory.stat',
        '/proc/meminfo',
        '/proc/self/cgroup',
        '/proc/self/status',
      ]);
      expect(openTargets()).to.have.lengthOf(before.length + opened.length);
      expect(watch.clock.timerCount).to.equal(1);
      expect(watch.gc.observerCount).to.equal(1);

      watch.instrumentation.disable();
      expect(openTargets()).to.deep.equal(before);
      expect(watch.clock.timerCount).to.equal(0);
      expect(watch.gc.observerCount).to.equal(0);
      expect(watch.runtime.sampler.taskCount).to.equal(0);
      expect(watch.provider.callbackCount).to.equal(0);
      const { snapshot } = watch;
      machine.status({ VmRSS: 1 });
      watch.clock.advance(600_000);
      expect(watch.provider.collect()).to.deep.equal([]);
      expect(watch.snapshot).to.equal(snapshot);
    });

    it('and as often as it is started and stopped', function () {
      if (process.platform !== 'linux') skipBecause(this, 'needs /proc');
      const watch = rig({ containerMetrics: true }, linux()).start();
      const running = {
        targets: openTargets(),
        callbacks: watch.provider.callbackCount,
        tasks: watch.runtime.sampler.taskCount,
      };
      startAndStop(watch.instrumentation, watch.provider, { containerMetrics: true });
      expect(openTargets()).to.deep.equal(running.targets);
      expect(watch.provider.callbackCount).to.equal(running.callbacks);
      expect(watch.runtime.sampler.taskCount).to.equal(running.tasks);
      expect(watch.clock.timerCount).to.equal(1);
      expect(watch.gc.observerCount).to.equal(1);
    });
  });

  it('has the name and version of its package', () => {
    expectNameAndVersion(new MemoryMetricsInstrumentation(), VERSION, 'otel-memory-metrics');
  });

  it('gives a snapshot that the next reading does not change, frozen to its last part', () => {
    const machine = newMachine().v2Container({ 'memory.max': 500 * MIB });
    const watch = rigOn(machine).start();
    const { snapshot } = watch;
    const copy = structuredClone(snapshot);
    machine
      .status({ VmRSS: 55_000 })
      .meminfo(17)
      .cgroup('.', { 'memory.current': 400 * MIB });
    watch.v8.usedBytes = 1;
    watch.clock.advance(60_000);
    expect(watch.snapshot.process?.residentBytes).to.equal(55_000 * 1024);
    expect(snapshot).to.deep.equal(copy);
    const thawed: string[] = [];
    const look = (path: string, value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      if (!Object.isFrozen(value)) thawed.push(path);
      for (const [key, part] of Object.entries(value)) look(`${path}.${key}`, part);
    };
    look('snapshot', snapshot);
    expect(thawed).to.deep.equal([]);
    expect(Object.isFrozen(EMPTY_SNAPSHOT)).to.equal(true);
  });
});
