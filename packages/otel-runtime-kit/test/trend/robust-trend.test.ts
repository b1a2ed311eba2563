import { expect } from 'chai';
import fc from 'fast-check';
import { RobustTrend } from '../../src/trend/robust-trend.js';
import { retainedGrowth, TOLERATED_BYTES } from '../window/retained-heap.js';
import { naivePoints, naiveSlope, type Point } from './naive-trend.js';

const BLOCK_MILLIS = 1000;

const samples = fc
  .array(
    fc.record({
      stepMillis: fc.oneof(
        { weight: 3, arbitrary: fc.constant(0) },
        { weight: 10, arbitrary: fc.nat({ max: 700 }) },
        { weight: 3, arbitrary: fc.nat({ max: 4000 }) },
        { weight: 2, arbitrary: fc.integer({ min: -3000, max: -1 }) },
        { weight: 1, arbitrary: fc.nat({ max: 1e9 }) },
      ),
      value: fc.oneof(
        fc.integer({ min: -1000, max: 1000 }),
        fc.double({ min: -1e12, max: 1e12, noNaN: true }),
      ),
    }),
    { maxLength: 150 },
  )
  .map(steps => {
    let clock = 0;
    return steps.map(({ stepMillis, value }) => ({ timeMillis: (clock += stepMillis), value }));
  });

/** Adds value = base + slopePerSecond * seconds every `everyMillis`, and returns the time after the last. */
function addLine(
  trend: RobustTrend,
  line: { from: number; to: number; everyMillis: number; slope: number },
): void {
  for (let now = line.from; now < line.to; now += line.everyMillis)
    trend.add(now, 1e8 + (line.slope * now) / 1000);
}

