import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { heapInUse } from 'test-helpers/heap-in-use';
import { skipBecause } from 'test-helpers/skip-because';
import type { FakeMachine } from './fixtures/fake-machine.js';
import { MIB, systemError } from './fixtures/fake-v8.js';
import { linux, workshop } from './fixtures/memory-rig.js';

const KIB = 1024;

describe('memory of the process', () => {
  const { rig, rigOn, machine: newMachine } = workshop();
  let machine: FakeMachine;

  beforeEach(() => {
    machine = newMachine();
  });

  const LINUX_NAMES = [
    'process.memory.usage',
    'process.memory.virtual',
    'vitals.memory.native',
    'vitals.memory.peak',
    'vitals.memory.resident',
    'vitals.memory.swap',
  ];

  function processNames(names: readonly string[]): string[] {
    return names.filter(name => LINUX_NAMES.includes(name));
  }

  it('is all of one read of /proc/self/status', () => {
    const watch = rigOn(machine).start();
    expect(watch.snapshot.process).to.deep.equal({
      residentBytes: 100_000 * KIB,
      peakBytes: 120_000 * KIB,
      virtualBytes: 700_000 * KIB,
      anonymousBytes: 60_000 * KIB,
      fileBytes: 38_000 * KIB,
      sharedBytes: 2_000 * KIB,
      swapBytes: 4_000 * KIB,
    });
    expect(processNames(watch.names)).to.deep.equal(LINUX_NAMES);
    expect(watch.value('process.memory.usage')).to.equal(100_000 * KIB);
    expect(watch.value('process.memory.virtual')).to.equal(700_000 * KIB);
    expect(watch.value('vitals.memory.peak')).to.equal(120_000 * KIB);
    expect(watch.value('vitals.memory.swap')).to.equal(4_000 * KIB);
    for (const [kind, kibibytes] of [
      ['anon', 60_000],
      ['file', 38_000],
      ['shmem', 2_000],
    ] as const) {
      expect(watch.value('vitals.memory.resident', { 'vitals.memory.kind': kind })).to.equal(kibibytes * KIB);
    }
    expect(watch.value('vitals.sampler.ticks', { 'vitals.reading': 'memory.process' })).to.equal(1);
  });

  it('is what the kernel says, and the parts sum up to it', async function () {
    if (process.platform !== 'linux') skipBecause(this, 'needs /proc');
    const kernel = (): Record<string, number> => {
      const text = readFileSync('/proc/self/status', 'latin1');
      const lines = text.matchAll(/^(\w+):\s*(\d+) kB$/gm);
      return {
        ...Object.fromEntries(
          Array.from(lines, ([, name = '', kibibytes]) => [name, Number(kibibytes) * KIB]),
        ),
        // A third way to the same number.
        rss: process.memoryUsage.rss(),
      };
    };
    const watch = rig({}, linux()).start();
    // What earlier tests have left would be given back in between.
    await heapInUse();
    for (let round = 0; round < 5; round += 1) {
      const before = kernel();
      watch.clock.advance(5_000);
      const after = kernel();
      const memory = watch.snapshot.process;
      const sum = memory!.anonymousBytes! + memory!.fileBytes! + memory!.sharedBytes!;
      expect(memory?.residentBytes).to.equal(sum);
      for (const [name, value, slackBytes] of [
        ['VmRSS', memory?.residentBytes, 2 * MIB],
        ['rss', memory?.residentBytes, 2 * MIB],
        ['RssAnon', memory?.anonymousBytes, 2 * MIB],
        ['RssFile', memory?.fileBytes, 2 * MIB],
        ['RssShmem', memory?.sharedBytes, 2 * MIB],
        ['VmHWM', memory?.peakBytes, 2 * MIB],
        ['VmSize', memory?.virtualBytes, 64 * MIB],
        ['VmSwap', memory?.swapBytes, 0],
      ] as const) {
        const told = [before[name] ?? NaN, after[name] ?? NaN];
        expect(value, name).to.be.within(Math.min(...told) - slackBytes, Math.max(...told) + slackBytes);
      }
      expect(memory?.peakBytes).to.be.at.least(memory!.residentBytes! - 2 * MIB);
    }
  });

  it('is without what a kernel does not tell', () => {
    // As gVisor has it.
    machine.status({ VmHWM: null, RssAnon: null, RssFile: null, RssShmem: null, VmSwap: null });
    const watch = rigOn(machine).start();
    expect(processNames(watch.names)).to.deep.equal([
      'process.memory.usage',
      'process.memory.virtual',
      'vitals.memory.native',
    ]);
    expect(watch.snapshot.process).to.include({ residentBytes: 100_000 * KIB, peakBytes: null });
    expect(watch.errors()).to.deep.equal({});
  });

  it('is resident set and peak alone where there is no /proc', () => {
    for (const procRoot of [undefined, '/nonexistent']) {
      const watch = rig({}, { procRoot }).start();
      expect(processNames(watch.names)).to.deep.equal([
        'process.memory.usage',
        'vitals.memory.native',
        'vitals.memory.peak',
      ]);
      expect(watch.value('process.memory.usage')).to.equal(100 * MIB);
      expect(watch.value('vitals.memory.peak')).to.equal(150 * MIB);
      expect(watch.snapshot.process).to.include({
        virtualBytes: null,
        anonymousBytes: null,
        swapBytes: null,
      });
      expect(watch.errors()).to.deep.equal({});
    }
  });

  it('is unknown while it cannot be read, without harm to the heap, and comes back', () => {
    const watch = rigOn(machine).start();
    machine.write('proc/self/status', 'Name:\tsomething else\n');
    watch.clock.advance(10_000);
    expect(Object.values(watch.snapshot.process!)).to.deep.equal(Array(7).fill(null));
    expect(watch.snapshot).to.deep.include({ nativeBytes: null });
    expect(watch.snapshot.timeToLimitSeconds).to.include({ host: 604_800, heap: 604_800 });
    expect(watch.value('process.memory.usage')).to.equal(undefined);
    expect(watch.value('vitals.memory.native')).to.equal(undefined);
    expect(watch.value('vitals.heap.used')).to.equal(40 * MIB);
    expect(watch.errors()).to.deep.equal({ 'memory.process:UnexpectedContentError': 2 });
    machine.status({ VmRSS: 90_000 });
    watch.clock.advance(5_000);
    expect(watch.value('process.memory.usage')).to.equal(90_000 * KIB);
    expect(watch.errors()).to.deep.equal({ 'memory.process:UnexpectedContentError': 2 });
  });

  it('has every instrument of its platform though it cannot be read at the start', () => {
    const spoilt = [newMachine(), newMachine()];
    spoilt[0]?.makeUnreadable('proc/self/status');
    spoilt[1]?.write('proc/self/status', '');
    for (const one of spoilt) {
      const watch = rigOn(one).start();
      expect(processNames(watch.names)).to.deep.equal(LINUX_NAMES);
      expect(watch.value('process.memory.usage')).to.equal(undefined);
      expect(Object.values(watch.errors())).to.deep.equal([1]);
    }
  });

  it('fails alone where Node.js cannot tell it', () => {
    let failing = true;
    const residentBytes = (): number => {
      if (failing) throw systemError('EMFILE');
      return 70 * MIB;
    };
    const watch = rig({}, { residentBytes }).start();
    expect(watch.value('process.memory.usage')).to.equal(undefined);
    expect(watch.value('vitals.heap.used')).to.equal(40 * MIB);
    expect(watch.errors()).to.deep.equal({ 'memory.process:EMFILE': 1 });
    failing = false;
    watch.clock.advance(5_000);
    expect(watch.value('process.memory.usage')).to.equal(70 * MIB);
  });

  it('that V8 does not account for is what is left of the resident set, and may be negative', () => {
    const watch = rig().start();
    // 100 resident, 60 of heap, 8 external.
    expect(watch.value('vitals.memory.native')).to.equal(32 * MIB);
    watch.v8.externalBytes = 70 * MIB;
    watch.clock.advance(5_000);
    expect(watch.snapshot.nativeBytes).to.equal(-30 * MIB);
    expect(watch.value('vitals.memory.native')).to.equal(-30 * MIB);
  });
});
