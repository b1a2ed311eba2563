import { expect } from 'chai';
import fc from 'fast-check';
import { givenLimit } from '../src/container-limit.js';
import { MIB } from './fixtures/fake-v8.js';

const NAME = 'CONTAINER_MEMORY_LIMIT_MB';

describe('a given limit', () => {
  function given(
    limitBytes: number | undefined,
    text: string | undefined,
  ): { limit: ReturnType<typeof givenLimit>; problems: string[] } {
    const problems: string[] = [];
    const limit = givenLimit(limitBytes, { [NAME]: text }, problem => problems.push(problem));
    return { limit, problems };
  }

  it('is that of the option, whatever the environment says', () => {
    for (const text of [undefined, '512', 'many']) {
      expect(given(1_000, text)).to.deep.equal({ limit: { bytes: 1_000, source: 'option' }, problems: [] });
    }
  });

  it('is that of the environment, in MB of 1024 × 1024 bytes', () => {
    for (const [text, bytes] of [
      ['2048', 2_147_483_648],
      [' 64 ', 64 * MIB],
      ['0.5', MIB / 2],
      ['1.0000001', MIB + 1],
      ['00512', 512 * MIB],
      ['\t512\n', 512 * MIB],
      // A byte at the least, and the largest that is exact.
      ['0.0000001', 1],
      ['8589934591', 2 ** 53 - MIB],
    ] as const) {
      expect(given(undefined, text)).to.deep.equal({
        limit: { bytes, source: 'environment' },
        problems: [],
      });
    }
  });

  it('is none where neither says anything', () => {
    for (const text of [undefined, '', '  ', '\n']) {
      expect(given(undefined, text)).to.deep.equal({ limit: undefined, problems: [] });
    }
  });

  it('is none where the environment makes no sense, which is told', () => {
    for (const text of [
      ...['512m', '512 MB', '512,5', '1_000', '0x10', '1e3', '1e300'],
      ...['0', '0.0', '-1', '+1', '.5', '5.', '-0', 'max', 'unlimited', 'NaN', 'Infinity', '٥١٢', '1 2'],
    ]) {
      expect(given(undefined, text)).to.deep.equal({
        limit: undefined,
        problems: [`${NAME} must be a number > 0 in plain digits, got "${text}"; it is ignored`],
      });
    }
  });

  it('is none where it is no number of bytes any more, which is told: such a limit is none', () => {
    for (const text of ['8589934592', '99999999999999', `1${'0'.repeat(300)}`, `1${'0'.repeat(307)}`]) {
      expect(given(undefined, text)).to.deep.equal({
        limit: undefined,
        problems: [`${NAME} must be below 8589934592 MB; it is ignored`],
      });
    }
    expect(given(undefined, '9'.repeat(400)).problems).to.have.lengthOf(1);
  });

  it('is a whole number of bytes, or told once by its name, whatever is there', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^[ \t]?[-+]?[0-9]{0,12}(\.[0-9]{0,9})?(e[0-9]{1,3})?$/),
    );
    fc.assert(
      fc.property(text, value => {
        const { limit, problems } = given(undefined, value);
        if (limit === undefined) {
          expect(problems).to.have.lengthOf(value.trim() === '' ? 0 : 1);
          for (const problem of problems) expect(problem).to.include(NAME);
          return;
        }
        expect(problems).to.deep.equal([]);
        expect(Number.isSafeInteger(limit.bytes)).to.equal(true);
        expect(limit.bytes - Number(value) * MIB).to.be.within(0, 1);
      }),
      { numRuns: 1_000 },
    );
  });
});
