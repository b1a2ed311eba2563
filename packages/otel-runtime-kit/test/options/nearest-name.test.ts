import { expect } from 'chai';
import fc from 'fast-check';
import { nearestName } from '../../src/options/nearest-name.js';

/** The definition of the Levenshtein distance, as it stands in textbooks. */
function naiveDistance(from: string, to: string, known = new Map<string, number>()): number {
  if (from === '') return to.length;
  if (to === '') return from.length;
  const key = `${from.length} ${to.length}`;
  let distance = known.get(key);
  if (distance === undefined) {
    distance = Math.min(
      naiveDistance(from.slice(1), to.slice(1), known) + (from.charCodeAt(0) === to.charCodeAt(0) ? 0 : 1),
      naiveDistance(from.slice(1), to, known) + 1,
      naiveDistance(from, to.slice(1), known) + 1,
    );
    known.set(key, distance);
  }
  return distance;
}

const names = ['enabled', 'sampleIntervalMillis', 'warnAtRatio', 'warnAtCount', 'onPressure', 'connections'];
const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'A', 'B'), maxLength: 9 });
const anything = fc.string({ unit: 'grapheme', maxLength: 12 });

describe('nearestName', () => {
  it('finds a name with a letter wrong, missing, too many or in another case', () => {
    expect(nearestName('enabeld', names)).to.equal('enabled');
    expect(nearestName('enable', names)).to.equal('enabled');
    expect(nearestName('connectionss', names)).to.equal('connections');
    expect(nearestName('SAMPLEINTERVALMILLIS', names)).to.equal('sampleIntervalMillis');
    expect(nearestName('sampleInterval', ['sampleIntervalMs'])).to.equal('sampleIntervalMs');
  });

  it('prefers the nearer one, and of equally near ones the first', () => {
    expect(nearestName('warnAtCounts', names)).to.equal('warnAtCount');
    expect(nearestName('warnAtRatios', names)).to.equal('warnAtRatio');
    expect(nearestName('ab-cde', ['abXcde', 'abYcde'])).to.equal('abXcde');
  });

  it('finds nothing that would have to change by more than a third', () => {
    expect(nearestName('colour', names)).to.equal(undefined);
    expect(nearestName('', names)).to.equal(undefined);
    expect(nearestName('enabled', [])).to.equal(undefined);
    // 9 letters: 3 changes are a third, 4 are more.
    expect(nearestName('abcdefXXX', ['abcdefghi'])).to.equal('abcdefghi');
    expect(nearestName('abcdeXXXX', ['abcdefghi'])).to.equal(undefined);
  });

  it('is the first of the nearest by the textbook distance, within a third of the letters', () => {
    fc.assert(
      fc.property(
        fc.oneof(word, anything),
        fc.array(fc.oneof(word, anything), { maxLength: 6 }),
        (name, candidates) => {
          const distances = candidates.map(candidate =>
            naiveDistance(name.toLowerCase(), candidate.toLowerCase()),
          );
          const fewest = Math.min(...distances);
          const expected = fewest * 3 <= name.length ? candidates[distances.indexOf(fewest)] : undefined;
          expect(nearestName(name, candidates)).to.equal(expected);
        },
      ),
      { numRuns: 500 },
    );
  });
});
