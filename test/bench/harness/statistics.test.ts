import { expect } from 'chai';
import fc from 'fast-check';
import { estimate, median, medianInterval, medianSlope, quantile } from './statistics.js';

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe('quantile and median', () => {
  it('interpolates between the neighbours', () => {
    expect(quantile([40, 10, 30, 20], 0.99)).to.be.closeTo(39.7, 1e-12);
    expect(quantile([40, 10, 30, 20], 0.25)).to.equal(17.5);
    expect(quantile([7], 0.3)).to.equal(7);
    expect(quantile([3, 1], 0)).to.equal(1);
    expect(quantile([3, 1], 1)).to.equal(3);
  });

  it('is the middle value, or the mean of the two', () => {
    expect(median([3, 1, 2])).to.equal(2);
    expect(median([4, 1, 3, 2])).to.equal(2.5);
    expect(median([-1, -10])).to.equal(-5.5);
  });

  it('sorts by value, not as text, and leaves the input alone', () => {
    const values = [100, 9, 10];
    expect(median(values)).to.equal(10);
    expect(values).to.deep.equal([100, 9, 10]);
  });

  it('knows nothing of nothing', () => {
    expect(median([])).to.be.NaN;
  });
});

describe('medianInterval', () => {
  // By hand: P(fewer than k of n below the median), n coins; e.g. n = 10: (1 + 10) / 1,024 ≤ 2.5 % < (1 + 10 + 45) / 1,024.
  const byHand: [count: number, confidence: number, low: number, high: number][] = [
    [6, 0.95, 1, 6],
    [8, 0.95, 1, 8],
    [9, 0.95, 2, 8],
    [10, 0.95, 2, 9],
    [15, 0.95, 4, 12],
    [20, 0.95, 6, 15],
    [100, 0.95, 40, 61],
    [10, 0.99, 1, 10],
    [11, 0.999, 1, 11],
  ];
  for (const [count, confidence, low, high] of byHand) {
    it(`of ${count} values at ${confidence * 100} % goes from the ${low}. to the ${high}.`, () => {
      expect(medianInterval(upTo(count), confidence)).to.deep.equal([low, high]);
      expect(medianInterval(upTo(count).reverse(), confidence)).to.deep.equal([low, high]);
    });
  }

  it('is the whole range where there are too few values', () => {
    expect(medianInterval([5, 3, 4], 0.95)).to.deep.equal([3, 5]);
    expect(medianInterval([5], 0.95)).to.deep.equal([5, 5]);
  });

  it('agrees with exact whole numbers for any count', () => {
    fc.assert(
      fc.property(fc.integer({ min: 6, max: 1500 }), fc.constantFrom(950, 990, 999), (count, perMille) => {
        expect(medianInterval(upTo(count), perMille / 1000)[0]).to.equal(exactOrder(count, perMille));
      }),
      { numRuns: 40, examples: [[1400, 950]] },
    );
  });
});

/** Largest k >= 1 with sum of C(count, i), i < k, no more than (1 - perMille / 1000) / 2 of 2 ** count. */
function exactOrder(count: number, perMille: number): number {
  const total = 1n << BigInt(count);
  let binomial = 1n;
  let sum = 0n;
  for (let k = 0n; ; k += 1n) {
    sum += binomial;
    if (sum * 2000n > total * BigInt(1000 - perMille)) return Math.max(1, Number(k));
    binomial = (binomial * (BigInt(count) - k)) / (k + 1n);
  }
}

describe('medianSlope', () => {
  it('finds the slope of points on a line, wherever it lies', () => {
    const points = [0, 3, 10, 4].map(x => [x, 1_000 - 2.5 * x] as const);
    expect(medianSlope(points)).to.be.closeTo(-2.5, 1e-12);
  });

  it('is not turned by a point that lies far away, nor by pairs without a slope', () => {
    const line = [0, 1, 1, 2, 3, 4].map(x => [x, 2 * x] as const);
    expect(medianSlope([...line, [5, 1e6]])).to.equal(2);
  });

  it('is the mean of the middle two', () => {
    // By hand: slopes of (0,0)-(1,1) 1, (0,0)-(2,8) 4, (1,1)-(2,8) 7, (0,0)-(4,8) 2, (1,1)-(4,8) 7/3, (2,8)-(4,8) 0.
    const points = [
      [0, 0],
      [1, 1],
      [2, 8],
      [4, 8],
    ] as const;
    expect(medianSlope(points)).to.be.closeTo((2 + 7 / 3) / 2, 1e-12);
  });

  it('knows nothing of points above each other, nor of none', () => {
    expect(
      medianSlope([
        [1, 1],
        [1, 2],
      ]),
    ).to.be.NaN;
    expect(medianSlope([])).to.be.NaN;
  });
});

describe('estimate', () => {
  it('puts them together', () => {
    expect(estimate(upTo(10))).to.deep.equal({ median: 5.5, low: 2, high: 9, samples: 10 });
    expect(estimate(upTo(10), 0.99)).to.deep.equal({ median: 5.5, low: 1, high: 10, samples: 10 });
  });
});
