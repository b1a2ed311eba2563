import { expect } from 'chai';
import fc from 'fast-check';
import { WindowMaximum } from '../../src/window/window-maximum.js';
import { NaiveWindow, slotShape, steps } from './naive-window.js';

describe('WindowMaximum', () => {
  it('is the maximum of the values the slot rule leaves', () => {
    const value = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(slotShape, steps(value), ({ slotMillis, slotCount }, all) => {
        const window = new WindowMaximum({ windowMillis: slotMillis * slotCount, slotCount });
        const naive = new NaiveWindow(slotMillis, slotCount);
        let clock = 0;
        for (const step of all) {
          clock += step.stepMillis;
          window.add(clock, step.value);
          naive.add(clock, step.value);
          expect(window.maximum(clock)! - Math.max(...naive.live(clock))).to.equal(0);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('falls back to the second largest when the largest leaves', () => {
    const window = new WindowMaximum({ windowMillis: 1000, slotCount: 10 });
    window.add(0, 9);
    window.add(500, -3);
    expect(window.maximum(999)).to.equal(9);
    expect(window.maximum(1000)).to.equal(-3);
    expect(window.maximum(1500)).to.equal(undefined);
  });

  it('is undefined while empty', () => {
    expect(new WindowMaximum({ windowMillis: 1000 }).maximum(0)).to.equal(undefined);
  });

  it('ignores and counts what is not finite', () => {
    const window = new WindowMaximum({ windowMillis: 1000 });
    for (const value of [NaN, Infinity, -Infinity]) window.add(1, value);
    expect(window.maximum(1)).to.equal(undefined);
    window.add(1, -Number.MAX_VALUE);
    expect([window.maximum(1), window.ignored]).to.deep.equal([-Number.MAX_VALUE, 3]);
  });

  it('cuts the window into 10 slots by default', () => {
    const window = new WindowMaximum({ windowMillis: 60_000 });
    window.add(6000, 1);
    expect(window.maximum(65_999)).to.equal(1);
    expect(window.maximum(66_000)).to.equal(undefined);
  });
});
