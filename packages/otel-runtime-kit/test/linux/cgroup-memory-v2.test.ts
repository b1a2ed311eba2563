import { expect } from 'chai';
import { readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { skipBecause } from 'test-helpers/skip-because';
import { parseMemoryEvents, parseMemoryStatV2 } from '../../src/linux/cgroup-memory-v2.js';
import type { CgroupMemoryReading } from '../../src/linux/cgroup-memory.js';
import { FakeMachine, GIB, MIB, V2_FILES, mountLine, v2Container } from './fake-machine.js';
import type { Files } from './fake-machine.js';
import { itMissesOnlyWhatAFileSays, problemCodes } from './missing-files.js';
import type { MissingFiles } from './missing-files.js';

const WHOLE: CgroupMemoryReading = {
  version: 2,
  usageBytes: 300 * MIB,
  workingSetBytes: 200 * MIB,
  anonymousBytes: 150 * MIB,
  limitBytes: null,
  highBytes: null,
  availableBytes: null,
  swapBytes: 4096,
  swapLimitBytes: null,
  peakBytes: 400 * MIB,
  events: { high: 11, max: 12, oom: 3, oom_kill: 2 },
  underOom: null,
  stallSeconds: { some: 2.5, full: 1.25 },
  problems: [],
};

const MISSING: MissingFiles = {
  'memory.current': ['usage', { usageBytes: null, workingSetBytes: null }],
  'memory.stat': ['stat', { workingSetBytes: null, anonymousBytes: null }],
  'memory.max': ['limit', {}],
  'memory.high': ['high', {}],
  'memory.swap.current': ['swap', { swapBytes: null }],
  'memory.swap.max': ['swap', {}],
  'memory.peak': ['peak', { peakBytes: null }],
  'memory.events': ['events', { events: {} }],
  'memory.pressure': ['pressure', { stallSeconds: null }],
};

describe('CgroupMemory on v2', () => {
  let machine: FakeMachine | undefined;
  afterEach(() => {
    machine?.cleanUp();
    machine = undefined;
  });

  const container = (files: Files = {}): FakeMachine => (machine = v2Container(files));
  const read = (files: Files = {}): CgroupMemoryReading => container(files).open()!.read();

  it('reads everything', () => {
    expect(read()).to.deep.equal(WHOLE);
  });

  it('reads the limit and what is left of it', () => {
    expect(
      read({ 'memory.max': 512 * MIB, 'memory.high': 384 * MIB, 'memory.swap.max': '0\n' }),
    ).to.deep.equal({
      ...WHOLE,
      limitBytes: 512 * MIB,
      highBytes: 384 * MIB,
      availableBytes: 312 * MIB,
      swapLimitBytes: 0,
    });
  });

  it('does not take memory.high for a limit', () => {
    expect(read({ 'memory.high': 256 * MIB })).to.include({
      limitBytes: null,
      availableBytes: null,
      highBytes: 256 * MIB,
    });
  });

  it('has nothing left, not less, above the limit', () => {
    expect(read({ 'memory.max': 128 * MIB })).to.include({ limitBytes: 128 * MIB, availableBytes: 0 });
  });

  it('has no working set below nothing', () => {
    // Pages move between the two reads.
    expect(read({ 'memory.current': 99 * MIB, 'memory.max': 512 * MIB })).to.include({
      workingSetBytes: 0,
      availableBytes: 512 * MIB,
    });
  });

  it('has no limit in any spelling of "unlimited", nor above what the host has', () => {
    for (const spelling of [
      'max',
      '9223372036854771712',
      '18446744073709551615',
      2 ** 53,
      0,
      16 * GIB + 4096,
    ]) {
      expect(read({ 'memory.max': spelling, 'memory.high': spelling }), `${spelling}`).to.deep.equal(WHOLE);
      machine?.cleanUp();
    }
    expect(read({ 'memory.max': 16 * GIB }).limitBytes).to.equal(16 * GIB);
  });

  it('takes the host’s memory that it is told', () => {
    expect(
      container({ 'memory.max': 2 * GIB })
        .open({ hostTotalBytes: GIB })
        ?.read().limitBytes,
    ).to.equal(null);
    // Not known at all: every limit is one.
    machine?.remove('proc/meminfo');
    machine?.cgroup('/', { 'memory.max': 2 ** 52 });
    expect(machine?.open()?.read().limitBytes).to.equal(2 ** 52);
  });

  it('takes the lowest limit of those above it', () => {
    for (const [own, parent, grandparent, expected] of [
      ['max', 'max', 256 * MIB, 256 * MIB],
      [128 * MIB, 'max', 256 * MIB, 128 * MIB],
      [512 * MIB, 384 * MIB, 448 * MIB, 384 * MIB],
      [512 * MIB, 0, 'garbage', 512 * MIB],
      ['max', 'max', 'max', null],
    ] as const) {
      const nested = new FakeMachine().proc('0::/a/b/c', [mountLine('/sys/fs/cgroup')]);
      machine = nested;
      for (const [path, limit] of [
        ['/a', grandparent],
        ['/a/b', parent],
        ['/a/b/c', own],
      ] as const) {
        nested.cgroup(path, {
          ...V2_FILES,
          'memory.max': limit,
          'memory.high': limit,
          'memory.swap.max': limit,
        });
      }
      const { limitBytes, highBytes, swapLimitBytes } = nested.open()!.read();
      expect({ limitBytes, highBytes }).to.deep.equal({ limitBytes: expected, highBytes: expected });
      // Of swap, 0 is a limit.
      expect(swapLimitBytes).to.equal(parent === 0 ? 0 : expected);
      nested.cleanUp();
    }
  });

  it('sees what changes while it is open', () => {
    const memory = container().open()!;
    expect(memory.read().limitBytes).to.equal(null);
    machine?.cgroup('/', { 'memory.max': 512 * MIB, 'memory.high': 256 * MIB, 'memory.current': 301 * MIB });
    expect(memory.read()).to.include({
      limitBytes: 512 * MIB,
      highBytes: 256 * MIB,
      workingSetBytes: 201 * MIB,
    });
    machine?.cgroup('/', { 'memory.max': 'max\n', 'memory.events': 'high 12\nmax 13\noom 3\noom_kill 2\n' });
    expect(memory.read()).to.deep.include({
      limitBytes: null,
      events: { high: 12, max: 13, oom: 3, oom_kill: 2 },
    });
  });

  itMissesOnlyWhatAFileSays({
    container,
    folder: 'cgroup',
    whole: WHOLE,
    missing: MISSING,
    garbage: ['some total=\nanon 1k\nhigh x\n'],
  });

  it('takes a file that this kernel does not have for no problem', () => {
    for (const name of [
      'memory.high',
      'memory.swap.current',
      'memory.swap.max',
      'memory.peak',
      'memory.events',
      'memory.pressure',
    ]) {
      container().remove(`cgroup/${name}`);
      expect(machine!.open()!.read(), name).to.deep.equal({ ...WHOLE, ...MISSING[name]?.[1] });
      machine?.cleanUp();
    }
  });

  it('takes a file that every kernel has for a problem', () => {
    for (const name of ['memory.stat', 'memory.max']) {
      container().cgroup('/', { 'cgroup.events': 'populated 1\n' }).remove(`cgroup/${name}`);
      const reading = machine!.open()!.read();
      expect({ ...reading, problems: [] }, name).to.deep.equal({ ...WHOLE, ...MISSING[name]?.[1] });
      expect(problemCodes(reading)).to.deep.equal([[MISSING[name]?.[0], name, 'ENOENT']]);
      machine?.cleanUp();
    }
  });

  it('takes pressure that the kernel says it does not support for no problem', function () {
    const unsupported = fileThatIsNotSupported();
    if (unsupported === undefined) skipBecause(this, 'no file here answers with EOPNOTSUPP, Node’s ENOTSUP');
    container().remove('cgroup/memory.pressure');
    symlinkSync(unsupported, join(machine!.cgroupRoot, 'memory.pressure'));
    expect(machine!.open()!.read()).to.deep.equal({ ...WHOLE, stallSeconds: null });
  });

  it('gives every descriptor back', () => {
    const memory = container().open()!;
    const held = (): number => readdirSync('/proc/self/fd').length;
    const before = held();
    memory.close();
    expect(before - held()).to.equal(9);
    memory.close();
    expect(before - held()).to.equal(9);
  });
});

describe('parseMemoryStatV2', () => {
  it('does with one of the two lines', () => {
    expect(parseMemoryStatV2('anon 5\nfile 6\n')).to.deep.equal({
      anonymousBytes: 5,
      inactiveFileBytes: null,
    });
    expect(parseMemoryStatV2('inactive_file 6\n')).to.deep.equal({
      anonymousBytes: null,
      inactiveFileBytes: 6,
    });
    expect(parseMemoryStatV2('file 6\n')).to.equal(undefined);
  });
});

describe('parseMemoryEvents', () => {
  it('has only the events that there are', () => {
    expect(parseMemoryEvents('low 1\nhigh 2\nmax 3\n')).to.deep.equal({ high: 2, max: 3 });
    expect(parseMemoryEvents('low 1\n')).to.equal(undefined);
  });
});

/** A file of the kernel that can be opened and whose reading fails as pressure's does where PSI is switched off. */
function fileThatIsNotSupported(): string | undefined {
  const folder = '/sys/class/net';
  const candidates = (): string[] =>
    readdirSync(folder).flatMap(device =>
      ['phys_port_name', 'phys_port_id', 'phys_switch_id'].map(name => join(folder, device, name)),
    );
  try {
    return candidates().find(path => codeOfReading(path) === 'ENOTSUP');
  } catch {
    return undefined;
  }
}

function codeOfReading(path: string): string | undefined {
  try {
    readFileSync(path);
    return undefined;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code;
  }
}
