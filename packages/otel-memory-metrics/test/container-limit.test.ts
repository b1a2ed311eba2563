import { expect } from 'chai';
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
    ] as const) {
      expect(given(undefined, text)).to.deep.equal({
        limit: { bytes, source: 'environment' },
        problems: [],
      });
    }
  });

  it('is none where neither says anything', () => {
    for (const text of [undefined, '', '  ']) {
      expect(given(undefined, text)).to.deep.equal({ limit: undefined, problems: [] });
    }
  });

  it('is none where the environment makes no sense, which is told', () => {
    for (const text of ['512m', '0', '-1', 'max', '1e3', 'Infinity']) {
      expect(given(undefined, text)).to.deep.equal({
        limit: undefined,
        problems: [`${NAME} must be a number > 0, got "${text}"; it is ignored`],
      });
    }
  });
});
