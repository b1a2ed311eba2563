import { expect } from 'chai';
import fc from 'fast-check';
import { BoundedHistory } from '../../src/page/bounded-history.js';

const row = (value: number): number[] => [value, value];
const filled = (whenFull: 'slide' | 'thin', capacity: number, values: readonly number[]): BoundedHistory => {
  const history = new BoundedHistory(capacity, whenFull, [false, true]);
  values.forEach((value, index) => {
    history.push(index, row(value));
  });
  return history;
};

describe('the bounded history of the page', () => {
  it('keeps the latest samples where it slides', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -1e6, max: 1e6 })),
        fc.integer({ min: 1, max: 9 }),
        (values, capacity) => {
          const { times, columns, samplesPerPoint } = filled('slide', capacity, values).rows();
          const from = Math.max(0, values.length - capacity);
          expect(columns).to.deep.equal([values.slice(from), values.slice(from)]);
          expect(times).to.deep.equal(values.slice(from).map((_, index) => from + index));
          expect(samplesPerPoint).to.equal(1);
        },
      ),
    );
  });

  it('keeps means and peaks of everything, by equal groups, where it thins out', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 400 }),
        fc.integer({ min: 2, max: 12 }).map(half => 2 * half),
        (values, capacity) => {
          const { times, columns, samplesPerPoint, samplesInLast } = filled('thin', capacity, values).rows();
          const groups: number[][] = [];
          for (let at = 0; at < values.length; at += samplesPerPoint)
            groups.push(values.slice(at, at + samplesPerPoint));
          expect(groups.length).to.equal(times.length);
          expect(times.length).to.be.at.most(capacity);
          if (samplesPerPoint > 1) expect(times.length).to.be.greaterThan(capacity / 2);
          expect(samplesInLast).to.equal(groups.at(-1)!.length);
          groups.forEach((group, index) => {
            const mean = group.reduce((sum, value) => sum + value, 0) / group.length;
            expect(columns[0]![index]).to.be.closeTo(mean, Math.max(1e-3, mean * 1e-5));
            expect(columns[1]![index]).to.equal(Math.max(...group));
            expect(times[index]).to.equal(Math.min(values.length, (index + 1) * samplesPerPoint) - 1);
          });
        },
      ),
    );
  });

  it('does not count what is not known, and shows it as null', () => {
    const history = new BoundedHistory(2, 'thin', [false, true]);
    [NaN, 4, 6, NaN, NaN, NaN].forEach((value, index) => {
      history.push(index, row(value));
    });
    // Six samples in two points: three halvings' worth of four, the last with two of them.
    expect(history.rows()).to.deep.equal({
      samplesPerPoint: 4,
      samplesInLast: 2,
      times: [3, 5],
      columns: [
        [5, null],
        [6, null],
      ],
    });
  });

  it('goes on in a copy as in the original', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 60 }),
        fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 60 }),
        fc.constantFrom('slide' as const, 'thin' as const),
        (before, after, whenFull) => {
          const original = filled(whenFull, 8, before);
          const copy = new BoundedHistory(8, whenFull, [false, true]);
          copy.push(-1, row(7));
          copy.restore(original.rows());
          after.forEach((value, index) => {
            original.push(100 + index, row(value));
            copy.push(100 + index, row(value));
          });
          const [expected, found] = [original.rows(), copy.rows()];
          expect(found.times).to.deep.equal(expected.times);
          expect(found.samplesInLast).to.equal(
            before.length + after.length === 0 ? 0 : expected.samplesInLast,
          );
          found.columns.forEach((column, at) => {
            column.forEach((value, index) => {
              expect(value).to.be.closeTo(expected.columns[at]![index]!, 1e-2);
            });
          });
        },
      ),
    );
  });
});