describe('RobustTrend', () => {
  it('is Theil–Sen over the closed blocks of an array that keeps everything, after every sample', () => {
    fc.assert(
      fc.property(
        samples,
        fc.integer({ min: 3, max: 12 }),
        fc.integer({ min: 2, max: 3 }),
        (all, blockCount, minimumBlocks) => {
          const windowMillis = blockCount * BLOCK_MILLIS;
          const trend = new RobustTrend({ windowMillis, blockCount, minimumBlocks });
          const kept: Point[] = [];
          for (const sample of all) {
            trend.add(sample.timeMillis, sample.value);
            kept.push(sample);
            const points = naivePoints(kept, windowMillis, BLOCK_MILLIS);
            expect(trend.blocks).to.equal(points.length);
            const span = points.length < 2 ? 0 : points.at(-1)!.timeMillis - points[0]!.timeMillis;
            expect(trend.spanMillis).to.be.closeTo(span, 1e-5);
            const slope = points.length < minimumBlocks ? undefined : naiveSlope(points);
            if (slope === undefined) expect(trend.slopePerSecond()).to.equal(undefined);
            else
              expect(trend.slopePerSecond()).to.be.closeTo(
                slope * 1000,
                1e-6 * Math.abs(slope * 1000) + 1e-9,
              );
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('finds the slope of a line sampled every 5 s over 30 minutes, in 60 blocks', () => {
    const trend = new RobustTrend({ windowMillis: 1_800_000 });
    addLine(trend, { from: 0, to: 1_800_001, everyMillis: 5000, slope: 41 });
    expect([trend.blocks, trend.spanMillis]).to.deep.equal([60, 59 * 30_000]);
    expect(trend.slopePerSecond()).to.be.closeTo(41, 1e-6);
  });

  it('hardly moves when 25 % of the samples of a line are anything, and not at all when 25 % of the blocks are', () => {
    fc.assert(
      fc.property(
        fc.infiniteStream(fc.double({ min: -1, max: 1, noNaN: true })),
        fc.nat(),
        (noise, phase) => {
          const scattered = new RobustTrend({ windowMillis: 1_800_000 });
          const clustered = new RobustTrend({ windowMillis: 1_800_000 });
          let sample = 0;
          for (let now = 0; now <= 1_800_000; now += 5000) {
            const onLine = 1e8 + 41 * (now / 1000);
            const [wild] = noise.take(1);
            sample += 1;
            scattered.add(now, (sample + phase) % 4 === 0 ? wild! * 1e12 : onLine);
            clustered.add(now, (Math.floor(now / 30_000) + phase) % 4 === 0 ? wild! * 1e12 : onLine);
          }
          expect(scattered.slopePerSecond()).to.be.closeTo(41, 41 * 0.02);
          expect(clustered.slopePerSecond()).to.be.closeTo(41, 1e-6);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('changes only when a sample opens a new block', () => {
    const trend = new RobustTrend({ windowMillis: 10_000, blockCount: 10 });
    for (const [now, value] of [
      [0, 0],
      [1000, 1],
      [2000, 2],
      [2999, 50],
    ] as const) {
      trend.add(now, value);
      expect(trend.slopePerSecond()).to.equal(undefined);
    }
    expect(trend.blocks).to.equal(2);
    trend.add(3000, 1000);
    // The third block is (2 + 50) / 2 = 26 at 2,499.5 ms; slopes 1, 26 / 2.4995 and 25 / 1.4995 per second.
    expect(trend.slopePerSecond()).to.be.closeTo(26 / 2.4995, 1e-9);
    trend.add(3999, -1000);
    expect([trend.blocks, trend.spanMillis]).to.deep.equal([3, 2499.5]);
    expect(trend.slopePerSecond()).to.be.closeTo(26 / 2.4995, 1e-9);
  });

  it('makes each sample a block where samples come more slowly than blocks last', () => {
    const trend = new RobustTrend({ windowMillis: 60_000 });
    addLine(trend, { from: 0, to: 40_001, everyMillis: 5000, slope: -3 });
    expect([trend.blocks, trend.spanMillis]).to.deep.equal([8, 35_000]);
    expect(trend.slopePerSecond()).to.be.closeTo(-3, 1e-9);
  });

  it('counts only fresh blocks after a gap longer than the window', () => {
    const trend = new RobustTrend({ windowMillis: 60_000, blockCount: 12 });
    addLine(trend, { from: 0, to: 60_000, everyMillis: 1000, slope: 100 });
    expect(trend.slopePerSecond()).to.be.closeTo(100, 1e-6);
    const wake = 86_400_000;
    trend.add(wake, 5);
    expect([trend.blocks, trend.spanMillis, trend.slopePerSecond()]).to.deep.equal([0, 0, undefined]);
    addLine(trend, { from: wake, to: wake + 30_001, everyMillis: 1000, slope: -7 });
    expect(trend.blocks).to.equal(6);
    expect(trend.slopePerSecond()).to.be.closeTo(-7, 1e-5);
  });

  it('takes times that go backwards for the latest seen', () => {
    const trend = new RobustTrend({ windowMillis: 10_000, blockCount: 10, minimumBlocks: 2 });
    for (const now of [5000, 0, 100, 4000]) trend.add(now, 10);
    expect(trend.blocks).to.equal(0);
    trend.add(6000, 12);
    trend.add(7000, 14);
    expect(trend.slopePerSecond()).to.equal(2);
  });

  it('ignores samples that are not finite, also as the first', () => {
    const trend = new RobustTrend({ windowMillis: 10_000, blockCount: 10 });
    for (const [now, value] of [
      [NaN, 1],
      [Infinity, 1],
      [-Infinity, 1],
      [9e9, NaN],
      [9e9, Infinity],
    ] as const) {
      trend.add(now, value);
    }
    addLine(trend, { from: 0, to: 5001, everyMillis: 500, slope: 8 });
    expect(trend.blocks).to.equal(5);
    expect(trend.slopePerSecond()).to.be.closeTo(8, 1e-6);
  });

  it('has no slope rather than an infinite one', () => {
    const trend = new RobustTrend({ windowMillis: 10_000, blockCount: 10 });
    for (let i = 0; i < 6; i++) trend.add(i * 1000, (i < 2 ? -1 : 1) * Number.MAX_VALUE);
    expect(trend.blocks).to.equal(5);
    expect(trend.slopePerSecond()).to.equal(undefined);
    for (let i = 6; i < 30; i++) trend.add(i * 1000, i * 1e300);
    expect(trend.slopePerSecond()! / 1e300).to.be.closeTo(1, 1e-9);
  });

  it('forgets everything on reset, the latest time included', () => {
    const trend = new RobustTrend({ windowMillis: 10_000, blockCount: 10 });
    addLine(trend, { from: 50_000, to: 59_000, everyMillis: 500, slope: 8 });
    trend.reset();
    expect([trend.blocks, trend.spanMillis, trend.slopePerSecond()]).to.deep.equal([0, 0, undefined]);
    addLine(trend, { from: 0, to: 4001, everyMillis: 1000, slope: 2 });
    expect(trend.blocks).to.equal(4);
    expect(trend.slopePerSecond()).to.be.closeTo(2, 1e-6);
  });

  it('works with only two blocks', () => {
    const trend = new RobustTrend({ windowMillis: 2000, blockCount: 2 });
    addLine(trend, { from: 0, to: 2001, everyMillis: 1000, slope: 4 });
    expect(trend.slopePerSecond()).to.be.closeTo(4, 1e-9);
  });

  it('retains no heap over 600,000 adds', () => {
    const trend = new RobustTrend({ windowMillis: 1_800_000 });
    let clock = 0;
    const growth = retainedGrowth(() => {
      for (let i = 0; i < 200_000; i++) trend.add((clock += 500), i % 1013);
    });
    expect(trend.blocks).to.equal(60);
    expect(growth).to.be.below(TOLERATED_BYTES);
  });

  it('names an option that is impossible', () => {
    for (const windowMillis of [0, -1, NaN, Infinity]) {
      expect(() => new RobustTrend({ windowMillis })).to.throw(
        RangeError,
        `RobustTrend: windowMillis must be a finite number > 0, got ${windowMillis}`,
      );
    }
    for (const blockCount of [1, 61, 2.5, NaN]) {
      expect(() => new RobustTrend({ windowMillis: 1000, blockCount })).to.throw(
        RangeError,
        `RobustTrend: blockCount must be a whole number in [2, 60], got ${blockCount}`,
      );
    }
    for (const minimumBlocks of [1, 11, 2.5, NaN]) {
      expect(() => new RobustTrend({ windowMillis: 1000, blockCount: 10, minimumBlocks })).to.throw(
        RangeError,
        `RobustTrend: minimumBlocks must be a whole number in [2, 10], got ${minimumBlocks}`,
      );
    }
  });
});
