import { expect } from 'chai';
import { skipBecause } from 'test-helpers/skip-because';
import { MIB } from '../fixtures/fake-v8.js';
import { workshop } from '../fixtures/memory-rig.js';
import { watchedProcesses } from '../fixtures/watched-process-client.js';

const shellPrefix = 'ulimit -n 64';

describe('a process that has run out of descriptors', () => {
  const launch = watchedProcesses();
  const { machine: newMachine } = workshop();

  before(function () {
    if (process.platform !== 'linux') skipBecause(this, 'needs /proc');
  });

  it('is still told all but its array buffers', async () => {
    const { roots } = newMachine().v2Container({ 'memory.max': 500 * MIB });
    const watched = await launch({ shellPrefix });
    await watched.ask('start', { machine: { cgroupRoot: roots.cgroupRoot } });
    const { names } = await watched.ask('look');
    expect(await watched.ask('exhaust')).to.equal('EMFILE');
    expect(await watched.ask('others')).to.deep.equal({ memoryUsage: 'EMFILE', rss: 'EMFILE' });

    await watched.ask('hold', { what: 'buffer', amount: 32 });
    const snapshot = await watched.after();
    expect(snapshot.process!.residentBytes).to.be.closeTo(watched.status()['VmRSS']!, MIB);
    expect(snapshot.process!.peakBytes).to.be.closeTo(watched.status()['VmHWM']!, MIB);
    expect(snapshot.heap!.externalBytes).to.be.above(32 * MIB);
    expect(snapshot.nativeBytes).to.be.a('number');
    expect(snapshot.host!.availableBytes).to.be.above(0);
    expect(snapshot.heap!.arrayBufferBytes).to.equal(null);
    expect((await watched.ask('look')).errors).to.deep.equal({ 'memory.array_buffers:EMFILE': 1 });
    expect((await watched.ask('look')).names).to.deep.equal(names);

    await watched.ask('release', { count: 1 });
    expect((await watched.after()).heap!.arrayBufferBytes).to.be.above(32 * MIB);
  });

  it('that is watched only from then on has every row as soon as there are descriptors', async () => {
    const { roots } = newMachine().v2Container({ 'memory.max': 500 * MIB });
    const watched = await launch({ shellPrefix });
    expect(await watched.ask('exhaust')).to.equal('EMFILE');
    await watched.ask('start', { machine: roots });
    const start = await watched.ask('look');
    expect(start.names).to.include.members([
      'process.memory.usage',
      'vitals.memory.resident',
      'container.memory.usage',
      'vitals.container.memory.events',
      'vitals.container.memory.stall.time',
    ]);
    expect(start.snapshot.heap!.usedBytes).to.be.above(MIB);
    expect(start.snapshot.timeToLimitSeconds).to.deep.equal({ heap: 604_800, container: null, host: null });
    expect(start.snapshot.process!.residentBytes).to.equal(null);
    expect(start.snapshot.container).to.equal(null);
    // The container was looked for when the instruments were made, and with the first sample.
    expect(start.errors).to.deep.equal({
      'memory.array_buffers:EMFILE': 1,
      'memory.container:EMFILE': 2,
      'memory.host:EMFILE': 1,
      'memory.process:EMFILE': 1,
    });

    await watched.ask('release', { count: 20 });
    const snapshot = await watched.after();
    expect(snapshot.process!.residentBytes).to.equal(100_000 * 1024);
    expect(snapshot.container).to.deep.include({
      workingSetBytes: 200 * MIB,
      limitBytes: 500 * MIB,
      stallSeconds: { some: 2.5, full: 1.25 },
      events: { high: 11, max: 12, oom: 3, oom_kill: 2 },
    });
    expect(snapshot.host!.availableBytes).to.equal(4_096 * MIB);
    expect(snapshot.heap!.arrayBufferBytes).to.be.above(0);
    expect((await watched.ask('look')).errors).to.deep.equal(start.errors);
    expect(await watched.ask('stop')).to.equal(0);
  });

  it('that is watched only from then on, and turns out to be in no container', async () => {
    const machine = newMachine().v2HostService();
    const watched = await launch({ shellPrefix });
    await watched.ask('exhaust');
    await watched.ask('start', { machine: machine.roots });
    await watched.ask('release', { count: 20 });
    const { container, timeToLimitSeconds } = await watched.after();
    expect({ container, time: timeToLimitSeconds.container }).to.deep.equal({ container: null, time: null });
  });

  it('and has a limit given is not judged by its own memory before it is known to be in no cgroup', async () => {
    const { roots } = newMachine();
    const watched = await launch({ shellPrefix });
    await watched.ask('exhaust');
    const environment = { CONTAINER_MEMORY_LIMIT_MB: '512' };
    await watched.ask('start', { machine: { ...roots, environment } });
    const { snapshot } = await watched.ask('look');
    expect(snapshot.container).to.include({ limitBytes: 512 * MIB, utilization: null });
    await watched.ask('release', { count: 20 });
    expect((await watched.after()).container!.utilization).to.equal((100_000 * 1024) / (512 * MIB));
  });
});
