import { expect } from 'chai';
import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RealCgroup } from 'test-helpers/real-cgroup';
import { runFixture } from 'test-helpers/run-fixture';
import { skipBecause } from 'test-helpers/skip-because';
import type { ContainerMemorySnapshot, MemorySnapshot } from '../../src/snapshot.js';
import { MIB } from '../fixtures/fake-v8.js';
import { WatchedProcess } from '../fixtures/watched-process-client.js';

/** The kernel counts usage in batches of 64 pages for each processor, and a Node at rest still breathes. */
const TOLERANCE_BYTES = 2 * MIB;

const TMPFS_MAGIC = 0x01021994;

describe('in a memory cgroup of the kernel', () => {
  let cgroup: RealCgroup | undefined;
  let watched: WatchedProcess | undefined;
  let folder: string;

  beforeEach(function () {
    const made = RealCgroup.make('memory-metrics-test');
    if (typeof made === 'string') skipBecause(this, made);
    cgroup = made;
    cgroup.limitBytes = 256 * MIB;
    folder = mkdtempSync(join(tmpdir(), 'memory-cgroup-'));
  });

  afterEach(async () => {
    const result = await watched?.end();
    watched = undefined;
    // Its cached pages would keep the cgroup in the kernel.
    if (cgroup !== undefined) rmSync(folder, { recursive: true });
    await cgroup?.remove();
    cgroup = undefined;
    if (result !== undefined) {
      const { code, signal, stderr } = result;
      expect({ code, signal, stderr }).to.deep.equal({ code: 0, signal: null, stderr: '' });
    }
  });

  async function start(environment: Record<string, string> = {}): Promise<RealCgroup> {
    watched = await new WatchedProcess({ shellPrefix: cgroup!.moveShellHere }).ready();
    await watched.ask('start', { machine: { environment }, options: { sampleIntervalMillis: 5_000 } });
    return cgroup!;
  }

  /** Reads in the process, and the kernel's own files before and after it. */
  async function compared(): Promise<MemorySnapshot & { readonly container: ContainerMemorySnapshot }> {
    const kernel = (): Record<'usageBytes' | 'workingSetBytes', number> => ({
      usageBytes: cgroup!.usageBytes,
      workingSetBytes: cgroup!.workingSetBytes,
    });
    const before = kernel();
    const snapshot = await watched!.after();
    const after = kernel();
    for (const name of ['usageBytes', 'workingSetBytes'] as const) {
      expect(snapshot.container![name], name).to.be.within(
        Math.min(before[name], after[name]) - TOLERANCE_BYTES,
        Math.max(before[name], after[name]) + TOLERANCE_BYTES,
      );
    }
    expect((await watched!.ask('look')).errors).to.deep.equal({});
    return { ...snapshot, container: snapshot.container! };
  }

  it('has the limit, and the usage that the kernel counts', async () => {
    await start();
    const { container, timeToLimitSeconds } = await compared();
    expect(container).to.include({ limitBytes: 256 * MIB, limitSource: 'cgroup' });
    expect(container.availableBytes).to.equal(256 * MIB - container.workingSetBytes!);
    expect(container.utilization).to.equal(container.workingSetBytes! / (256 * MIB));
    expect(timeToLimitSeconds.container).to.equal(604_800);
    await watched!.ask('hold', { what: 'buffer', amount: 64 });
    const held = await compared();
    expect(held.container.workingSetBytes! - container.workingSetBytes!).to.be.within(
      64 * MIB - TOLERANCE_BYTES,
      64 * MIB + 4 * TOLERANCE_BYTES,
    );
    cgroup!.limitBytes = 512 * MIB;
    expect((await compared()).container.limitBytes).to.equal(512 * MIB);
  });

  it('has another limit if the environment gives one, and the same usage', async () => {
    await start({ CONTAINER_MEMORY_LIMIT_MB: '160' });
    const { container } = await compared();
    expect(container).to.include({ limitBytes: 160 * MIB, limitSource: 'environment' });
    expect(container.utilization).to.equal(container.workingSetBytes! / (160 * MIB));
  });

  it('near its limit knows so, and how often that was hit', async function () {
    if (statfsSync(folder).type === TMPFS_MAGIC) skipBecause(this, `${folder} is in memory itself`);
    await start();
    expect((await compared()).container.events.max).to.equal(0);
    await watched!.ask('hold', { what: 'buffer', amount: 190 });
    // Nothing dies of it: the kernel takes back cached pages of the same file.
    await watched!.ask('writeFile', { path: join(folder, 'cached'), mebibytes: 96 });
    const before = cgroup!.hits;
    const { container, timeToLimitSeconds } = await compared();
    expect(container.utilization).to.be.within(0.75, 1);
    expect(container.availableBytes).to.be.below(64 * MIB);
    expect(container.events.max).to.be.within(before, cgroup!.hits);
    expect(before).to.be.above(0);
    expect(container.events.oom_kill).to.equal(0);
    expect(timeToLimitSeconds.container).to.be.at.least(0);
  });

  it('counts what the kernel kills', async () => {
    await start();
    const hog = await runFixture('-e', {
      args: [
        `require('fs').writeFileSync('/proc/self/oom_score_adj', '1000'); Buffer.alloc(${320 * MIB}, 1)`,
      ],
      shellPrefix: cgroup!.moveShellHere,
    });
    expect(hog.signal).to.equal('SIGKILL');
    expect(cgroup!.kills).to.equal(1);
    expect((await compared()).container.events).to.include({ oom_kill: 1, max: cgroup!.hits });
  });

  it('of 64 MB works as anywhere', async () => {
    cgroup!.limitBytes = 64 * MIB;
    await start();
    for (let round = 0; round < 20; round += 1) await watched!.after();
    const { container, process: memory, heap } = await compared();
    expect(container.limitBytes).to.equal(64 * MIB);
    expect(container.utilization).to.be.within(0.05, 1);
    expect(memory!.residentBytes).to.be.closeTo(watched!.status()['VmRSS']!, TOLERANCE_BYTES);
    expect(heap!.arrayBufferBytes).to.be.above(0);
    expect(cgroup!.kills).to.equal(0);
  });

  it('that is removed after the process was moved to another is followed by that one', async () => {
    const made = RealCgroup.make('memory-metrics-moved');
    if (typeof made === 'string') throw new Error(made);
    made.limitBytes = 320 * MIB;
    const first = await start();
    expect((await compared()).container.limitBytes).to.equal(256 * MIB);
    made.moveHere(watched!.pid);
    await first.remove();
    // The hook after the test ends the process and removes this one.
    cgroup = made;
    const lost = await watched!.after(5_000);
    expect(lost.container).to.include({ usageBytes: null, workingSetBytes: null, limitBytes: null });
    await watched!.after(60_000);
    const { errors } = await watched!.ask('look');
    const { container } = await watched!.after();
    expect(container).to.include({ limitBytes: 320 * MIB, limitSource: 'cgroup' });
    await watched!.ask('hold', { what: 'buffer', amount: 64 });
    const held = await watched!.after();
    expect(held.container!.usageBytes).to.be.closeTo(made.usageBytes, TOLERANCE_BYTES);
    expect(made.usageBytes).to.be.above(64 * MIB);
    // Not one more failure since it was found.
    expect((await watched!.ask('look')).errors).to.deep.equal(errors);
  });
});
