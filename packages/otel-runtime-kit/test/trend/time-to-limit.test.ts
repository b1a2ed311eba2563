import { expect } from 'chai';
import fc from 'fast-check';
import { SEVEN_DAYS_SECONDS, timeToLimitSeconds } from '../../src/trend/time-to-limit.js';

describe('timeToLimitSeconds', () => {
  it('is what is left divided by the slope', () => {
    expect(timeToLimitSeconds({ current: 320, limit: 20_000, slopePerSecond: 41 })).to.equal(480);
    expect(timeToLimitSeconds({ current: -10, limit: 10, slopePerSecond: 0.5 })).to.equal(40);
  });

  it('is 0 at the limit and beyond, whatever the slope', () => {
    for (const slopePerSecond of [undefined, -1, 0, 1]) {
      expect(timeToLimitSeconds({ current: 100, limit: 100, slopePerSecond })).to.equal(0);
      expect(timeToLimitSeconds({ current: 101, limit: 100, slopePerSecond })).to.equal(0);
    }
  });

  it('is the horizon where nothing grows, grows fast enough, or is known', () => {
    const below = { current: 1, limit: 1e9, horizonSeconds: 3600 };
    for (const slopePerSecond of [undefined, 0, -0, -5, NaN, 1, 5e-324]) {
      expect(timeToLimitSeconds({ ...below, slopePerSecond })).to.equal(3600);
    }
    expect(
      timeToLimitSeconds({ current: 1, limit: Infinity, slopePerSecond: 1e9, horizonSeconds: 3600 }),
    ).to.equal(3600);
    expect(timeToLimitSeconds({ current: NaN, limit: 5, slopePerSecond: 1, horizonSeconds: 3600 })).to.equal(
      3600,
    );
    expect(timeToLimitSeconds({ current: 1, limit: NaN, slopePerSecond: 1, horizonSeconds: 3600 })).to.equal(
      3600,
    );
  });

  it('looks seven days ahead by default', () => {
    expect(SEVEN_DAYS_SECONDS).to.equal(7 * 24 * 60 * 60);
    expect(timeToLimitSeconds({ current: 0, limit: 604_799, slopePerSecond: 1 })).to.equal(604_799);
    expect(timeToLimitSeconds({ current: 0, limit: 604_801, slopePerSecond: 1 })).to.equal(604_800);
  });

  it('always lies between 0 and the horizon', () => {
    fc.assert(
      fc.property(
        fc.double(),
        fc.double(),
        fc.option(fc.double(), { nil: undefined }),
        (current, limit, slopePerSecond) => {
          const seconds = timeToLimitSeconds({ current, limit, slopePerSecond, horizonSeconds: 1000 });
          expect(seconds).to.be.within(0, 1000);
        },
      ),
      { numRuns: 500 },
    );
  });
});
