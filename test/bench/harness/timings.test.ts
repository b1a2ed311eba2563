import { expect } from 'chai';
import { Timings, cellName } from './timings.js';

const rounds: Readonly<Record<string, readonly number[]>> = {
  ours: [1, 2, 4, 1, 2, 4, 1, 2, 4, 1, 2],
  'ours again': [1, 2, 4, 1, 2, 4, 1, 2, 4, 1, 4],
  biased: [1.1, 2.2, 4.4, 1.1, 2.2, 4.4, 1.1, 2.2, 4.4, 1.1, 2.2],
  peer: [10, 20, 40, 10, 20, 40, 10, 20, 40, 30, 200],
};
const timings = new Timings();
for (const [candidate, values] of Object.entries(rounds)) {
  for (const value of values) timings.record('x', candidate, value);
}

describe('Timings', () => {
  it('takes ratios within rounds, so that what slows a whole round down cancels out', () => {
    const { ratio, control, controlHolds } = timings.comparison({
      what: 'peer ÷ ours',
      numerator: 'x | peer',
      denominator: 'x | ours',
      control: ['x | ours again', 'x | ours'],
    });
    // Nine times 10, 30 and 100: the 2nd and the 10th of eleven are the interval.
    expect(ratio).to.deep.equal({ median: 10, low: 10, high: 30, samples: 11 });
    expect(control).to.deep.equal({ median: 1, low: 1, high: 2, samples: 11 });
    expect(controlHolds).to.equal(true);
  });

  it('says so when the same thing twice is not the same', () => {
    const { control, controlHolds } = timings.comparison({
      what: 'peer ÷ ours',
      numerator: 'x | peer',
      denominator: 'x | ours',
      control: ['x | biased', 'x | ours'],
    });
    expect(control.median).to.be.closeTo(1.1, 1e-12);
    expect(controlHolds).to.equal(false);
  });

  it('scales measurements and ratios', () => {
    expect(timings.measurement('half', 'x | ours', 's', 0.5).estimate).to.deep.equal({
      median: 1,
      low: 0.5,
      high: 2,
      samples: 11,
    });
    const { ratio } = timings.comparison({
      what: 'a sample',
      numerator: 'x | peer',
      denominator: 'x | ours',
      control: ['x | ours again', 'x | ours'],
      factor: 3,
    });
    expect([ratio.low, ratio.median, ratio.high]).to.deep.equal([30, 30, 90]);
  });

  it('counts each generation of processes once', () => {
    const parted = new Timings();
    const values = { a: [2, 3, 4, 10, 20, 90, 5, 5, 7], b: [1, 1, 1, 10, 10, 10, 5, 5, 5] };
    for (const [candidate, samples] of Object.entries(values)) {
      for (const value of samples) parted.record('x', candidate, value);
    }
    const { ratio, control } = parted.comparison({
      what: 'across',
      numerator: 'x | a',
      denominator: 'x | b',
      control: ['x | b', 'x | b'],
      generations: 3,
    });
    // Medians of 2, 3, 4 and of 1, 2, 9 and of 1, 1, 1.4.
    expect(ratio).to.deep.equal({ median: 2, low: 1, high: 3, samples: 3 });
    expect(control.samples).to.equal(3);
  });

  it('subtracts within rounds', () => {
    const { estimate } = timings.difference('the rest', 'x | peer', 'x | ours', 0.5);
    // Nine times as much (4.5, 9, 18) and 14.5, 99; the 6th, the 2nd and the 10th of eleven.
    expect(estimate).to.deep.equal({ median: 9, low: 4.5, high: 18, samples: 11 });
  });

  it('names the cells there are when asked for another', () => {
    expect(() => timings.of('nobody')).to.throw(
      RangeError,
      'no cell "nobody" among x | ours; x | ours again; x | biased; x | peer',
    );
  });

  it('keeps the parts of a sample apart', () => {
    const parted = new Timings();
    parted.record('x', 'a', { mean: 1, p99: 2 });
    parted.record('x', 'a', { mean: 3, p99: 4 });
    expect(parted.of(cellName('x', 'a', 'mean'))).to.deep.equal([1, 3]);
    expect(parted.of('x | a | p99')).to.deep.equal([2, 4]);
  });
});
