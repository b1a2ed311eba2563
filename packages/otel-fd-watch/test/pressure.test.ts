import { expect } from 'chai';
import { RecordingMeterProvider } from 'test-helpers/recording-meter';
import type { FdPressure } from '../src/descriptor-pressure.js';
import type { ProcTree } from './fixtures/proc-tree.js';
import type { WatchRig } from './fixtures/watch-rig.js';
import { workshop } from './fixtures/watch-rig.js';

const TICK_MILLIS = 5_000;

/** Lets the promises that are settled tell those who wait for them. */
async function turn(): Promise<void> {
  await new Promise(resolve => setImmediate(resolve));
}

describe('onPressure', () => {
  const { rigOver, tree: newTree, diagLines, diagLogger } = workshop();

  /** Of a 1,000 limit: `warnAtRatio` 0.8 is 800. */
  function treeWith(open: number): ProcTree {
    const tree = newTree();
    tree.writeLimits(1_000);
    tree.link(open);
    return tree;
  }

  /** Sets the count, and lets a tick pass. */
  function countTo(count: number, tree: ProcTree, watch: WatchRig): void {
    tree.resize(count);
    watch.clock.advance(TICK_MILLIS);
  }

  function calls(watch: WatchRig): string[] {
    return watch.pressures.map(({ reason, open }) => `${reason} ${open}`);
  }

  it('is called once for each crossing upwards, and not while the count swings around it', () => {
    const tree = treeWith(10);
    const watch = rigOver(tree, { warnAtRatio: 0.1, warnAtCount: 0 }).start();
    // 100 is the threshold, 90 nine tenths of it.
    for (const count of [99, 100, 150, 99, 100, 90, 100, 89, 99, 100, 101, 20, 130])
      countTo(count, tree, watch);
    expect(calls(watch)).to.deep.equal(['ratio 100', 'ratio 100', 'ratio 130']);
    expect(watch.snapshot.pressure).to.deep.equal({ ratio: true, count: false });
    countTo(10, tree, watch);
    expect(watch.snapshot.pressure).to.deep.equal({ ratio: false, count: false });
  });

  it('is called for both thresholds, with the reason of each', () => {
    const tree = treeWith(10);
    const watch = rigOver(tree, { warnAtRatio: 0.12, warnAtCount: 60 }).start();
    for (const count of [59, 60, 119, 120, 200, 10, 130]) countTo(count, tree, watch);
    expect(calls(watch)).to.deep.equal(['count 60', 'ratio 120', 'ratio 130', 'count 130']);
    expect(watch.pressures.map(({ threshold }) => threshold)).to.deep.equal([60, 120, 120, 60]);
  });

  it('has 800 descriptors and eight tenths of the limit as its defaults', () => {
    const tree = treeWith(10);
    tree.writeLimits(2_000);
    const watch = rigOver(tree).start();
    for (const count of [799, 800, 1_599, 1_600]) countTo(count, tree, watch);
    watch.clock.advance(10);
    expect(calls(watch)).to.deep.equal(['count 800', 'ratio 1600']);
  });

  it('is not called for a count at warnAtCount 0, nor for a share without a limit', () => {
    const tree = newTree();
    tree.link(900);
    const watch = rigOver(tree, { warnAtRatio: 0.001, warnAtCount: 0 }).start();
    watch.clock.advance(60_000);
    expect(watch.pressures).to.deep.equal([]);
  });

  it('is given what is known, and kinds that are as fresh as the count', () => {
    const tree = treeWith(40);
    const watch = rigOver(tree, { warnAtRatio: 0.5, warnAtCount: 0, trendWindowMillis: 100_000 }).start();
    for (let tick = 0; tick < 8; tick += 1) {
      tree.link(50, 'socket:[1]');
      watch.clock.advance(TICK_MILLIS);
      expect(calls(watch)).to.deep.equal([]);
      expect(watch.snapshot.byKind?.socket, 'of the scan at the start').to.equal(0);
    }
    tree.link(60, 'socket:[1]');
    watch.clock.advance(TICK_MILLIS);
    expect(watch.pressures).to.have.lengthOf(1);
    const { growthPerSecond, timeToLimitSeconds, byKind, ...rest } = watch.pressures[0]!;
    expect(byKind).to.include({ file: 40, socket: 460 });
    expect(growthPerSecond).to.be.closeTo(10, 1e-9);
    expect(timeToLimitSeconds).to.be.closeTo(50, 1e-6);
    expect(rest).to.deep.equal({
      reason: 'ratio',
      threshold: 500,
      open: 500,
      limit: 1_000,
      utilization: 0.5,
      message:
        '500 descriptors are open, 50.0 % of the limit of 1,000, above warnAtRatio (500), ' +
        '92 % of them are of kind socket, growing by 10 a second',
    });
    expect(watch.snapshot.byKind).to.deep.equal(byKind);
  });

  it('waits for the end of a scan in slices, and joins one that is under way', () => {
    const tree = treeWith(600);
    const watch = rigOver(tree, { warnAtCount: 700, byKindIntervalMillis: TICK_MILLIS }).start();
    watch.clock.advance(10);
    tree.link(150, 'pipe:[1]');
    watch.clock.advance(TICK_MILLIS - 10);
    expect(watch.snapshot).to.deep.include({ open: 750, pressure: { ratio: false, count: true } });
    expect(calls(watch)).to.deep.equal([]);
    watch.clock.advance(1);
    expect(calls(watch)).to.deep.equal(['count 750']);
    expect(watch.pressures[0]?.byKind).to.include({ file: 600, pipe: 150 });
  });

  it('comes without kinds where there are none, and where the scan fails', () => {
    const tree = treeWith(30);
    const without = rigOver(tree, { warnAtCount: 20, byKindIntervalMillis: 0 }).start();
    expect(without.pressures.map(({ byKind }) => byKind)).to.deep.equal([null]);
    without.instrumentation.disable();

    const watch = rigOver(tree, { warnAtCount: 40 }).start();
    tree.link(15);
    tree.write('fd/garbage', '');
    watch.clock.advance(TICK_MILLIS);
    expect(calls(watch)).to.deep.equal(['count 46']);
    expect(watch.pressures[0]?.byKind).to.equal(null);
    expect(watch.errors()).to.deep.equal({ 'fd.kinds:EINVAL': 1 });
  });

  it('is said through diag as well, once for each crossing', () => {
    const lines = diagLines();
    const tree = treeWith(30);
    const watch = rigOver(tree, { warnAtCount: 20, onPressure: undefined }).start();
    watch.clock.advance(10 * TICK_MILLIS);
    expect(lines).to.deep.equal([
      'warn otel-fd-watch: 30 descriptors are open, 3.0 % of the limit of 1,000, above warnAtCount (20), ' +
        '100 % of them are of kind file',
    ]);
  });

  it('may throw or reject: that is counted and said once, and reaches nobody', async () => {
    const lines = diagLines();
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => {
      unhandled.push(reason);
    };
    process.on('unhandledRejection', note);
    try {
      const throwing = [
        (): never => {
          throw new TypeError('from the callback');
        },
        (): Promise<never> => Promise.reject(new TypeError('from the callback')),
        async (): Promise<never> => {
          await turn();
          throw new TypeError('from the callback');
        },
      ];
      for (const onPressure of throwing) {
        lines.splice(0);
        const tree = treeWith(30);
        const watch = rigOver(tree, { warnAtCount: 20, onPressure }).start();
        for (const count of [10, 30, 10, 30]) countTo(count, tree, watch);
        await turn();
        await turn();
        expect(watch.errors()).to.deep.equal({ 'fd.on_pressure:TypeError': 3 });
        expect(lines.filter(line => line.includes('from the callback'))).to.deep.equal([
          'warn otel-fd-watch reading fd.on_pressure failed (said once; further ones are only counted) TypeError: from the callback',
        ]);
        expect(watch.snapshot.open, 'it goes on').to.equal(30);
      }
      expect(unhandled).to.deep.equal([]);
    } finally {
      process.off('unhandledRejection', note);
    }
  });

  it('may throw what is no error at all', () => {
    const hostile = new Proxy(
      {},
      {
        get() {
          throw new Error('no');
        },
      },
    );
    for (const thrown of [undefined, null, 'text', hostile]) {
      const onPressure = (): never => {
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- that is the point
        throw thrown;
      };
      const watch = rigOver(treeWith(30), { warnAtCount: 20, onPressure }).start();
      expect(watch.errors()).to.deep.equal({ 'fd.on_pressure:_OTHER': 1 });
      expect(watch.snapshot.open).to.equal(30);
    }
  });

  it('comes also when the logger of diag throws', () => {
    diagLogger({
      warn: () => {
        throw new RangeError('from the logger');
      },
    });
    const watch = rigOver(treeWith(30), { warnAtCount: 20 }).start();
    expect(calls(watch)).to.deep.equal(['count 30']);
    expect(watch.errors()).to.deep.equal({ 'fd.on_pressure:RangeError': 1 });
  });

  it('does not come again when another meter provider is set, nor after disable and enable', () => {
    const tree = treeWith(30);
    const watch = rigOver(tree, { warnAtCount: 20 }).start();
    watch.instrumentation.setMeterProvider(new RecordingMeterProvider());
    watch.clock.advance(TICK_MILLIS);
    watch.instrumentation.disable();
    watch.instrumentation.enable();
    watch.clock.advance(TICK_MILLIS);
    expect(calls(watch)).to.deep.equal(['count 30']);
    expect(watch.snapshot.pressure.count).to.equal(true);
    for (const count of [10, 30]) countTo(count, tree, watch);
    expect(calls(watch)).to.deep.equal(['count 30', 'count 30']);
  });

  it('comes from the second start when the first is stopped while a long scan runs, as NodeSDK does it', () => {
    const watch = rigOver(treeWith(900), { warnAtRatio: 1 }).start();
    watch.instrumentation.setMeterProvider(watch.provider);
    expect(calls(watch)).to.deep.equal([]);
    watch.clock.advance(10 * TICK_MILLIS);
    expect(calls(watch)).to.deep.equal(['count 900']);
  });

  it('is not called after disable(), be it that a scan is under way', () => {
    const watch = rigOver(treeWith(900)).start();
    watch.instrumentation.disable();
    watch.clock.advance(10 * TICK_MILLIS);
    expect(calls(watch)).to.deep.equal([]);
  });

  it('may disable: then the other threshold is not told, and nothing is left running', () => {
    const tree = treeWith(10);
    const told: string[] = [];
    const watch: WatchRig = rigOver(tree, {
      warnAtRatio: 0.02,
      warnAtCount: 20,
      onPressure: ({ reason }: FdPressure) => {
        told.push(reason);
        watch.instrumentation.disable();
      },
    }).start();
    countTo(30, tree, watch);
    expect(told).to.deep.equal(['ratio']);
    expect(watch.clock.timerCount).to.equal(0);
    expect(watch.provider.callbackCount).to.equal(0);
  });

  it('may disable during the very start', () => {
    const watch: WatchRig = rigOver(treeWith(30), {
      warnAtCount: 20,
      onPressure: () => {
        watch.instrumentation.disable();
      },
    });
    watch.start();
    expect(watch.clock.timerCount).to.equal(0);
    expect(watch.provider.callbackCount).to.equal(0);
  });

  it('goes by new thresholds after setConfig, and by a new callback', () => {
    const tree = treeWith(30);
    const watch = rigOver(tree, { warnAtCount: 20 }).start();
    expect(calls(watch)).to.deep.equal(['count 30']);
    const later: string[] = [];
    watch.instrumentation.setConfig({
      warnAtCount: 40,
      onPressure: ({ reason, threshold }) => later.push(`${reason} ${threshold}`),
    });
    expect(watch.snapshot.pressure.count).to.equal(false);
    countTo(39, tree, watch);
    expect(later).to.deep.equal([]);
    countTo(40, tree, watch);
    expect(later).to.deep.equal(['count 40']);
    expect(calls(watch)).to.deep.equal(['count 30']);
  });
});
