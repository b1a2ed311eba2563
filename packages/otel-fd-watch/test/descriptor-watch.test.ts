import { expect } from 'chai';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { skipBecause } from 'test-helpers/skip-because';
import { FD_KINDS } from '../src/descriptor-kind.js';
import type { FdKind } from '../src/descriptor-kind.js';
import type { ProcTree } from './fixtures/proc-tree.js';
import { tcpLine, tcpTable } from './fixtures/tcp-table.js';
import { LINUX, workshop } from './fixtures/watch-rig.js';

const SEVEN_DAYS_SECONDS = 604_800;

const NO_KINDS = Object.fromEntries(FD_KINDS.map(kind => [kind, 0])) as Record<FdKind, number>;

/** Slope of the least squares: what a burst pulls away. */
function leastSquares(points: readonly (readonly [number, number])[]): number {
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const up = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return up / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}

describe('DescriptorWatch', () => {
  const { rigOver, rig, tree: newTree } = workshop();

  /** Of a 1,000 limit, with `open` links. */
  function treeWith(open: number, target?: string): ProcTree {
    const tree = newTree();
    tree.writeLimits(1_000, 4_096);
    tree.link(open, target);
    return tree;
  }

  describe('takes its readings', () => {
    it('at the start, all of them', () => {
      const tree = treeWith(10, 'socket:[5]');
      tree.write('net/tcp', tcpTable([tcpLine({ state: '01', inode: 5 })]));
      const { snapshot, clock } = rigOver(tree, { connections: true }).start();
      const { connections, ...rest } = snapshot;
      expect(rest).to.deep.equal({
        takenAtMillis: clock.epochMillis(),
        open: 10,
        limit: { soft: 1_000, hard: 4_096 },
        utilization: 0.01,
        growthPerSecond: null,
        timeToLimitSeconds: SEVEN_DAYS_SECONDS,
        byKind: { ...NO_KINDS, socket: 10 },
        byKindTakenAtMillis: clock.epochMillis(),
        byKindSampled: false,
        pressure: { ratio: false, count: false },
      });
      expect(connections).to.include({ established: 1, listen: 0 });
    });

    it('of the count at sampleIntervalMillis', () => {
      const tree = treeWith(10);
      const watch = rigOver(tree, { sampleIntervalMillis: 7_000 }).start();
      for (let round = 1; round <= 5; round += 1) {
        tree.link(1);
        watch.clock.advance(6_999);
        expect(watch.snapshot.open).to.equal(9 + round);
        watch.clock.advance(1);
        expect(watch.snapshot.open).to.equal(10 + round);
        expect(watch.snapshot.takenAtMillis).to.equal(watch.clock.epochMillis());
        expect(watch.snapshot.utilization).to.equal((10 + round) / 1_000);
      }
    });

    it('of the limit every 60 seconds', () => {
      const tree = treeWith(10);
      const watch = rigOver(tree).start();
      for (const soft of [500, 250, 2_000]) {
        const before = watch.snapshot.limit;
        tree.writeLimits(soft, 9_999);
        watch.clock.advance(59_999);
        expect(watch.snapshot.limit).to.deep.equal(before);
        watch.clock.advance(1);
        expect(watch.snapshot.limit).to.deep.equal({ soft, hard: 9_999 });
        // The count of the same tick is judged against it.
        expect(watch.snapshot.utilization).to.equal(10 / soft);
      }
    });

    it('of the kinds at byKindIntervalMillis', () => {
      const tree = treeWith(10);
      const watch = rigOver(tree, { byKindIntervalMillis: 20_000 }).start();
      const startMillis = watch.clock.epochMillis();
      tree.link(3, 'pipe:[1]');
      watch.clock.advance(19_999);
      expect(watch.snapshot).to.deep.include({
        open: 13,
        byKind: { ...NO_KINDS, file: 10 },
        byKindTakenAtMillis: startMillis,
      });
      watch.clock.advance(1);
      expect(watch.snapshot).to.deep.include({
        byKind: { ...NO_KINDS, file: 10, pipe: 3 },
        byKindTakenAtMillis: startMillis + 20_000,
      });
      tree.unlink(3);
      watch.clock.advance(20_000);
      expect(watch.snapshot.byKind).to.deep.equal({ ...NO_KINDS, file: 10 });
    });

    it('of the kinds never, at 0', () => {
      const tree = treeWith(10, 'socket:[5]');
      tree.write('net/tcp', tcpTable([tcpLine({ state: '01', inode: 5 })]));
      const watch = rigOver(tree, { byKindIntervalMillis: 0 }).start();
      watch.clock.advance(86_400_000);
      expect(watch.snapshot).to.include({ open: 10, byKind: null, connections: null });
      expect(watch.provider.names).not.to.include('vitals.fd.open');
      expect(watch.provider.names).not.to.include('vitals.connection.count');
    });

    it('once after a machine was suspended, however long', () => {
      const tree = treeWith(10);
      const watch = rigOver(tree, { byKindIntervalMillis: 0 }).start();
      const ticks = (): number | undefined =>
        watch.provider.value('vitals.sampler.ticks', { 'vitals.reading': 'fd.count' });
      watch.clock.advance(20_000);
      expect(ticks()).to.equal(5);
      tree.link(1);
      watch.clock.jump(3_600_000);
      expect(ticks()).to.equal(6);
      expect(watch.snapshot.open).to.equal(11);
    });

    it('of a long scan in slices, without half results in between', () => {
      const tree = treeWith(1_700);
      const watch = rigOver(tree, { warnAtCount: 0 }).start();
      // Its four slices of up to 500 have three pauses of 1 ms.
      for (let millis = 0; millis < 3; millis += 1) {
        expect(watch.snapshot.open).to.equal(1_700);
        expect(watch.snapshot.byKind).to.equal(null);
        watch.clock.advance(1);
      }
      expect(watch.snapshot.byKind).to.deep.equal({ ...NO_KINDS, file: 1_700 });
      expect(watch.snapshot.byKindTakenAtMillis).to.equal(watch.clock.epochMillis());
    });

    it('of an even sample where there are more than byKindMaximum', () => {
      const tree = newTree();
      tree.link(900, 'socket:[1]');
      const watch = rigOver(tree, { byKindMaximum: 300, warnAtCount: 0 }).start();
      expect(watch.snapshot).to.deep.include({ byKind: { ...NO_KINDS, socket: 900 }, byKindSampled: true });
      tree.resize(300);
      watch.clock.advance(60_000);
      expect(watch.snapshot).to.deep.include({ byKind: { ...NO_KINDS, socket: 300 }, byKindSampled: false });
      tree.link(400, '/dev/null');
      watch.clock.advance(60_000);
      const { byKind, byKindSampled } = watch.snapshot;
      expect(byKindSampled).to.equal(true);
      // The folder's order is the file system's: only the sum is certain.
      expect((byKind?.socket ?? NaN) + (byKind?.device ?? NaN)).to.equal(700);
      expect(byKind?.socket).to.be.within(1, 699);
    });
  });

  describe('when readings fail', () => {
    it('has no count while it cannot count, and one again when it can', () => {
      const tree = treeWith(10);
      const watch = rigOver(tree).start();
      watch.clock.advance(10_000);
      rmSync(tree.fdPath, { recursive: true });
      watch.clock.advance(10_000);
      expect(watch.snapshot).to.deep.include({
        open: null,
        utilization: null,
        limit: { soft: 1_000, hard: 4_096 },
        byKind: { ...NO_KINDS, file: 10 },
      });
      expect(watch.provider.value('process.unix.file_descriptor.count')).to.equal(undefined);
      expect(watch.provider.value('vitals.fd.utilization')).to.equal(undefined);
      expect(watch.errors()).to.deep.equal({ 'fd.count:ENOENT': 2 });

      mkdirSync(tree.fdPath);
      tree.link(3);
      watch.clock.advance(5_000);
      expect(watch.provider.value('process.unix.file_descriptor.count')).to.equal(3);
      expect(watch.errors()).to.deep.equal({ 'fd.count:ENOENT': 2 });
    });

    it('keeps the limit that it knows while it cannot read it', () => {
      const tree = treeWith(10);
      const watch = rigOver(tree).start();
      tree.write('limits', 'garbage');
      watch.clock.advance(120_000);
      expect(watch.snapshot.limit).to.deep.equal({ soft: 1_000, hard: 4_096 });
      expect(watch.snapshot.utilization).to.equal(0.01);
      expect(watch.errors()).to.deep.equal({ 'fd.limit:UnexpectedContentError': 2 });
      tree.writeLimits(20);
      watch.clock.advance(60_000);
      expect(watch.snapshot.utilization).to.equal(0.5);
    });

    it('has no connections while it cannot read them, rather than those of an earlier scan', () => {
      const tree = treeWith(1, 'socket:[5]');
      tree.write('net/tcp', tcpTable([tcpLine({ state: '01', inode: 5 })]));
      const watch = rigOver(tree, { connections: true }).start();
      tree.write('net/tcp', '');
      tree.link(1, 'socket:[6]');
      watch.clock.advance(60_000);
      expect(watch.snapshot.byKind?.socket).to.equal(2);
      expect(watch.snapshot.connections).to.equal(null);
      expect(watch.errors()).to.deep.equal({ 'fd.connections:UnexpectedContentError': 1 });
    });

    it('has no limit where the file says nothing from the start', () => {
      for (const text of ['', 'garbage', 'Max open files            many   more   files\n']) {
        const tree = treeWith(10);
        tree.write('limits', text);
        const watch = rigOver(tree).start();
        expect(watch.snapshot).to.deep.include({
          open: 10,
          limit: { soft: null, hard: null },
          utilization: null,
        });
        expect(watch.provider.value('vitals.fd.limit', { 'vitals.fd.limit.type': 'soft' })).to.equal(
          undefined,
        );
        expect(watch.provider.value('vitals.fd.utilization')).to.equal(undefined);
        expect(watch.provider.value('vitals.fd.time_to_limit')).to.equal(undefined);
        expect(watch.errors()).to.deep.equal({ 'fd.limit:UnexpectedContentError': 1 });
        // Never read so far: tried again with the next count, not in a minute.
        tree.writeLimits(100);
        watch.clock.advance(5_000);
        expect(watch.snapshot.utilization).to.equal(0.1);
      }
    });

    it('has no limit where the file cannot be read', () => {
      const tree = treeWith(10);
      tree.remove('limits');
      mkdirSync(join(tree.root, 'limits'));
      const watch = rigOver(tree).start();
      expect(watch.snapshot.limit).to.deep.equal({ soft: null, hard: null });
      expect(watch.errors()).to.deep.equal({ 'fd.limit:EISDIR': 1 });
    });

    it('has neither growth nor time to limit while the count fails', () => {
      const tree = treeWith(10);
      const watch = rigOver(tree, { byKindIntervalMillis: 0, warnAtCount: 0 }).start();
      for (let tick = 0; tick < 20; tick += 1) {
        tree.link(5);
        watch.clock.advance(5_000);
      }
      expect(watch.provider.value('vitals.fd.growth')).to.be.closeTo(1, 1e-9);
      tree.remove('fd');
      watch.clock.advance(5_000);
      expect(watch.provider.value('vitals.fd.growth')).to.equal(undefined);
      expect(watch.provider.value('vitals.fd.time_to_limit')).to.equal(undefined);
    });

    it('has a hard limit without a soft one, if that is unlimited', () => {
      const tree = treeWith(10);
      tree.writeLimits('unlimited', 5_000);
      const watch = rigOver(tree).start();
      const limit = (type: string): number | undefined =>
        watch.provider.value('vitals.fd.limit', { 'vitals.fd.limit.type': type });
      expect([limit('soft'), limit('hard')]).to.deep.equal([undefined, 5_000]);
      expect(watch.provider.value('vitals.fd.utilization')).to.equal(undefined);
      expect(watch.provider.value('vitals.fd.time_to_limit')).to.equal(undefined);
      expect(watch.errors()).to.deep.equal({});
    });

    it('goes on with the rest when the kinds fail', () => {
      const tree = treeWith(10);
      const watch = rigOver(tree).start();
      tree.write('fd/file', '');
      watch.clock.advance(60_000);
      expect(watch.snapshot).to.deep.include({ open: 11, byKind: null, byKindTakenAtMillis: null });
      expect(watch.errors()).to.deep.equal({ 'fd.kinds:EINVAL': 1 });
      tree.remove('fd/file');
      tree.link(1);
      watch.clock.advance(60_000);
      expect(watch.snapshot.byKind?.file).to.equal(11);
    });
  });

  describe('growth and time to limit', () => {
    const options = { byKindIntervalMillis: 0, warnAtCount: 0 };

    it('are unknown until there are samples of a fifth of the window', () => {
      const tree = treeWith(10);
      const watch = rigOver(tree, options).start();
      // A block is 10 s; that of the last sample is still open: 60 s lie between the closed ones at 70 s.
      for (let seconds = 0; seconds < 70; seconds += 5) {
        expect(watch.snapshot.growthPerSecond).to.equal(null);
        expect(watch.provider.value('vitals.fd.growth')).to.equal(undefined);
        expect(watch.provider.value('vitals.fd.time_to_limit')).to.equal(SEVEN_DAYS_SECONDS);
        tree.link(10);
        watch.clock.advance(5_000);
      }
      expect(watch.provider.value('vitals.fd.growth')).to.equal(2);
    });

    it('are those of a folder that grows steadily', () => {
      const tree = treeWith(100);
      const watch = rigOver(tree, options).start();
      for (let tick = 0; tick < 60; tick += 1) {
        tree.link(7);
        watch.clock.advance(5_000);
      }
      expect(watch.provider.value('vitals.fd.growth')).to.be.closeTo(7 / 5, 1e-9);
      // 520 are open: 480 more at 1.4 a second.
      expect(watch.provider.value('vitals.fd.time_to_limit')).to.be.closeTo(480 / 1.4, 1e-6);
    });

    it('forget what has left the window', () => {
      const tree = treeWith(100);
      const watch = rigOver(tree, { ...options, trendWindowMillis: 60_000 }).start();
      for (let tick = 0; tick < 12; tick += 1) {
        tree.link(10);
        watch.clock.advance(5_000);
      }
      expect(watch.snapshot.growthPerSecond).to.be.closeTo(2, 1e-9);
      for (let tick = 0; tick < 13; tick += 1) {
        tree.unlink(5);
        watch.clock.advance(5_000);
      }
      expect(watch.snapshot.growthPerSecond).to.be.closeTo(-1, 1e-9);
      expect(watch.snapshot.timeToLimitSeconds).to.equal(SEVEN_DAYS_SECONDS);
    });

    it('are 0 and out of sight where nothing grows', () => {
      const watch = rigOver(treeWith(100), options).start();
      watch.clock.advance(300_000);
      expect(watch.snapshot.growthPerSecond).to.equal(0);
      expect(watch.snapshot.timeToLimitSeconds).to.equal(SEVEN_DAYS_SECONDS);
    });

    it('are out of sight beyond seven days', () => {
      const tree = treeWith(10);
      tree.writeLimits(1_000_000_000);
      const watch = rigOver(tree, { ...options, trendWindowMillis: 100_000 }).start();
      for (let tick = 0; tick < 6; tick += 1) {
        tree.link(1);
        watch.clock.advance(5_000);
      }
      expect(watch.snapshot.growthPerSecond).to.be.closeTo(0.2, 1e-9);
      expect(watch.snapshot.timeToLimitSeconds).to.equal(SEVEN_DAYS_SECONDS);
    });

    it('have no time left at the limit and beyond it', () => {
      const tree = treeWith(10);
      tree.writeLimits(20);
      const watch = rigOver(tree, options).start();
      const times = [19, 20, 25].map(open => {
        tree.resize(open);
        watch.clock.advance(5_000);
        return watch.snapshot.timeToLimitSeconds;
      });
      expect(times[0]).to.be.above(0);
      expect(times.slice(1)).to.deep.equal([0, 0]);
    });

    it('are untouched by a burst that takes a fifth of the window', () => {
      const tree = treeWith(100);
      const watch = rigOver(tree, options).start();
      const counts: [number, number][] = [];
      for (let tick = 1; tick <= 60; tick += 1) {
        const steady = 100 + 5 * tick;
        tree.resize(tick > 40 && tick <= 52 ? steady + 300 : steady);
        watch.clock.advance(5_000);
        counts.push([5 * tick, tree.open]);
      }
      expect(watch.snapshot.growthPerSecond).to.be.closeTo(1, 1e-9);
      // The same counts would mislead a slope that is not robust.
      expect(leastSquares(counts)).to.be.above(1.5);
    });
  });

  describe('once stopped', () => {
    it('has no timer, and takes no reading', () => {
      const tree = treeWith(10);
      const watch = rigOver(tree).start();
      watch.instrumentation.disable();
      expect(watch.clock.timerCount).to.equal(0);
      expect(watch.runtime.sampler.taskCount).to.equal(0);
      const { snapshot } = watch;
      tree.link(5);
      watch.clock.advance(600_000);
      expect(watch.snapshot).to.equal(snapshot);
    });

    it('in the middle of a scan leaves nothing of it', () => {
      const tree = treeWith(1_200);
      const watch = rigOver(tree, { warnAtCount: 0 }).start();
      watch.clock.advance(1);
      expect(watch.clock.timerCount).to.be.above(0);
      watch.instrumentation.disable();
      expect(watch.clock.timerCount).to.equal(0);
      watch.clock.advance(600_000);
      expect(watch.snapshot).to.include({ open: 1_200, byKind: null });
      expect(watch.provider.collect()).to.deep.equal([]);
    });
  });

  it('counts this process by the real procfs', function () {
    if (process.platform !== 'linux') skipBecause(this, 'needs /proc');
    const watch = rig({ connections: true }, LINUX).start();
    const { open, byKind, limit } = watch.snapshot;
    expect(Object.values(byKind ?? {}).reduce((sum, count) => sum + count, 0)).to.equal(open);
    expect(limit.soft).to.be.above(0);
    expect(watch.errors()).to.deep.equal({});
  });
});
