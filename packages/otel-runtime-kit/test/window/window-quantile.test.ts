import { expect } from 'chai';
import fc from 'fast-check';
import { WindowQuantile } from '../../src/window/window-quantile.js';
import { NaiveWindow, slotShape, steps } from './naive-window.js';

const LOWEST = 1e-3;
const HIGHEST = 60;

/** Nearest rank in whole numbers: the ceil(percent * n / 100)-th smallest. */
function nearestRank(n: number, percent: number): number {
  return Math.max(1, Math.floor((percent * n + 99) / 100));
}

/** What has to be reported, and how far off it may be. */
function expected(values: readonly number[], percent: number): { value: number; tolerance: number } {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = nearestRank(sorted.length, percent);
  const exact = sorted[rank - 1]!;
  if (rank === 1 || rank === sorted.length) return { value: exact, tolerance: 0 };
  if (exact < LOWEST) return { value: sorted[0]!, tolerance: 0 };
  if (exact > HIGHEST) return { value: sorted.at(-1)!, tolerance: 0 };
  return { value: exact, tolerance: 0.005 * exact };
}

const inRange = fc.double({ min: Math.log(LOWEST), max: Math.log(HIGHEST), noNaN: true }).map(Math.exp);
const anyValue = fc.oneof(
  { weight: 8, arbitrary: inRange },
  { weight: 2, arbitrary: fc.constantFrom(0, LOWEST, HIGHEST, 1, 1, 1) },
  { weight: 1, arbitrary: fc.double({ min: 0, max: LOWEST, noNaN: true }) },
  { weight: 1, arbitrary: fc.double({ min: HIGHEST, max: Number.MAX_VALUE, noNaN: true }) },
);

/** Two values below the range: the larger one, as the last rank, has to be itself and not the minimum. */
const belowRange = [
  { stepMillis: 0, value: 5e-324 },
  { stepMillis: -1, value: 0 },
];

describe('WindowQuantile', () => {
  it('is within 0.5 % of the exact order statistic of what the slot rule leaves', () => {
    fc.assert(
      fc.property(
        slotShape,
        steps(anyValue),
        fc.nat({ max: 100 }),
        ({ slotMillis, slotCount }, all, percent) => {
          const options = {
            windowMillis: slotMillis * slotCount,
            slotCount,
            lowest: LOWEST,
            highest: HIGHEST,
          };
          const window = new WindowQuantile(options);
          const naive = new NaiveWindow(slotMillis, slotCount);
          let clock = 0;
          for (const { stepMillis, value } of all) {
            clock += stepMillis;
            window.add(clock, value);
            naive.add(clock, value);
            const live = naive.live(clock);
            expect(window.count(clock)).to.equal(live.length);
            const { value: wanted, tolerance } = expected(live, percent);
            const reported = window.quantile(percent / 100, clock)!;
            expect(Math.abs(reported - wanted), `${reported} for ${wanted}`).to.be.at.most(tolerance);
          }
        },
      ),
      { numRuns: 300, examples: [[{ slotMillis: 1, slotCount: 1 }, belowRange, 51]] },
    );
  });

  it('names exactly the nearest rank, for every percentile and count up to 200', () => {
    for (let n = 1; n <= 200; n++) {
      const window = new WindowQuantile({ windowMillis: 1000 });
      // 2 % apart: no two of them share a bucket, so a rank that is off by one is seen.
      const values = Array.from({ length: n }, (_, i) => 1.02 ** i);
      for (const value of values) window.add(0, value);
      const percents = Array.from({ length: 101 }, (_, percent) => percent);
      const reported = window.quantiles(
        percents.map(percent => percent / 100),
        0,
      )!;
      for (const percent of percents) {
        const exact = values[nearestRank(n, percent) - 1]!;
        expect(Math.abs(reported[percent]! / exact - 1), `p${percent} of ${n}`).to.be.at.most(0.005);
      }
    }
  });

  it('gives several quantiles, in the order asked for, as it gives them one by one', () => {
    fc.assert(
      fc.property(
        fc.array(anyValue, { minLength: 1 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true })),
        (values, qs) => {
          const window = new WindowQuantile({ windowMillis: 1000 });
          for (const [index, value] of values.entries()) window.add(index, value);
          const now = values.length;
          expect(window.quantiles(qs, now)).to.deep.equal(qs.map(q => window.quantile(q, now)));
        },
      ),
    );
  });

  it('is undefined while empty, and again after everything has expired', () => {
    const window = new WindowQuantile({ windowMillis: 1000 });
    expect(window.quantile(0.5, 0)).to.equal(undefined);
    expect(window.quantiles([0.5, 1], 0)).to.equal(undefined);
    window.add(5, 1);
    expect(window.quantile(0.5, 1_000_000)).to.equal(undefined);
    expect(window.count(1_000_000)).to.equal(0);
  });

  it('holds what comes right after an idle period of many windows', () => {
    const window = new WindowQuantile({ windowMillis: 1000, slotCount: 4 });
    for (let now = 0; now < 1000; now += 10) window.add(now, 100);
    for (let i = 0; i < 10; i++) window.add(3_600_000, 1);
    expect(window.count(3_600_000)).to.equal(10);
    expect(window.quantile(1, 3_600_000)).to.equal(1);
  });

  it('reports the exact extremes for the quantiles 0 and 1, outside the range too', () => {
    const window = new WindowQuantile({ windowMillis: 1000 });
    for (const value of [1e9, 3, 1e-9]) window.add(1, value);
    expect(window.quantiles([0, 0.5, 1], 1)!.map(value => Number(value.toPrecision(2)))).to.deep.equal([
      1e-9, 3, 1e9,
    ]);
    const inside = new WindowQuantile({ windowMillis: 1000 });
    for (const value of [0.123, 4.567, 7.89]) inside.add(1, value);
    expect([inside.quantile(0, 1), inside.quantile(1, 1)]).to.deep.equal([0.123, 7.89]);
  });

  it('reports zeros as zeros', () => {
    const window = new WindowQuantile({ windowMillis: 1000 });
    for (let i = 0; i < 9; i++) window.add(1, 0);
    window.add(1, 5);
    expect(window.quantile(0.9, 1)).to.equal(0);
    expect(window.quantile(0.91, 1)).to.equal(5);
  });

  it('ignores and counts what is negative, infinite or NaN', () => {
    const window = new WindowQuantile({ windowMillis: 1000 });
    for (const value of [NaN, -1, -Infinity, Infinity, -Number.MIN_VALUE]) window.add(1, value);
    expect(window.quantile(0.5, 1)).to.equal(undefined);
    expect(window.ignored).to.equal(5);
    window.add(1, -0);
    expect([window.count(1), window.ignored]).to.deep.equal([1, 5]);
  });

  it('names a quantile or an option that is impossible', () => {
    const window = new WindowQuantile({ windowMillis: 1000 });
    for (const q of [-0.1, 1.1, NaN]) {
      expect(() => window.quantile(q, 0)).to.throw(
        RangeError,
        `WindowQuantile: q must be in [0, 1], got ${q}`,
      );
    }
    expect(() => new WindowQuantile({ windowMillis: 0 })).to.throw(RangeError, 'windowMillis');
    expect(() => new WindowQuantile({ windowMillis: 1, slotCount: 0 })).to.throw(RangeError, 'slotCount');
    expect(() => new WindowQuantile({ windowMillis: 1, lowest: 5, highest: 5 })).to.throw(
      RangeError,
      'highest',
    );
  });
});
