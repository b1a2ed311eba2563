import { expect } from 'chai';
import fc from 'fast-check';
import { theilSenSlope } from '../../src/trend/theil-sen.js';
import { naiveSlope, type Point } from './naive-trend.js';

function slopeOf(points: readonly Point[], scratch?: Float64Array): number | undefined {
  const times = Float64Array.from(points, point => point.timeMillis);
  const values = Float64Array.from(points, point => point.value);
  return theilSenSlope(times, values, points.length, scratch);
}

const point = fc.record({
  timeMillis: fc.oneof(fc.nat({ max: 5 }), fc.nat({ max: 1e9 })),
  value: fc.oneof(fc.integer({ min: -100, max: 100 }), fc.double({ min: -1e12, max: 1e12, noNaN: true })),
});

const tinySlope = [
  { timeMillis: 0, value: 0 },
  { timeMillis: 66_532_276, value: 8.167793584243236e-308 },
];

describe('theilSenSlope', () => {
  it('is the median of all pairwise slopes, equal times left out, in any order of the points', () => {
    const scratch = new Float64Array(1770);
    fc.assert(
      fc.property(fc.array(point, { maxLength: 60 }), points => {
        const expected = naiveSlope(points);
        const slope = slopeOf(points, scratch);
        if (expected === undefined) expect(slope).to.equal(undefined);
        else expect(Math.abs(slope! - expected)).to.be.at.most(1e-12 * Math.abs(expected) + Number.MIN_VALUE);
        expect(slopeOf(points)).to.equal(slope);
      }),
      // Found by seed 137677449: a slope too small to be halved.
      { numRuns: 300, examples: [[tinySlope]] },
    );
  });

  it('is undefined without two distinct times', () => {
    expect(slopeOf([])).to.equal(undefined);
    expect(slopeOf([{ timeMillis: 1, value: 1 }])).to.equal(undefined);
    expect(slopeOf(Array.from({ length: 60 }, (_, i) => ({ timeMillis: 7, value: i })))).to.equal(undefined);
  });

  it('is the slope of an exact line, with 25 % of the points anywhere', () => {
    const scenario = fc.tuple(
      fc.integer({ min: -1000, max: 1000 }),
      fc.uniqueArray(fc.nat({ max: 59 }), { maxLength: 15 }),
      fc.array(fc.double({ min: -1e15, max: 1e15, noNaN: true }), { minLength: 15, maxLength: 15 }),
    );
    fc.assert(
      fc.property(scenario, ([slope, outliers, elsewhere]) => {
        const points = Array.from({ length: 60 }, (_, i) => ({
          timeMillis: i * 30_000,
          value: 5e9 + slope * i * 30_000,
        }));
        for (const [nth, index] of outliers.entries()) points[index]!.value = elsewhere[nth]!;
        // (45 choose 2) = 990 of 1,770 pairs lie on the line: more than half, so that the median is one of them.
        expect(slopeOf(points)).to.equal(slope);
      }),
      { numRuns: 300 },
    );
  });

  it('takes very large values', () => {
    const points = [1, 2, 3, 4].map(i => ({ timeMillis: i * 1000, value: i * 1e307 }));
    expect(slopeOf(points)! / 1e304).to.be.closeTo(1, 1e-12);
  });

  it('leaves out pairs whose slope is not a number', () => {
    const points = [0, 1, NaN, 3, 4].map((value, i) => ({ timeMillis: i, value }));
    expect(slopeOf(points)).to.equal(1);
  });

  it('names a scratch array that is too short', () => {
    expect(() => theilSenSlope(new Float64Array(4), new Float64Array(4), 4, new Float64Array(5))).to.throw(
      RangeError,
      'theilSenSlope: 4 points need 6 scratch elements, got 5',
    );
  });
});
