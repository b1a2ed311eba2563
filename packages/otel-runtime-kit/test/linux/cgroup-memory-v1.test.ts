import { expect } from 'chai';
import { readdirSync } from 'node:fs';
import { parseMemoryStatV1, parseOomControl } from '../../src/linux/cgroup-memory-v1.js';
import type { CgroupMemoryReading } from '../../src/linux/cgroup-memory.js';
import {
  FakeMachine,
  GIB,
  MIB,
  V2_FILES,
  mountLine,
  mountLineV1,
  v1Container,
  v1Files,
} from './fake-machine.js';
import type { Files } from './fake-machine.js';
import { itMissesOnlyWhatAFileSays } from './missing-files.js';
import type { MissingFiles } from './missing-files.js';

const WHOLE: CgroupMemoryReading = {
  version: 1,
  usageBytes: 300 * MIB,
  workingSetBytes: 200 * MIB,
  anonymousBytes: 150 * MIB,
  limitBytes: null,
  highBytes: null,
  availableBytes: null,
  swapBytes: 4096,
  swapLimitBytes: null,
  peakBytes: 400 * MIB,
  events: { max: 12, oom_kill: 2 },
  underOom: false,
  stallSeconds: null,
  problems: [],
};

const MISSING: MissingFiles = {
  'memory.usage_in_bytes': ['usage', { usageBytes: null, workingSetBytes: null }],
  'memory.stat': ['stat', { workingSetBytes: null, anonymousBytes: null, swapBytes: null }],
  'memory.limit_in_bytes': ['limit', {}],
  'memory.max_usage_in_bytes': ['peak', { peakBytes: null }],
  'memory.failcnt': ['events', { events: { oom_kill: 2 } }],
  'memory.oom_control': ['events', { events: { max: 12 }, underOom: null }],
};

