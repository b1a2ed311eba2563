import { expect } from 'chai';
import fc from 'fast-check';
import { WindowSum } from '../../src/window/window-sum.js';
import { NaiveWindow, slotShape, steps } from './naive-window.js';

describe('WindowSum', () => {
  it('is the sum and the count of the values the slot rule leaves', () => {
    // Whole numbers: their sum is the same in any order, so that equality can be asked for.
    const value = fc.integer({ min: -1_000_000, max: 1_000_000 });
    fc.assert(
      fc.property(slotShape, steps(value), ({ slotMillis, slotCount }, all) => {
        const window = new WindowSum({ windowMillis: slotMillis * slotCount, slotCount });
        const naive = new NaiveWindow(slotMillis, slotCount);
        let clock = 0;
        for (const step of all) {
          clock += step.stepMillis;
          window.add(clock, step.value);
          naive.add(clock, step.value);
          const live = naive.live(clock);
          expect(window.sum(clock)).to.equal(live.reduce((sum, one) => sum + one, 0));
          expect(window.count(clock)).to.equal(live.length);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is 0 while empty and after everything has expired', () => {
    const window = new WindowSum({ windowMillis: 1000 });
    expect([window.sum(0), window.count(0)]).to.deep.equal([0, 0]);
    window.add(10, 5);
    expect([window.sum(5_000_000), window.count(5_000_000)]).to.deep.equal([0, 0]);
  });

  it('is exact right after a very large value has left: nothing is subtracted', () => {
    const window = new WindowSum({ windowMillis: 1000, slotCount: 10 });
    window.add(0, 1e300);
    window.add(500, 0.125);
    expect(window.sum(999)).to.equal(1e300);
    expect(window.sum(1000)).to.equal(0.125);
  });

  it('ignores and counts what is not finite', () => {
    const window = new WindowSum({ windowMillis: 1000 });
    for (const value of [NaN, 3, Infinity, -Infinity, 4]) window.add(1, value);
    expect([window.sum(1), window.count(1), window.ignored]).to.deep.equal([7, 2, 3]);
  });

  it('cuts the window into 10 slots by default and says what they cover', () => {
    const window = new WindowSum({ windowMillis: 60_000 });
    window.add(6000, 1);
    expect([window.sum(65_999), window.coveredMillis(65_999)]).to.deep.equal([1, 59_999]);
    expect([window.sum(66_000), window.coveredMillis(66_000)]).to.deep.equal([0, 54_000]);
  });
});
