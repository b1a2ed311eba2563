import { expect } from 'chai';
import { openTargets } from 'test-helpers/open-targets';
import { skipBecause } from 'test-helpers/skip-because';
import type { FakeMachine } from './fixtures/fake-machine.js';
import { MIB } from './fixtures/fake-v8.js';
import type { MemoryRig } from './fixtures/memory-rig.js';
import { workshop } from './fixtures/memory-rig.js';

const FROM_CGROUP = ['container.memory.available', 'container.memory.usage', 'container.memory.working_set'];
const EVENTS = 'vitals.container.memory.events';
const STALL = 'vitals.container.memory.stall.time';
const OF_LIMIT = ['vitals.container.memory.limit', 'vitals.container.memory.utilization'];
const ALL_V2 = [...FROM_CGROUP, EVENTS, ...OF_LIMIT, STALL].sort();
const ALL_V1 = ALL_V2.filter(name => name !== STALL);

const VARIABLE = 'CONTAINER_MEMORY_LIMIT_MB';

describe('memory of the container', () => {
  const { rig, rigOn, machine: newMachine, diagLines } = workshop();
  let machine: FakeMachine;

  beforeEach(() => {
    machine = newMachine();
  });

  function containerNames({ names }: MemoryRig): string[] {
    return names.filter(name => name.includes('container'));
  }

  function timeToLimit(watch: MemoryRig): number | undefined {
    return watch.value('vitals.memory.time_to_limit', { 'vitals.memory.limit': 'container' });
  }

  function events(watch: MemoryRig): Record<string, number> {
    const points = watch.provider.collect().filter(({ name }) => name === EVENTS);
    return Object.fromEntries(
      points.map(({ attributes, value }) => [String(attributes['vitals.event']), value]),
    );
  }

  describe('on cgroup v2', () => {
    it('is usage, working set, limit, events and stalls', () => {
      machine.v2Container({ 'memory.max': 500 * MIB, 'memory.high': 450 * MIB });
      const watch = rigOn(machine).start();
      expect(watch.snapshot.container).to.deep.equal({
        usageBytes: 300 * MIB,
        workingSetBytes: 200 * MIB,
        availableBytes: 300 * MIB,
        limitBytes: 500 * MIB,
        limitSource: 'cgroup',
        highBytes: 450 * MIB,
        utilization: 0.4,
        events: { high: 11, max: 12, oom: 3, oom_kill: 2 },
        stallSeconds: { some: 2.5, full: 1.25 },
      });
      expect(containerNames(watch)).to.deep.equal(ALL_V2);
      expect(watch.value('container.memory.usage')).to.equal(300 * MIB);
      expect(watch.value('container.memory.working_set')).to.equal(200 * MIB);
      expect(watch.value('container.memory.available')).to.equal(300 * MIB);
      expect(watch.value('vitals.container.memory.limit')).to.equal(500 * MIB);
      expect(watch.value('vitals.container.memory.utilization')).to.equal(0.4);
      expect(events(watch)).to.deep.equal({ high: 11, max: 12, oom: 3, oom_kill: 2 });
      expect(watch.value(STALL, { 'vitals.stall.scope': 'some' })).to.equal(2.5);
      expect(watch.value(STALL, { 'vitals.stall.scope': 'full' })).to.equal(1.25);
      expect(timeToLimit(watch)).to.equal(604_800);
      expect(watch.errors()).to.deep.equal({});
    });

    it('follows every change of the kernel', () => {
      machine.v2Container({ 'memory.max': 500 * MIB });
      const watch = rigOn(machine).start();
      machine.cgroup('.', {
        'memory.current': 600 * MIB,
        'memory.max': 800 * MIB,
        'memory.events': 'high 0\nmax 99\noom 0\noom_kill 0\n',
      });
      watch.clock.advance(5_000);
      expect(watch.snapshot.container).to.deep.include({
        workingSetBytes: 500 * MIB,
        availableBytes: 300 * MIB,
        utilization: 0.625,
        events: { high: 0, max: 99, oom: 0, oom_kill: 0 },
      });
      machine.cgroup('.', { 'memory.max': 'max' });
      watch.clock.advance(5_000);
      expect(watch.snapshot.container).to.include({
        limitBytes: null,
        limitSource: null,
        // Not observed any more, the SDK would repeat 0.625 for ever.
        utilization: 0,
        availableBytes: null,
      });
      expect(timeToLimit(watch)).to.equal(604_800);
    });

    it('has no limit, and nothing that needs one, where there is none; one that is set later is seen', () => {
      const watch = rigOn(machine.v2Container()).start();
      expect(watch.value('container.memory.usage')).to.equal(300 * MIB);
      for (const name of [...OF_LIMIT, 'container.memory.available']) {
        expect(watch.value(name), name).to.equal(undefined);
      }
      expect(timeToLimit(watch)).to.equal(undefined);
      machine.cgroup('.', { 'memory.max': 400 * MIB });
      watch.clock.advance(5_000);
      expect(watch.value('vitals.container.memory.utilization')).to.equal(0.5);
      expect(timeToLimit(watch)).to.equal(604_800);
    });

    it('has no stalls where the kernel does not measure them, and no event that it does not count', () => {
      machine.v2Container({ 'memory.events': 'low 0\nhigh 1\nmax 2\n' });
      machine.remove('cgroup/memory.pressure');
      const watch = rigOn(machine).start();
      expect(containerNames(watch)).to.deep.equal(ALL_V1);
      expect(events(watch)).to.deep.equal({ high: 1, max: 2 });
      expect(watch.errors()).to.deep.equal({});
    });
  });

  describe('on cgroup v1', () => {
    it('is the same but for stalls, and for events that v1 does not count', () => {
      machine.v1Container({ 'memory.limit_in_bytes': 400 * MIB });
      const watch = rigOn(machine).start();
      expect(watch.snapshot.container).to.deep.equal({
        usageBytes: 300 * MIB,
        workingSetBytes: 200 * MIB,
        availableBytes: 200 * MIB,
        limitBytes: 400 * MIB,
        limitSource: 'cgroup',
        highBytes: null,
        utilization: 0.5,
        events: { max: 12, oom_kill: 2 },
        stallSeconds: null,
      });
      expect(containerNames(watch)).to.deep.equal(ALL_V1);
      expect(events(watch)).to.deep.equal({ max: 12, oom_kill: 2 });
    });
  });

  describe('by containerMetrics', () => {
    it('auto: is there in a container without a limit, told by its path', () => {
      expect(containerNames(rigOn(machine.v1Container()).start())).to.deep.equal(ALL_V1);
    });

    it('auto: is not there for a plain service of a host, and nothing is held open for it', function () {
      if (process.platform !== 'linux') skipBecause(this, 'looks into /proc/self/fd');
      const watch = rigOn(machine.v2HostService()).start();
      expect(containerNames(watch)).to.deep.equal([]);
      expect(watch.snapshot.container).to.equal(null);
      expect(timeToLimit(watch)).to.equal(undefined);
      expect(openTargets().filter(target => target.startsWith(machine.cgroupRoot))).to.deep.equal([]);
      // Decided when it was bound: no reading after that.
      watch.clock.advance(60_000);
      expect(watch.value('vitals.sampler.ticks', { 'vitals.reading': 'memory.container' })).to.equal(1);
    });

    it('auto: is there for a service of a host that has a limit', () => {
      const watch = rigOn(machine.v2HostService({ 'memory.max': 1_000 * MIB })).start();
      expect(containerNames(watch)).to.deep.equal(ALL_V2);
      expect(watch.value('vitals.container.memory.utilization')).to.equal(0.2);
    });

    it('auto: is not there without a cgroup, nor off Linux', () => {
      expect(containerNames(rigOn(machine).start())).to.deep.equal([]);
      expect(containerNames(rig().start())).to.deep.equal([]);
    });

    it('true: is there for a plain service of a host too, but not without a cgroup', () => {
      const options = { containerMetrics: true };
      const watch = rigOn(machine.v2HostService(), options).start();
      expect(containerNames(watch)).to.deep.equal(ALL_V2);
      expect(watch.value('container.memory.working_set')).to.equal(200 * MIB);
      expect(containerNames(rigOn(newMachine(), options).start())).to.deep.equal([]);
    });

    it('false: is never there, whatever limit there is or is given', () => {
      machine.v2Container({ 'memory.max': 500 * MIB });
      const environment = { [VARIABLE]: '100' };
      const watch = rigOn(machine, { containerMetrics: false, limitBytes: MIB }, { environment }).start();
      watch.clock.advance(5_000);
      expect(containerNames(watch)).to.deep.equal([]);
      expect(watch.snapshot.container).to.equal(null);
      expect(timeToLimit(watch)).to.equal(undefined);
      expect(watch.value('vitals.sampler.ticks', { 'vitals.reading': 'memory.container' })).to.equal(
        undefined,
      );
    });
  });

  describe('with a given limit', () => {
    const environment = { [VARIABLE]: '400' };

    it('is judged by that: the option before the environment before the cgroup', () => {
      machine.v2Container({ 'memory.max': 500 * MIB });
      const limits = [
        rigOn(machine, { limitBytes: 250 * MIB }, { environment }),
        rigOn(machine, {}, { environment }),
        rigOn(machine),
      ].map(watch => watch.start().snapshot.container);
      expect(limits.map(limit => [limit?.limitSource, limit?.limitBytes, limit?.utilization])).to.deep.equal([
        ['option', 250 * MIB, 0.8],
        ['environment', 400 * MIB, 0.5],
        ['cgroup', 500 * MIB, 0.4],
      ]);
      expect(limits.map(limit => limit?.availableBytes)).to.deep.equal([50 * MIB, 200 * MIB, 300 * MIB]);
    });

    it('below the working set has nothing available and no time left', () => {
      const watch = rigOn(machine.v2Container(), { limitBytes: 100 * MIB }).start();
      expect(watch.value('container.memory.available')).to.equal(0);
      expect(watch.value('vitals.container.memory.utilization')).to.equal(2);
      expect(timeToLimit(watch)).to.equal(0);
    });

    it('and no cgroup is compared with the resident set', () => {
      for (const watch of [rig({}, { environment }), rig({ containerMetrics: true }, { environment })]) {
        watch.start();
        expect(containerNames(watch)).to.deep.equal(OF_LIMIT);
        expect(watch.snapshot.container).to.deep.equal({
          usageBytes: null,
          workingSetBytes: null,
          availableBytes: null,
          limitBytes: 400 * MIB,
          limitSource: 'environment',
          highBytes: null,
          utilization: 0.25,
          events: {},
          stallSeconds: null,
        });
        expect(timeToLimit(watch)).to.equal(604_800);
      }
    });

    it('in a plain service of a host is compared with the resident set: its cgroup is no container', () => {
      const watch = rigOn(machine.v2HostService(), { limitBytes: 200_000 * 1024 }).start();
      expect(containerNames(watch)).to.deep.equal(OF_LIMIT);
      expect(watch.value('vitals.container.memory.utilization')).to.equal(0.5);
    });

    it('that makes no sense in the environment is warned about once, and ignored', () => {
      const lines = diagLines();
      machine.v2Container({ 'memory.max': 500 * MIB });
      const watch = rigOn(machine, {}, { environment: { [VARIABLE]: '2 GB' } }).start();
      watch.instrumentation.disable();
      watch.instrumentation.enable();
      watch.clock.advance(60_000);
      expect(watch.value('vitals.container.memory.limit')).to.equal(500 * MIB);
      expect(lines).to.have.lengthOf(1);
      expect(lines[0]).to.match(
        /^warn otel-memory-metrics CONTAINER_MEMORY_LIMIT_MB must be a number > 0 in plain digits, got "2 GB"; it is ignored /,
      );
    });
  });

  describe('when files cannot be read', () => {
    it('is without what they hold; each failure is counted, said once, and it comes back', () => {
      const lines = diagLines();
      machine.v2Container({ 'memory.max': 500 * MIB });
      const watch = rigOn(machine).start();
      machine.cgroup('.', { 'memory.stat': 'garbage', 'memory.max': 'many' });
      watch.clock.advance(10_000);
      expect(watch.snapshot.container).to.include({
        usageBytes: 300 * MIB,
        workingSetBytes: null,
        limitBytes: null,
        utilization: null,
        availableBytes: null,
      });
      expect(timeToLimit(watch)).to.equal(604_800);
      expect(watch.errors()).to.deep.equal({ 'memory.container:UnexpectedContentError': 4 });
      expect(lines).to.have.lengthOf(1);
      expect(lines[0]).to.match(/^warn otel-memory-metrics reading memory.container failed .*memory\.stat/);
      machine.v2Container({ 'memory.max': 600 * MIB });
      watch.clock.advance(5_000);
      expect(watch.snapshot.container).to.include({ workingSetBytes: 200 * MIB, limitBytes: 600 * MIB });
    });

    it('is not replaced by the resident set where a limit is given: that is of one process', () => {
      const watch = rigOn(machine.v2Container(), { limitBytes: 500 * MIB }).start();
      machine.cgroup('.', { 'memory.stat': 'garbage' });
      watch.clock.advance(5_000);
      expect(watch.snapshot.container).to.include({ limitBytes: 500 * MIB, utilization: null });
      expect(timeToLimit(watch)).to.equal(604_800);
    });

    it('at the start has its instruments all the same', () => {
      machine.v2Container({ 'memory.max': 500 * MIB });
      for (const name of ['current', 'stat', 'events', 'pressure']) {
        machine.makeUnreadable(`cgroup/memory.${name}`);
      }
      const watch = rigOn(machine).start();
      expect(containerNames(watch)).to.deep.equal(ALL_V2);
      expect(watch.snapshot.container).to.include({ usageBytes: null, limitBytes: 500 * MIB });
      // Four files, when it was bound and with the first sample.
      expect(watch.errors()).to.deep.equal({ 'memory.container:EISDIR': 8 });
    });

    it('is not judged before its limit could be read', () => {
      machine.v2HostService();
      machine.cgroup('system.slice/app.service', { 'memory.max': 'many' });
      const watch = rigOn(machine).start();
      expect(containerNames(watch)).to.deep.equal(ALL_V2);
      watch.clock.advance(5_000);
      expect(watch.snapshot.container).to.equal(null);
      expect(watch.value('container.memory.usage')).to.equal(undefined);
      machine.cgroup('system.slice/app.service', { 'memory.max': 500 * MIB });
      watch.clock.advance(5_000);
      expect(watch.value('container.memory.usage')).to.equal(300 * MIB);
      expect(watch.value('vitals.container.memory.utilization')).to.equal(0.4);
    });

    it('and it turns out to be no container: is silent from then on', () => {
      machine.v2HostService();
      machine.cgroup('system.slice/app.service', { 'memory.max': 'many' });
      const watch = rigOn(machine).start();
      machine.cgroup('system.slice/app.service', { 'memory.max': 'max' });
      watch.clock.advance(60_000);
      expect(watch.snapshot.container).to.equal(null);
      expect(watch.value('vitals.sampler.ticks', { 'vitals.reading': 'memory.container' })).to.equal(3);
    });
  });
});
