import { expect } from 'chai';
import { seededRandom, shuffled } from './random.js';

describe('seededRandom', () => {
  it('gives the same numbers for the same seed, others for another', () => {
    const three = (seed: number): number[] => {
      const random = seededRandom(seed);
      return [random(), random(), random()];
    };
    expect(three(7)).to.deep.equal(three(7));
    expect(three(7)).not.to.deep.equal(three(8));
  });

  it('spreads evenly over [0, 1)', () => {
    const random = seededRandom(1);
    const tenths = Array.from({ length: 10 }, () => 0);
    for (let i = 0; i < 10_000; i += 1) tenths[Math.floor(random() * 10)]! += 1;
    for (const count of tenths) expect(count).to.be.within(880, 1120);
  });
});

describe('shuffled', () => {
  it('finds every order equally often, and leaves the input alone', () => {
    const random = seededRandom(2);
    const input = ['a', 'b', 'c'];
    const counts = new Map<string, number>();
    for (let i = 0; i < 6_000; i += 1) {
      const order = shuffled(input, random).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).to.deep.equal(['abc', 'acb', 'bac', 'bca', 'cab', 'cba']);
    for (const count of counts.values()) expect(count).to.be.within(880, 1120);
    expect(input).to.deep.equal(['a', 'b', 'c']);
  });
});
