import { expect } from 'chai';
import { totalmem } from 'node:os';
import { HostMemory, parseHostMemory } from '../../src/linux/host-memory.js';
import { FakeMachine, GIB } from './fake-machine.js';
import { skipBecause } from 'test-helpers/skip-because';

describe('parseHostMemory', () => {
  it('reads total and available', () => {
    const text = 'MemTotal:       24684096 kB\nMemFree:        23807840 kB\nMemAvailable:   24240996 kB\n';
    expect(parseHostMemory(text)).to.deep.equal({
      totalBytes: 24_684_096 * 1024,
      availableBytes: 24_240_996 * 1024,
    });
  });

  it('does without the available memory, not without the total', () => {
    expect(parseHostMemory('MemTotal: 5 kB\nMemAvailable: x kB\n')).to.deep.equal({
      totalBytes: 5120,
      availableBytes: null,
    });
    for (const text of ['', 'MemAvailable: 5 kB\n', 'MemTotal: 5\n', 'XMemTotal: 5 kB\n']) {
      expect(parseHostMemory(text), JSON.stringify(text)).to.equal(undefined);
    }
  });
});

describe('HostMemory', () => {
  let machine: FakeMachine;
  let memory: HostMemory | undefined;
  beforeEach(() => {
    machine = new FakeMachine();
  });
  afterEach(() => {
    memory?.close();
    machine.cleanUp();
  });

  it('reads anew each time', () => {
    memory = HostMemory.open(machine);
    expect(memory?.read()).to.deep.equal({ totalBytes: 16 * GIB, availableBytes: 4 * GIB });
    machine.write('proc/meminfo', 'MemTotal: 16777216 kB\nMemAvailable: 1048576 kB\n');
    expect(memory?.read().availableBytes).to.equal(GIB);
  });

  it('throws for a file without a total', () => {
    machine.write('proc/meminfo', 'MemAvailable: 1048576 kB\n');
    memory = HostMemory.open(machine);
    expect(() => memory?.read()).to.throw('/proc/meminfo has no line "MemTotal"');
  });

  it('is undefined where there is no such file', () => {
    machine.remove('proc/meminfo');
    memory = HostMemory.open(machine);
    expect(memory).to.equal(undefined);
  });

  it('agrees with the operating system', function () {
    if (process.platform !== 'linux') skipBecause(this, 'not Linux');
    memory = HostMemory.open();
    const { totalBytes, availableBytes } = memory!.read();
    expect(totalBytes).to.equal(totalmem());
    expect(availableBytes).to.be.within(1, totalBytes);
  });
});
