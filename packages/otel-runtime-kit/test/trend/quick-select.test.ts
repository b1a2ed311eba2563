import { expect } from 'chai';
import fc from 'fast-check';
import { medianInPlace, quickSelect } from '../../src/trend/quick-select.js';

const number = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double({ noNaN: true }));

/** Sorted, with -0 made 0: the two are equal, so that their order among each other is free. */
function ascending(values: Iterable<number>): number[] {
  return Array.from(values, value => value + 0).sort((a, b) => a - b);
}

describe('quickSelect', () => {
  it('is the k-th of the sorted range, leaves the rest alone, and splits the range there', () => {
    const scenario = fc
      .array(number, { minLength: 1, maxLength: 200 })
      .chain(values =>
        fc.tuple(
          fc.constant(values),
          fc.nat({ max: values.length - 1 }),
          fc.nat({ max: values.length - 1 }),
          fc.nat(),
        ),
      );
    fc.assert(
      fc.property(scenario, ([values, one, other, seed]) => {
        const [from, to] = one < other ? [one, other] : [other, one];
        const k = seed % (to - from + 1);
        const array = Float64Array.from(values);
        const result = quickSelect(array, k, from, to);
        expect(result + 0).to.equal(ascending(values.slice(from, to + 1))[k]);
        expect([...array.subarray(0, from)]).to.deep.equal(values.slice(0, from));
        expect([...array.subarray(to + 1)]).to.deep.equal(values.slice(to + 1));
        expect(ascending(array)).to.deep.equal(ascending(Float64Array.from(values)));
        expect(array.subarray(from, from + k).every(value => value <= result)).to.equal(true);
        expect(array.subarray(from + k, to + 1).every(value => value >= result)).to.equal(true);
      }),
      // Found by seed -1448091774: zeros of both signs.
      { numRuns: 1000, examples: [[[[-0, 0, 0], 0, 1, 0]]] },
    );
  });

  // Quadratic work on 2^20 elements would take a quarter of an hour: this test would not end.
  const half = 2 ** 19;
  const shapes: Record<string, (i: number) => number> = {
    sorted: i => i,
    reversed: i => -i,
    constant: () => 42,
    'two values': i => i % 2,
    'an organ pipe': i => Math.min(i, 2 * half - i),
    'a valley': i => Math.abs(i - half),
    'a saw of 1,024 teeth': i => i % 1024,
    'sorted but for the last': i => (i === 2 * half - 1 ? -1 : i),
  };
  for (const [name, shape] of Object.entries(shapes)) {
    it(`is not quadratic on ${name}`, () => {
      const array = Float64Array.from({ length: 2 * half }, (_, i) => shape(i));
      const sorted = array.slice().sort();
      for (const k of [0, 1000, half, 2 * half - 1])
        expect(quickSelect(array.slice(), k)).to.equal(sorted[k]);
    });
  }

  it('ends even with NaN among the values', () => {
    for (let n = 1; n < 60; n++) {
      const array = Float64Array.from({ length: n }, (_, i) => (i % 3 === 0 ? NaN : i));
      quickSelect(array, n >>> 1);
      expect(ascending(array.filter(value => !Number.isNaN(value)))).to.have.length(n - Math.ceil(n / 3));
    }
  });

  it('names an element that is not there', () => {
    const array = Float64Array.of(1, 2, 3);
    for (const k of [-1, 3, 0.5, NaN]) {
      expect(() => quickSelect(array, k)).to.throw(RangeError, `no element ${k} in [0, 2] of 3 values`);
    }
    expect(() => quickSelect(array, 0, 0, 3)).to.throw(RangeError);
    expect(() => quickSelect(array, 0, -1, 2)).to.throw(RangeError);
  });
});

describe('medianInPlace', () => {
  it('is the middle of the sorted values, or the mean of the two in the middle', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1 }),
        fc.nat({ max: 5 }),
        (values, rest) => {
          const array = Float64Array.from([...values, ...Array<number>(rest).fill(1e9)]);
          const sorted = ascending(values);
          const n = sorted.length;
          const expected = (sorted[Math.floor((n - 1) / 2)]! + sorted[Math.floor(n / 2)]!) / 2;
          expect(medianInPlace(array, n)! + 0).to.equal(expected + 0);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('is undefined for nothing and does not overflow', () => {
    expect(medianInPlace(new Float64Array(4), 0)).to.equal(undefined);
    expect(medianInPlace(Float64Array.of(Number.MAX_VALUE, Number.MAX_VALUE), 2)).to.equal(Number.MAX_VALUE);
    expect(medianInPlace(Float64Array.of(Number.MAX_VALUE, -Number.MAX_VALUE), 2)).to.equal(0);
  });
});
