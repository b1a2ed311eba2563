import { expect } from 'chai';
import fc from 'fast-check';
import { positiveNumberFromEnvironment } from '../../src/options/environment.js';

describe('a number from the environment', () => {
  function read(text: string | undefined): { value: number | undefined; problems: string[] } {
    const problems: string[] = [];
    const value = positiveNumberFromEnvironment('LIMIT_MB', { LIMIT_MB: text }, problem =>
      problems.push(problem),
    );
    return { value, problems };
  }

  it('is what is written there, spaces around it or not', () => {
    for (const [text, value] of [
      ['2048', 2_048],
      [' 64\t', 64],
      ['0.5', 0.5],
      ['007', 7],
      ['9007199254740993', 9_007_199_254_740_992],
    ] as const) {
      expect(read(text)).to.deep.equal({ value, problems: [] });
    }
  });

  it('is none where the variable is not set or is empty, which is the same', () => {
    for (const text of [undefined, '', '  ', '\n']) {
      expect(read(text)).to.deep.equal({ value: undefined, problems: [] });
    }
    const problems: string[] = [];
    expect(positiveNumberFromEnvironment('LIMIT_MB', {}, problem => problems.push(problem))).to.equal(
      undefined,
    );
    expect(problems).to.deep.equal([]);
  });

  it('is none where it makes no sense, and that is told with its name and value', () => {
    for (const text of [
      '0',
      '0.0',
      '-5',
      '+5',
      '512m',
      '1,5',
      '1e3',
      '0x10',
      '.5',
      '5.',
      'NaN',
      'Infinity',
      'max',
    ]) {
      expect(read(text)).to.deep.equal({
        value: undefined,
        problems: [`LIMIT_MB must be a number > 0 in plain digits, got "${text}"; it is ignored`],
      });
    }
    expect(read('9'.repeat(400)).problems).to.deep.equal([
      `LIMIT_MB must be a number > 0 in plain digits, got "${'9'.repeat(80)}"; it is ignored`,
    ]);
    // What would break a line of the log.
    expect(read('a\nb').problems).to.deep.equal([
      'LIMIT_MB must be a number > 0 in plain digits, got "a\\nb"; it is ignored',
    ]);
  });

  it('never throws, and is either a number > 0 or told, whatever is there', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        const { value, problems } = read(text);
        if (value === undefined) return problems.length === (text.trim() === '' ? 0 : 1);
        return value > 0 && Number.isFinite(value) && problems.length === 0 && value === Number(text);
      }),
    );
  });

  it('is every number that JavaScript writes without an exponent', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e20, noNaN: true }), number => {
        expect(read(`${number}`)).to.deep.equal({ value: number, problems: [] });
      }),
    );
  });
});
