import { expect } from 'chai';
import fc from 'fast-check';
import { LogBuckets } from '../../src/window/log-buckets.js';

describe('LogBuckets', () => {
  it('gives back every value of the range within 0.5 %, bucket edges included', () => {
    const buckets = new LogBuckets(1e-6, 1e3);
    // Uniform in the logarithm, which is where fc.double() hardly ever looks.
    fc.assert(
      fc.property(fc.double({ min: Math.log(1e-6), max: Math.log(1e3), noNaN: true }), logarithm => {
        const value = Math.min(Math.max(Math.exp(logarithm), 1e-6), 1e3);
        const reported = buckets.valueOf(buckets.indexOf(value));
        expect(Math.abs(reported - value) / value).to.be.at.most(0.005);
      }),
      { numRuns: 3000 },
    );
    for (const edge of [1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1, 10, 100, 1e3]) {
      for (const value of [edge * (1 - Number.EPSILON), edge, edge * (1 + 2 * Number.EPSILON)]) {
        if (value < 1e-6 || value > 1e3) continue;
        expect(Math.abs(buckets.valueOf(buckets.indexOf(value)) / value - 1)).to.be.at.most(0.005);
      }
    }
  });

  it('never puts a larger value into an earlier bucket', () => {
    const buckets = new LogBuckets(0.001, 60);
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 100, noNaN: true }),
        fc.double({ min: 0, max: 100, noNaN: true }),
        (a, b) => {
          const [small, large] = a < b ? [a, b] : [b, a];
          expect(buckets.indexOf(small)).to.be.at.most(buckets.indexOf(large));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('has one bucket below and one above the range', () => {
    const buckets = new LogBuckets(1, 10);
    expect([0, 0.999, 1, 10, 10.001, Number.MAX_VALUE].map(value => buckets.indexOf(value))).to.deep.equal([
      0,
      0,
      1,
      buckets.count - 2,
      buckets.count - 1,
      buckets.count - 1,
    ]);
    expect(buckets.valueOf(0)).to.equal(-Infinity);
    expect(buckets.valueOf(buckets.count - 1)).to.equal(Infinity);
  });

  it('has the number of buckets that the memory figure of WindowQuantile is based on', () => {
    expect(new LogBuckets(1e-6, 1e3).count).to.equal(2079);
  });

  it('works from the smallest to the largest double', () => {
    const buckets = new LogBuckets(Number.MIN_VALUE, Number.MAX_VALUE);
    for (const value of [1e-300, 1, 1e300, Number.MAX_VALUE / 1.01]) {
      expect(Math.abs(buckets.valueOf(buckets.indexOf(value)) / value - 1)).to.be.at.most(0.005);
    }
  });

  it('works with a range narrower than one bucket', () => {
    const buckets = new LogBuckets(1, 1 + Number.EPSILON);
    expect(buckets.count).to.equal(3);
    expect(buckets.valueOf(buckets.indexOf(1))).to.be.closeTo(1, 1e-12);
    expect(() => new LogBuckets(1e300, 1e300 * (1 + Number.EPSILON))).to.throw(RangeError, 'highest');
  });

  it('names a range that is impossible', () => {
    for (const lowest of [0, -1, NaN, Infinity]) {
      expect(() => new LogBuckets(lowest, 10)).to.throw(
        RangeError,
        `LogBuckets: lowest must be a finite number > 0, got ${lowest}`,
      );
    }
    for (const highest of [1, 0.5, NaN, Infinity]) {
      expect(() => new LogBuckets(1, highest)).to.throw(
        RangeError,
        `LogBuckets: highest must be a finite number > lowest (1), got ${highest}`,
      );
    }
  });
});
