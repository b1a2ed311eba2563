import { expect } from 'chai';
import fc from 'fast-check';
import { SampleBlock } from '../../src/trend/sample-block.js';
import { naiveMedian, thinned, type Point } from './naive-trend.js';

function fill(block: SampleBlock, samples: readonly Point[]): void {
  for (const { timeMillis, value } of samples) block.add(timeMillis, value);
}

describe('SampleBlock', () => {
  it('is the mean time and the median value of at most 64 evenly spread samples, and can be used again', () => {
    const block = new SampleBlock();
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 700 }),
        fc.array(fc.nat({ max: 1000 }), { minLength: 1 }),
        (n, values) => {
          const samples = Array.from({ length: n }, (_, i) => ({
            timeMillis: 1_000_000 + i * i,
            value: values[i % values.length]! + i,
          }));
          block.clear();
          expect(block.isEmpty).to.equal(true);
          fill(block, samples);
          expect(block.isEmpty).to.equal(false);
          const kept = thinned(samples);
          expect(block.meanTimeMillis()).to.be.closeTo(
            kept.reduce((sum, { timeMillis }) => sum + timeMillis, 0) / kept.length,
            1e-6,
          );
          expect(block.takeMedianValue()).to.equal(naiveMedian(kept.map(({ value }) => value)));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('keeps all of 64 samples and 33 of 65', () => {
    const line = (n: number): Point[] =>
      Array.from({ length: n }, (_, i) => ({ timeMillis: i, value: i * i }));
    expect([64, 65].map(n => thinned(line(n)).length)).to.deep.equal([64, 33]);
    const full = new SampleBlock();
    fill(full, line(64));
    expect([full.meanTimeMillis(), full.takeMedianValue()]).to.deep.equal([31.5, (31 * 31 + 32 * 32) / 2]);
    const over = new SampleBlock();
    fill(over, line(65));
    expect([over.meanTimeMillis(), over.takeMedianValue()]).to.deep.equal([32, 32 * 32]);
  });

  it('stays in the middle of its samples however many come', () => {
    const block = new SampleBlock();
    for (let i = 0; i < 100_000; i++) block.add(i, 3 * i);
    // 49 of every 2,048th are kept, 0 to 98,304.
    expect(block.meanTimeMillis()).to.equal(49_152);
    expect(block.takeMedianValue()).to.equal(3 * 49_152);
  });
});
