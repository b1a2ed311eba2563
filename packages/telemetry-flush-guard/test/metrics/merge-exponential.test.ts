import { expect } from 'chai';
import type { BucketsLike, ExponentialHistogramLike } from '../../src/items/metric-types.js';
import { addExponential } from '../../src/metrics/merge-exponential.js';

const NONE: BucketsLike = { offset: 0, bucketCounts: [] };

function histogram(given: Partial<ExponentialHistogramLike>): ExponentialHistogramLike {
  return { count: 0, sum: 0, scale: 0, zeroCount: 0, positive: NONE, negative: NONE, ...given };
}

describe('exponential histograms that are added', () => {
  it('come to the coarser of their scales, with two neighbours as one for each step', () => {
    const fine = histogram({ scale: 2, count: 6, positive: { offset: -3, bucketCounts: [1, 2, 3] } });
    const coarse = histogram({ scale: 1, count: 4, positive: { offset: 2, bucketCounts: [4] } });
    // Buckets -3, -2, -1 of scale 2 are -2, -1, -1 of scale 1.
    const expected = { scale: 1, count: 10, positive: { offset: -2, bucketCounts: [1, 5, 0, 0, 4] } };
    expect(addExponential(fine, coarse)).to.deep.include(expected);
    expect(addExponential(coarse, fine)).to.deep.include(expected);
  });

  it('become no wider than 160 buckets, or than one of them was', () => {
    const far = (offset: number, length = 1): ExponentialHistogramLike =>
      histogram({
        scale: 5,
        count: length,
        negative: { offset, bucketCounts: new Array<number>(length).fill(1) },
      });
    expect(addExponential(far(0), far(159))).to.deep.include({ scale: 5 });
    const wide = addExponential(far(0), far(160));
    expect(wide.scale).to.equal(4);
    expect(wide.negative).to.deep.equal({
      offset: 0,
      bucketCounts: [1, ...new Array<number>(79).fill(0), 1],
    });
    expect(addExponential(far(0, 300), far(299)).scale).to.equal(5);
    expect(addExponential(far(0, 300), far(300)).scale).to.equal(4);
  });

  it('are not made coarser by one that has nothing but zeros, whose scale says nothing', () => {
    const zeros = histogram({ scale: 0, count: 3, zeroCount: 3, min: 0, max: 0 });
    const fine = histogram({
      scale: 20,
      count: 1,
      sum: 7,
      min: 7,
      max: 7,
      positive: { offset: 9, bucketCounts: [1] },
    });
    const expected = { scale: 20, count: 4, zeroCount: 3, sum: 7, min: 0, max: 7, positive: fine.positive };
    expect(addExponential(zeros, fine)).to.deep.include(expected);
    expect(addExponential(fine, zeros)).to.deep.include(expected);
    expect(addExponential(zeros, zeros)).to.deep.include({ scale: 0, count: 6, zeroCount: 6 });
  });

  it('do not say a sum or extremes that one of them does not know', () => {
    const known = histogram({ count: 2, sum: 3, min: 1, max: 2 });
    const unknown = { ...histogram({ count: 1 }), sum: undefined };
    expect(addExponential(known, unknown)).to.not.have.any.keys('sum', 'min', 'max');
    expect(addExponential(unknown, known)).to.not.have.any.keys('sum', 'min', 'max');
    // One of no values has no extremes to know.
    expect(addExponential(known, histogram({}))).to.deep.include({ sum: 3, min: 1, max: 2 });
    expect(addExponential(histogram({}), known)).to.deep.include({ sum: 3, min: 1, max: 2 });
    expect(addExponential(histogram({ min: Infinity, max: -Infinity }), known)).to.deep.include({
      min: 1,
      max: 2,
    });
  });
});
