import { expect } from 'chai';
import fc from 'fast-check';
import { RingSeries } from '../../src/window/ring-series.js';

function contents(ring: RingSeries): [number, number][] {
  return Array.from({ length: ring.length }, (_, index) => [ring.timeAt(index), ring.valueAt(index)]);
}

describe('RingSeries', () => {
  it('is what an array that keeps everything, cut to its last entries, is', () => {
    const operation = fc.oneof(
      { weight: 30, arbitrary: fc.tuple(fc.constant('push'), fc.integer({ min: -20, max: 100 })) },
      { weight: 5, arbitrary: fc.tuple(fc.constant('dropBefore'), fc.integer({ min: -300, max: 50 })) },
      { weight: 1, arbitrary: fc.tuple(fc.constant('clear'), fc.constant(0)) },
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.array(operation, { maxLength: 60 }),
        (capacity, operations) => {
          const ring = new RingSeries(capacity);
          let naive: [number, number][] = [];
          let clock = 0;
          let latest = -Infinity;
          for (const [count, [name, amount]] of operations.entries()) {
            if (name === 'push') {
              clock += amount;
              latest = Math.max(latest, clock);
              ring.push(clock, count);
              naive = [...naive, [latest, count] as [number, number]].slice(-capacity);
            } else if (name === 'dropBefore') {
              ring.dropBefore(clock + amount);
              naive = naive.filter(([time]) => time >= clock + amount);
            } else {
              ring.clear();
              naive = [];
              latest = -Infinity;
            }
            expect(contents(ring)).to.deep.equal(naive);
            expect(ring.oldest?.value).to.equal(naive[0]?.[1]);
            expect(ring.latest?.timeMillis).to.equal(naive.at(-1)?.[0]);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('holds only the latest with a capacity of 1', () => {
    const ring = new RingSeries(1);
    ring.push(1, 10);
    ring.push(2, 20);
    expect(ring.length).to.equal(1);
    expect(ring.oldest).to.deep.equal({ timeMillis: 2, value: 20 });
    expect(ring.latest).to.deep.equal({ timeMillis: 2, value: 20 });
  });

  it('has neither oldest nor latest while empty', () => {
    const ring = new RingSeries(3);
    expect(ring.length).to.equal(0);
    expect(ring.oldest).to.equal(undefined);
    expect(ring.latest).to.equal(undefined);
  });

  it('takes a time that goes backwards for the latest seen, even when that sample has been dropped', () => {
    const ring = new RingSeries(4);
    ring.push(1000, 1);
    ring.dropBefore(1001);
    ring.push(5, 2);
    expect(contents(ring)).to.deep.equal([[1000, 2]]);
  });

  it('keeps a sample whose time is exactly the one given to dropBefore', () => {
    const ring = new RingSeries(4);
    ring.push(10, 1);
    ring.push(20, 2);
    ring.dropBefore(20);
    expect(contents(ring)).to.deep.equal([[20, 2]]);
  });

  it('drops a sample without a finite time and keeps every value, NaN and the largest included', () => {
    const ring = new RingSeries(8);
    ring.push(NaN, 1);
    ring.push(Infinity, 2);
    ring.push(-Infinity, 3);
    ring.push(1, NaN);
    ring.push(2, Number.MAX_VALUE);
    expect(contents(ring)).to.deep.equal([
      [1, NaN],
      [2, Number.MAX_VALUE],
    ]);
  });

  it('copies its samples oldest first, also when they wrap around', () => {
    const ring = new RingSeries(3);
    for (let i = 1; i <= 5; i++) ring.push(i, i * 10);
    const times = new Float64Array(4).fill(-1);
    const values = new Float64Array(4).fill(-1);
    expect(ring.copyTo(times, values)).to.equal(3);
    expect([...times]).to.deep.equal([3, 4, 5, -1]);
    expect([...values]).to.deep.equal([30, 40, 50, -1]);
  });

  it('names an index or a capacity that is impossible', () => {
    const ring = new RingSeries(3);
    ring.push(1, 1);
    for (const index of [-1, 1, 0.5, NaN]) {
      const message = `RingSeries: index must be a whole number in [0, 1), got ${index}`;
      expect(() => ring.timeAt(index)).to.throw(RangeError, message);
      expect(() => ring.valueAt(index)).to.throw(RangeError, message);
    }
    for (const capacity of [0, -1, 1.5, NaN, Infinity]) {
      expect(() => new RingSeries(capacity)).to.throw(
        RangeError,
        `RingSeries: capacity must be a whole number >= 1, got ${capacity}`,
      );
    }
  });
});
