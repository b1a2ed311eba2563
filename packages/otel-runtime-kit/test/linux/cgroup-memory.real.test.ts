import { expect } from 'chai';
import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { RealCgroup } from 'test-helpers/real-cgroup';
import { runFixture } from 'test-helpers/run-fixture';
import { skipBecause } from 'test-helpers/skip-because';
import { CgroupChild } from './cgroup-child.js';
import type { ChildReading } from './cgroup-child.js';
import { GIB, MIB } from './fake-machine.js';

/** The kernel counts usage in batches of 64 pages for each processor, and a Node at rest still breathes. */
const TOLERANCE_BYTES = 2 * MIB;

const TMPFS_MAGIC = 0x01021994;

describe('CgroupMemory in a cgroup of the kernel', function () {
  this.timeout(60_000);
  let outer: RealCgroup;
  let inner: RealCgroup | undefined;
  let child: CgroupChild | undefined;
  let folder: string;
  let cleanUp: () => Promise<void>;

  beforeEach(function () {
    cleanUp = () => Promise.resolve();
    const made = RealCgroup.make('cgroup-memory-test');
    if (typeof made === 'string') skipBecause(this, made);
    outer = made;
    folder = mkdtempSync(join(tmpdir(), 'cgroup-memory-'));
    cleanUp = async () => {
      await child?.end();
      child = undefined;
      // Its cached pages would keep the cgroup in the kernel.
      rmSync(folder, { recursive: true });
      await inner?.remove();
      inner = undefined;
      await outer.remove();
    };
  });

  afterEach(() => cleanUp());

  const start = (cgroup: RealCgroup): CgroupChild =>
    (child = new CgroupChild({ shellPrefix: cgroup.moveShellHere }));

  /** Reads in the child, and the kernel's own files before and after it. */
  async function compared(cgroup: RealCgroup): Promise<ChildReading> {
    const kernel = (): Record<'usage' | 'workingSet' | 'anonymous', number> => ({
      usage: cgroup.usageBytes,
      workingSet: cgroup.workingSetBytes,
      anonymous: cgroup.anonymousBytes,
    });
    const before = kernel();
    const answer = await child!.read();
    const after = kernel();
    const { reading } = answer;
    for (const [name, value] of [
      ['usage', reading.usageBytes],
      ['workingSet', reading.workingSetBytes],
      ['anonymous', reading.anonymousBytes],
    ] as const) {
      expect(value, name).to.be.within(
        Math.min(before[name], after[name]) - TOLERANCE_BYTES,
        Math.max(before[name], after[name]) + TOLERANCE_BYTES,
      );
    }
    expect(answer.cgroup?.directory).to.equal(cgroup.directory);
    expect(reading.problems).to.deep.equal([]);
    return answer;
  }

  it('sees what the process allocates, as the kernel counts it', async () => {
    start(outer);
    const before = await compared(outer);
    await child!.ask('allocate', 64);
    const after = await compared(outer);
    for (const name of ['usageBytes', 'workingSetBytes', 'anonymousBytes'] as const) {
      expect(after.reading[name]! - before.reading[name]!, name).to.be.within(
        64 * MIB - TOLERANCE_BYTES,
        64 * MIB + 4 * TOLERANCE_BYTES,
      );
    }
    expect(after.reading.peakBytes).to.be.within(after.reading.usageBytes!, outer.peakBytes);
  });

  it('does not count the cache of files that nobody reads as working set', async function () {
    if (statfsSync(folder).type === TMPFS_MAGIC) skipBecause(this, `${folder} is in memory itself`);
    start(outer);
    const before = await compared(outer);
    await child!.ask('writeFile', join(folder, 'cached'), 48);
    const after = await compared(outer);
    const growth = (name: 'usageBytes' | 'workingSetBytes'): number =>
      after.reading[name]! - before.reading[name]!;
    expect(growth('usageBytes')).to.be.above(48 * MIB - TOLERANCE_BYTES);
    expect(growth('workingSetBytes')).to.be.below(24 * MIB);
  });

  it('sees the limit, and each change of it', async () => {
    outer.limitBytes = 256 * MIB;
    start(outer);
    const first = await compared(outer);
    expect(first.reading.limitBytes).to.equal(256 * MIB);
    expect(first.reading.availableBytes).to.equal(256 * MIB - first.reading.workingSetBytes!);
    expect(first.container).to.equal(true);
    // A second opinion, of the cgroup's own limit: libuv's.
    expect(first.constrainedBytes).to.equal(256 * MIB);

    outer.limitBytes = 384 * MIB;
    expect((await compared(outer)).reading.limitBytes).to.equal(384 * MIB);
    outer.limitBytes = null;
    expect((await compared(outer)).reading).to.include({ limitBytes: null, availableBytes: null });
    outer.limitBytes = Math.ceil(totalmem() / GIB + 1) * GIB;
    expect((await compared(outer)).reading).to.include({ limitBytes: null, availableBytes: null });
  });

  it('counts how often the limit was hit', async function () {
    if (statfsSync(folder).type === TMPFS_MAGIC) skipBecause(this, `${folder} is in memory itself`);
    outer.limitBytes = 128 * MIB;
    start(outer);
    expect((await compared(outer)).reading.events.max).to.equal(0);
    // Nothing dies of it: the kernel takes back cached pages of the same file.
    await child!.ask('writeFile', join(folder, 'cached'), 160);
    const before = outer.hits;
    const { events } = (await child!.read()).reading;
    expect(events.max).to.be.within(before, outer.hits);
    expect(events.max).to.be.above(0);
  });

  it('counts what the kernel kills', async () => {
    outer.limitBytes = 192 * MIB;
    start(outer);
    expect((await compared(outer)).reading.events.oom_kill).to.equal(0);
    const hog = await runFixture('-e', {
      args: [
        `require('fs').writeFileSync('/proc/self/oom_score_adj', '1000'); Buffer.alloc(${256 * MIB}, 1)`,
      ],
      shellPrefix: outer.moveShellHere,
    });
    expect(hog.signal).to.equal('SIGKILL');
    expect(outer.kills).to.equal(1);
    expect((await compared(outer)).reading.events).to.include({ oom_kill: 1, max: outer.hits });
  });

  it('takes the smaller limit of a cgroup above', async () => {
    inner = outer.makeInner('inner');
    inner.limitBytes = 512 * MIB;
    start(inner);
    expect((await compared(inner)).reading.limitBytes).to.equal(512 * MIB);
    outer.limitBytes = 256 * MIB;
    const { reading, constrainedBytes } = await compared(inner);
    expect(reading.limitBytes).to.equal(256 * MIB);
    expect(reading.availableBytes).to.equal(256 * MIB - reading.workingSetBytes!);
    // What libuv finds is the cgroup's own limit at best: 512 MiB that can never be had.
    expect(constrainedBytes).to.be.at.least(reading.limitBytes!);
    inner.limitBytes = 192 * MIB;
    expect((await compared(inner)).reading.limitBytes).to.equal(192 * MIB);
  });

  it('says why when its cgroup is gone, and does not throw', async () => {
    inner = outer.makeInner('inner');
    const beside = outer.makeInner('beside');
    try {
      start(inner);
      await compared(inner);
      beside.moveHere(child!.pid);
      await inner.remove();
      const { reading } = await child!.read();
      expect(reading).to.deep.include({
        usageBytes: null,
        workingSetBytes: null,
        limitBytes: null,
        peakBytes: null,
        events: {},
      });
      expect(reading.problems.map(({ part, code }) => [part, code])).to.deep.equal([
        ['stat', 'ENOENT'],
        ['usage', 'ENOENT'],
        ['limit', 'ENOENT'],
      ]);
    } finally {
      await child?.end();
      child = undefined;
      await beside.remove();
    }
  });

  it('reads on when no descriptor is left', async () => {
    outer.limitBytes = 256 * MIB;
    child = new CgroupChild({ shellPrefix: `${outer.moveShellHere} && ulimit -n 64` });
    const before = await compared(outer);
    expect(await child.ask('exhaustDescriptors')).to.include({ code: 'EMFILE' });
    const { reading } = await compared(outer);
    expect(reading.limitBytes).to.equal(256 * MIB);
    expect(reading.events).to.deep.equal(before.reading.events);
    expect(await child.ask('host')).to.include({ totalBytes: totalmem() });
    expect(await child.ask('others')).to.deep.equal({ rss: 'EMFILE', open: 'EMFILE' });
    await child.ask('returnDescriptors');
    expect(await child.ask('others')).to.deep.equal({ rss: null, open: null });
  });
});