describe('CgroupMemory on v1', () => {
  let machine: FakeMachine | undefined;
  afterEach(() => {
    machine?.cleanUp();
    machine = undefined;
  });

  const container = (files: Files = {}): FakeMachine => (machine = v1Container(files));
  const read = (files: Files = {}): CgroupMemoryReading => container(files).open()!.read();

  it('reads everything, of the whole hierarchy below', () => {
    expect(read()).to.deep.equal(WHOLE);
  });

  it('reads the limit and what is left of it', () => {
    expect(read({ 'memory.limit_in_bytes': 512 * MIB })).to.deep.equal({
      ...WHOLE,
      limitBytes: 512 * MIB,
      availableBytes: 312 * MIB,
    });
  });

  it('takes a limit from above what is mounted, which only the statistics tell', () => {
    expect(
      read({
        ...v1Files({ limit: `${256 * MIB}`, withSwapLimit: `${320 * MIB}` }),
        'memory.limit_in_bytes': 512 * MIB,
      }),
    ).to.include({ limitBytes: 256 * MIB, availableBytes: 56 * MIB, swapLimitBytes: 64 * MIB });
  });

  it('has no limit of swap without one of memory, and none below nothing', () => {
    expect(read(v1Files({ withSwapLimit: `${320 * MIB}` })).swapLimitBytes).to.equal(null);
    machine?.cleanUp();
    expect(read(v1Files({ limit: `${320 * MIB}`, withSwapLimit: `${256 * MIB}` })).swapLimitBytes).to.equal(
      0,
    );
  });

  it('has no limit in any spelling of "unlimited", nor above what the host has', () => {
    for (const limit of [
      '9223372036854771712',
      '9223372036854710272',
      '9223372036854775807',
      '18446744073709551615',
      `${2 ** 53}`,
      '-1',
      '0',
      `${16 * GIB + 4096}`,
    ]) {
      // "-1" is what one writes; statistics never say it.
      const inStatistics = limit === '-1' ? '0' : limit;
      expect(
        read({ ...v1Files({ limit: inStatistics }), 'memory.limit_in_bytes': `${limit}\n` }),
        limit,
      ).to.deep.equal(WHOLE);
      machine?.cleanUp();
    }
  });

  it('takes the lowest limit of those above it, also where the statistics do not tell', () => {
    for (const [own, parent, grandparent, expected] of [
      ['9223372036854771712', '9223372036854771712', 256 * MIB, 256 * MIB],
      [128 * MIB, '9223372036854771712', 256 * MIB, 128 * MIB],
      [512 * MIB, 384 * MIB, 448 * MIB, 384 * MIB],
      [512 * MIB, 0, 'garbage', 512 * MIB],
    ] as const) {
      const nested = new FakeMachine().proc('4:memory:/a/b/c', [mountLineV1()]);
      machine = nested;
      nested
        .cgroup('/memory', { release_agent: '', 'memory.limit_in_bytes': 1, 'memory.usage_in_bytes': 1 })
        .cgroup('/memory/a', { ...v1Files(), 'memory.limit_in_bytes': grandparent })
        .cgroup('/memory/a/b', { ...v1Files(), 'memory.limit_in_bytes': parent })
        .cgroup('/memory/a/b/c', {
          ...v1Files(),
          'memory.limit_in_bytes': own,
          'memory.stat': 'total_rss 1\ntotal_inactive_file 2\n',
        });
      expect(nested.open()!.read().limitBytes).to.equal(expected);
      nested.cleanUp();
    }
  });

  it('sees what changes while it is open', () => {
    const memory = container().open()!;
    expect(memory.read().limitBytes).to.equal(null);
    machine?.cgroup('/memory', { 'memory.limit_in_bytes': 512 * MIB, 'memory.failcnt': 13 });
    expect(memory.read()).to.deep.include({ limitBytes: 512 * MIB, events: { max: 13, oom_kill: 2 } });
    machine?.cgroup('/memory', {
      'memory.limit_in_bytes': '9223372036854771712\n',
      'memory.oom_control': 'oom_kill_disable 1\nunder_oom 1\n',
    });
    expect(memory.read()).to.deep.include({ limitBytes: null, underOom: true, events: { max: 13 } });
  });

  itMissesOnlyWhatAFileSays({
    container,
    folder: 'cgroup/memory',
    whole: WHOLE,
    missing: MISSING,
    garbage: ['total_rss 1k\nunder_oom x\n'],
  });

  it('leaves the pressure of a hybrid’s v2 alone: other processes may be in that cgroup', () => {
    machine = new FakeMachine()
      .proc('4:memory:/\n0::/b', [mountLineV1(), mountLine('/sys/fs/cgroup/unified')])
      .cgroup('/memory', v1Files())
      .cgroup('/unified/b', { 'memory.pressure': V2_FILES['memory.pressure'] });
    expect(machine.open()!.read()).to.deep.equal(WHOLE);
  });

  it('gives every descriptor back', () => {
    const memory = container().open()!;
    const held = (): number => readdirSync('/proc/self/fd').length;
    const before = held();
    memory.close();
    expect(before - held()).to.equal(6);
  });
});

describe('parseMemoryStatV1', () => {
  it('does with one of the two lines that it cannot be without', () => {
    expect(parseMemoryStatV1('rss 1\ntotal_rss 5\n')).to.deep.equal({
      anonymousBytes: 5,
      inactiveFileBytes: null,
      swapBytes: null,
      limit: undefined,
      withSwapLimit: undefined,
    });
    expect(parseMemoryStatV1('total_inactive_file 6\ntotal_swap 7')).to.include({
      anonymousBytes: null,
      inactiveFileBytes: 6,
      swapBytes: 7,
    });
    expect(parseMemoryStatV1('rss 1\ninactive_file 2\n')).to.equal(undefined);
  });
});

describe('parseOomControl', () => {
  it('reads old kernels, which do not count kills', () => {
    expect(parseOomControl('oom_kill_disable 0\nunder_oom 1\n')).to.deep.equal({
      underOom: true,
      kills: null,
    });
    expect(parseOomControl('oom_kill 3')).to.deep.equal({ underOom: null, kills: 3 });
    expect(parseOomControl('oom_kill_disable 0\n')).to.equal(undefined);
  });
});
