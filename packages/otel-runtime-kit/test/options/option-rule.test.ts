import { expect } from 'chai';
import { callback, count, flag, millis, ratio } from '../../src/options/option-rule.js';

describe('option rules', () => {
  it('carry what the README table shows: default, type and words, and nothing of how they are checked', () => {
    const shown = [
      flag({ default: false, description: 'a' }),
      millis({ default: 5_000, description: 'b', minimum: 50, zeroIsOff: true }),
      ratio({ default: 0.8, description: 'c' }),
      count({ default: 3, description: 'd', minimum: 2 }),
      callback({ type: '(report) => void', description: 'e' }),
    ].map(rule => Object.fromEntries(Object.entries(rule).filter(([name]) => name !== 'check')));
    expect(shown).to.deep.equal([
      { default: false, type: 'boolean', description: 'a' },
      { default: 5_000, type: 'number (ms)', description: 'b' },
      { default: 0.8, type: 'number', description: 'c' },
      { default: 3, type: 'number', description: 'd' },
      { default: undefined, type: '(report) => void', description: 'e' },
    ]);
  });

  it('say what is wrong as the end of a sentence, and nothing if it is fine', () => {
    const rule = millis({ default: 5_000, description: 'b' });
    expect(rule.check(5_000)).to.equal(undefined);
    expect(rule.check(5)).to.deep.equal({ mustBe: 'milliseconds in [10, 86400000]', wrongType: false });
    expect(rule.check('5')).to.deep.equal({ mustBe: 'milliseconds in [10, 86400000]', wrongType: true });
  });
});
