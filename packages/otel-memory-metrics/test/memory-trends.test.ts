import { expect } from 'chai';
import { LiveHeapTrend } from '../src/live-heap-trend.js';
import { MIB } from './fixtures/fake-v8.js';
import type { MemoryRig } from './fixtures/memory-rig.js';
import { workshop } from './fixtures/memory-rig.js';

const SEVEN_DAYS_SECONDS = 604_800;
const WINDOW_MILLIS = 600_000;
const TICK_MILLIS = 5_000;

describe('growth', () => {
  const { rig, rigOn, machine: newMachine } = workshop();
  let residentBytes: number;
  let watch: MemoryRig;

  beforeEach(() => {
    residentBytes = 200 * MIB;
    watch = rig({ trendWindowMillis: WINDOW_MILLIS }, { residentBytes: () => residentBytes }).start();
  });

  function growth(signal: string): number | undefined {
    return watch.value('vitals.memory.growth', { 'vitals.memory.signal': signal });
  }

  function timeTo(limit: string): number | undefined {
    return watch.value('vitals.memory.time_to_limit', { 'vitals.memory.limit': limit });
  }

  function ticks(count: number, each: (tick: number) => void): void {
    for (let tick = 1; tick <= count; tick += 1) {
      each(tick);
      watch.clock.advance(TICK_MILLIS);
    }
  }

  it('is unknown until there are samples of a fifth of the window, and then exact', () => {
    // The block of the last sample is still open: 120 s lie between the means of the closed ones after 130 s.
    ticks(26, () => {
      for (const signal of ['rss', 'heap_live', 'external', 'native']) {
        expect(growth(signal)).to.equal(undefined);
      }
      expect(watch.snapshot.growthPerSecond).to.deep.equal({
        rss: null,
        heap_live: null,
        external: null,
        native: null,
      });
      expect(timeTo('heap')).to.equal(SEVEN_DAYS_SECONDS);
      residentBytes += 20 * MIB;
      watch.v8.externalBytes += 5 * MIB;
    });
    expect(growth('rss')).to.be.closeTo(4 * MIB, 1e-3);
    expect(growth('external')).to.be.closeTo(1 * MIB, 1e-3);
    expect(growth('native')).to.be.closeTo(3 * MIB, 1e-3);
    expect(growth('heap_live')).to.equal(undefined);
  });

  it('of the heap’s size is no growth of native memory', () => {
    ticks(60, () => {
      residentBytes += MIB;
      watch.v8.sizeBytes += MIB;
    });
    expect(growth('rss')).to.be.closeTo(MIB / 5, 1e-3);
    expect(growth('native')).to.equal(0);
  });

  it('is untouched by a burst that takes a fifth of the window', () => {
    ticks(120, tick => {
      const steady = 200 * MIB + tick * MIB;
      residentBytes = tick > 80 && tick <= 104 ? steady + 500 * MIB : steady;
    });
    expect(growth('rss')).to.be.closeTo(MIB / 5, 1e-3);
  });

  it('forgets what has left the window', () => {
    ticks(120, () => (residentBytes += MIB));
    expect(growth('rss')).to.be.closeTo(MIB / 5, 1e-3);
    ticks(123, () => (residentBytes -= MIB / 2));
    expect(growth('rss')).to.be.closeTo(-MIB / 10, 1e-3);
  });

  it('is 0 while its number cannot be read, if it was known: the SDK repeats what is no longer observed', () => {
    ticks(60, () => (residentBytes += MIB));
    watch.v8.failure = new Error('no statistics today');
    watch.clock.advance(TICK_MILLIS);
    expect(growth('rss')).to.be.above(0);
    expect(growth('external')).to.equal(0);
    expect(growth('native')).to.equal(0);
    watch.v8.failure = undefined;
    watch.clock.advance(TICK_MILLIS);
    expect(growth('external')).to.equal(0);
  });

  it('has a window of at least 12 samples', () => {
    watch = rig({ trendWindowMillis: 1_000 }, { residentBytes: () => residentBytes }).start();
    // A window of 1 s would hold one sample; of 12, the fifth comes with the third interval between closed blocks.
    ticks(3, () => (residentBytes += MIB));
    expect(growth('rss')).to.equal(undefined);
    ticks(1, () => (residentBytes += MIB));
    expect(growth('rss')).to.be.closeTo(MIB / 5, 1e-3);
  });

  describe('of the live heap', () => {
    it('has one sample for each major collection, however seldom they come', () => {
      ticks(100, tick => {
        watch.v8.usedBytes += 10 * MIB;
        if (tick % 20 === 0) watch.gc.major(watch.clock.nowMillis(), (100 + tick) * MIB);
        else watch.gc.minor(watch.clock.nowMillis(), 900 * MIB);
      });
      // 20 MiB more with each, every 100 s.
      expect(watch.snapshot.liveHeapBytes).to.equal(200 * MIB);
      expect(growth('heap_live')).to.be.closeTo(MIB / 5, 1e-3);
      // Of 1,000 MiB.
      expect(timeTo('heap')).to.be.closeTo(800 * 5, 1e-3);
    });

    it('takes a collection once, not once a tick', () => {
      // Were the last one taken with every tick, its 200 MiB would be the median of all that comes after it.
      ticks(100, tick => {
        if (tick <= 60 && tick % 10 === 0) watch.gc.major(watch.clock.nowMillis(), tick * MIB);
      });
      expect(growth('heap_live')).to.be.closeTo(MIB / 5, 1e-3);
    });

    it('is unknown with one collection, and with those of less than a fifth of the window', () => {
      watch.gc.major(0, 100 * MIB);
      ticks(20, tick => {
        if (tick % 4 === 0) watch.gc.major(watch.clock.nowMillis(), (100 + tick) * MIB);
      });
      expect(watch.snapshot.liveHeapBytes).to.equal(120 * MIB);
      expect(growth('heap_live')).to.equal(undefined);
      expect(timeTo('heap')).to.equal(SEVEN_DAYS_SECONDS);
    });

    it('is 0 once a whole window has gone by without a major collection', () => {
      ticks(60, tick => {
        watch.gc.major(watch.clock.nowMillis(), tick * MIB);
      });
      ticks(120, () => {
        expect(growth('heap_live')).to.be.closeTo(MIB / 5, 1e-3);
      });
      watch.clock.advance(TICK_MILLIS);
      expect(growth('heap_live')).to.equal(0);
      expect(timeTo('heap')).to.equal(SEVEN_DAYS_SECONDS);
    });

    for (const minutes of [10, 12, 15, 25]) {
      it(`is found where major collections are ${minutes} minutes apart`, () => {
        const trend = new LiveHeapTrend(1_800_000);
        const spacingMillis = minutes * 60_000;
        let known = 0;
        for (let major = 1; major <= 12; major += 1) {
          trend.update({ usedBytes: major * 40 * MIB, atMillis: major * spacingMillis, approximate: true });
          const slopePerSecond = trend.slopePerSecond(major * spacingMillis);
          if (slopePerSecond === null) continue;
          known += 1;
          expect(slopePerSecond).to.be.closeTo((40 * MIB * 1000) / spacingMillis, 1);
        }
        expect(known).to.be.at.least(8);
        // Two and a half of them without one: it is over.
        expect(
          trend.slopePerSecond(12 * spacingMillis + Math.max(1_800_000, 2.5 * spacingMillis) + 1),
        ).to.equal(0);
      });
    }

    it('that was never known is not 0 after that', () => {
      const trend = new LiveHeapTrend(1_000);
      trend.update({ usedBytes: 1, atMillis: 0, approximate: true });
      expect(trend.slopePerSecond(5_000)).to.equal(null);
    });
  });

  describe('makes the time to a limit', () => {
    it('of the heap: used memory counts as live before the first major collection', () => {
      watch.v8.usedBytes = 1_000 * MIB;
      watch.clock.advance(TICK_MILLIS);
      expect(timeTo('heap')).to.equal(0);
      watch.gc.major(watch.clock.nowMillis(), 30 * MIB);
      watch.clock.advance(TICK_MILLIS);
      expect(timeTo('heap')).to.equal(SEVEN_DAYS_SECONDS);
    });

    it('of the host: what is available, at the growth of the resident set', () => {
      const machine = newMachine();
      watch = rigOn(machine, { trendWindowMillis: WINDOW_MILLIS }).start();
      expect(timeTo('host')).to.equal(SEVEN_DAYS_SECONDS);
      ticks(60, tick => machine.status({ VmRSS: 100_000 + tick * 1024 }));
      // 4 GiB at 1 MiB in 5 s.
      expect(growth('rss')).to.be.closeTo(MIB / 5, 1e-3);
      expect(timeTo('host')).to.be.closeTo(4_096 * 5, 1e-3);
      machine.meminfo(1_024);
      ticks(3, tick => machine.status({ VmRSS: 100_000 + (60 + tick) * 1024 }));
      expect(timeTo('host')).to.be.closeTo(1_024 * 5, 1e-3);
      expect(watch.snapshot.host).to.deep.equal({ totalBytes: 16_384 * MIB, availableBytes: 1_024 * MIB });
      machine.write('proc/meminfo', 'garbage');
      ticks(3, () => {});
      expect(timeTo('host')).to.equal(SEVEN_DAYS_SECONDS);
      expect(watch.errors()).to.deep.equal({ 'memory.host:UnexpectedContentError': 1 });
    });

    it('of the host: none where the kernel does not tell what is available, or there is no /proc', () => {
      expect(timeTo('host')).to.equal(undefined);
      watch = rigOn(newMachine().meminfo(null)).start();
      expect(watch.snapshot.host).to.deep.equal({ totalBytes: 16_384 * MIB, availableBytes: null });
      expect(timeTo('host')).to.equal(undefined);
      const machine = newMachine();
      machine.remove('proc/meminfo');
      watch = rigOn(machine).start();
      expect(watch.snapshot.host).to.equal(null);
      expect(timeTo('host')).to.equal(undefined);
      expect(watch.errors()).to.deep.equal({});
    });

    it('of the container: its working set, at its own growth', () => {
      const machine = newMachine().v2Container({ 'memory.max': 1_300 * MIB });
      watch = rigOn(machine, { trendWindowMillis: WINDOW_MILLIS }).start();
      ticks(60, tick => {
        machine.cgroup('.', { 'memory.current': (300 + 5 * tick) * MIB });
        machine.status({ VmRSS: 100_000 + tick });
      });
      // 600 used, 100 of it inactive: 800 to go, at 1 a second.
      expect(watch.snapshot.container?.workingSetBytes).to.equal(500 * MIB);
      expect(timeTo('container')).to.be.closeTo(800, 1e-6);
    });

    it('of the container: the resident set where a limit is given and there is no cgroup', () => {
      watch = rig(
        { trendWindowMillis: WINDOW_MILLIS, limitBytes: 1_000 * MIB },
        { residentBytes: () => residentBytes },
      ).start();
      ticks(60, () => (residentBytes += 5 * MIB));
      expect(timeTo('container')).to.be.closeTo(500, 1e-6);
    });

    it('out of sight where nothing grows, and beyond seven days', () => {
      watch = rig(
        { trendWindowMillis: WINDOW_MILLIS, limitBytes: 500 * MIB },
        { residentBytes: () => residentBytes },
      ).start();
      ticks(60, () => {});
      expect(growth('rss')).to.equal(0);
      expect(timeTo('container')).to.equal(SEVEN_DAYS_SECONDS);
      ticks(150, () => (residentBytes += 1_024));
      expect(growth('rss')).to.be.closeTo(1_024 / 5, 1e-6);
      expect(timeTo('container')).to.equal(SEVEN_DAYS_SECONDS);
    });
  });
});
