import { expect } from 'chai';
import {
  bucketBoundaries,
  callback,
  choice,
  count,
  flag,
  millis,
  optionalBytes,
  ratio,
} from '../../src/options/option-rule.js';
import type { OptionRule } from '../../src/options/option-rule.js';

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

/** What a rule says of each value: `fine`, or the kind of error. */
function judged(rule: OptionRule<unknown>, values: readonly unknown[]): string[] {
  return values.map(value => {
    const problem = rule.check(value);
    if (problem === undefined) return 'fine';
    return problem.wrongType ? 'TypeError' : 'RangeError';
  });
}

describe('a choice', () => {
  const rule = choice({ default: 'auto', values: ['auto', true, false], description: 'a' });

  it('shows its values as a README does, without a mark-up of its own', () => {
    expect({ default: rule.default, type: rule.type }).to.deep.equal({
      default: 'auto',
      type: '"auto" | true | false',
    });
  });

  it('takes its values and nothing that only looks like them', () => {
    expect(judged(rule, ['auto', true, false])).to.deep.equal(['fine', 'fine', 'fine']);
    expect(judged(rule, ['Auto', 'true', ''])).to.deep.equal(['RangeError', 'RangeError', 'RangeError']);
    expect(judged(rule, [0, 1, null, ['auto'], {}])).to.deep.equal(Array(5).fill('TypeError'));
    expect(rule.check('on')).to.deep.equal({ mustBe: 'one of "auto", true, false', wrongType: false });
  });

  it('of words alone has a wrong type for everything else', () => {
    const words = choice({ default: 'a', values: ['a', 'b'], description: 'a' });
    expect(judged(words, ['b', 'c', true])).to.deep.equal(['fine', 'RangeError', 'TypeError']);
  });
});

describe('bytes that may be left out', () => {
  const rule = optionalBytes({ description: 'a' });

  it('are none by default, and whole numbers above 0', () => {
    expect(rule.default).to.equal(undefined);
    expect(rule.type).to.equal('number (bytes)');
    expect(judged(rule, [1, 512 * 1024 * 1024, Number.MAX_SAFE_INTEGER])).to.deep.equal(
      Array(3).fill('fine'),
    );
    expect(judged(rule, [0, -1, 0.5, NaN, Infinity, 2 ** 53])).to.deep.equal(Array(6).fill('RangeError'));
    expect(judged(rule, ['1', 1n, null, true, new Number(1)])).to.deep.equal(Array(5).fill('TypeError'));
    expect(rule.check(0)?.mustBe).to.equal('a whole number of bytes > 0');
  });
});

describe('boundaries of buckets', () => {
  const rule = bucketBoundaries({ default: [0.001, 0.01], description: 'a' });

  it('are 1 to 100 numbers that rise', () => {
    expect(rule.default).to.deep.equal([0.001, 0.01]);
    expect(rule.type).to.equal('number[] (s)');
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
    expect(judged(rule, [[0.1], [Number.MIN_VALUE, 1, Number.MAX_VALUE], hundred])).to.deep.equal(
      Array(3).fill('fine'),
    );
    const bad = [[], [...hundred, 101], [0, 1], [-1, 1], [1, 1], [2, 1], [1, NaN], [NaN], [1, Infinity]];
    expect(judged(rule, bad)).to.deep.equal(Array(bad.length).fill('RangeError'));
    expect(judged(rule, [['1'], [1n], [1, null], [[1]]])).to.deep.equal(Array(4).fill('RangeError'));
    expect(judged(rule, [0.1, '0.1,0.2', null, {}, new Float64Array([1])])).to.deep.equal(
      Array(5).fill('TypeError'),
    );
    expect(rule.check([])?.mustBe).to.equal('an array of 1 to 100 numbers > 0 that rise');
  });

  it('have no holes', () => {
    const [holed, longer] = [[0.1, 0.2, 0.3], [0.1]];
    Reflect.deleteProperty(holed, 1);
    longer.length = 2;
    expect(judged(rule, [holed, longer, Array(3), Array(2 ** 32 - 1)])).to.deep.equal(
      Array(4).fill('RangeError'),
    );
  });
});
