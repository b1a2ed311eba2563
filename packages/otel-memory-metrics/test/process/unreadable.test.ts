import { expect } from 'chai';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { skipBecause } from 'test-helpers/skip-because';
import type { FakeMachine } from '../fixtures/fake-machine.js';
import { MIB } from '../fixtures/fake-v8.js';
import { workshop } from '../fixtures/memory-rig.js';
import { watchedProcesses } from '../fixtures/watched-process-client.js';

const FILES = ['proc/self/status', 'proc/self/cgroup', 'proc/meminfo', 'cgroup/memory.stat'];

describe('files that the process may not read', () => {
  const launch = watchedProcesses();
  const { machine: newMachine } = workshop();
  let machine: FakeMachine;

  before(function () {
    if (process.platform !== 'linux') skipBecause(this, 'needs /proc');
  });

  beforeEach(() => {
    machine = newMachine().v2Container({ 'memory.max': 500 * MIB });
    chmodSync(machine.folder, 0o755);
  });

  function allow(allowed: boolean): void {
    for (const file of FILES) chmodSync(join(machine.folder, file), allowed ? 0o644 : 0);
  }

  async function launchAsNobody(): ReturnType<typeof launch> {
    const watched = await launch();
    // To root every file is open.
    expect(await watched.ask('changeUser')).to.be.above(0);
    return watched;
  }

  it('leave what V8 tells, and come back when they can be read', async () => {
    const watched = await launchAsNobody();
    allow(false);
    await watched.ask('start', { machine: machine.roots });
    const { snapshot, errors } = await watched.ask('look');
    expect(snapshot.heap!.usedBytes).to.be.above(MIB);
    expect(snapshot.process!.residentBytes).to.equal(null);
    expect(snapshot).to.include({ nativeBytes: null, host: null, container: null });
    expect(snapshot.timeToLimitSeconds).to.deep.equal({ heap: 604_800, container: null, host: null });
    // A cgroup that may not be known is none.
    expect(errors).to.deep.equal({ 'memory.process:EACCES': 1, 'memory.host:EACCES': 1 });
    allow(true);
    const back = await watched.after();
    expect(back.process!.residentBytes).to.equal(100_000 * 1024);
    expect(back.host!.availableBytes).to.equal(4_096 * MIB);
  });

  it('from some time on are read on, as they are open already', async () => {
    const watched = await launchAsNobody();
    await watched.ask('start', { machine: machine.roots });
    allow(false);
    machine.cgroup('.', { 'memory.current': 400 * MIB });
    const { container, process: memory } = await watched.after();
    expect(container!.workingSetBytes).to.equal(300 * MIB);
    expect(memory!.residentBytes).to.equal(100_000 * 1024);
    expect((await watched.ask('look')).errors).to.deep.equal({});
  });
});
