import { expect } from 'chai';
import fc from 'fast-check';
import { LONGEST_MILLIS, callback, count, flag, millis, ratio } from '../../src/options/option-rule.js';
import { resolveOptions } from '../../src/options/resolve-options.js';

const rules = {
  enabled: flag({ default: true, description: 'a flag' }),
  sampleIntervalMillis: millis({ default: 5_000, description: 'an interval' }),
  windowMillis: millis({ default: 300_000, minimum: 1_000, description: 'a window' }),
  byKindIntervalMillis: millis({ default: 60_000, zeroIsOff: true, description: 'an interval or off' }),
  warnAtRatio: ratio({ default: 0.8, description: 'a share' }),
  byKindMaximum: count({ default: 20_000, minimum: 1, description: 'a number' }),
  onPressure: callback<(pressure: number) => void>({ type: '(pressure) => void', description: 'a callback' }),
};

const defaults = {
  enabled: true,
  sampleIntervalMillis: 5_000,
  windowMillis: 300_000,
  byKindIntervalMillis: 60_000,
  warnAtRatio: 0.8,
  byKindMaximum: 20_000,
  onPressure: undefined,
};

function resolve(given: unknown): typeof defaults {
  return resolveOptions('otel-fd-watch', rules, given) as unknown as typeof defaults;
}

function errorOf(given: unknown): { readonly name: string; readonly message: string } {
  try {
    resolve(given);
  } catch (thrown) {
    if (thrown instanceof Error) return { name: thrown.name, message: thrown.message };
  }
  throw new Error('nothing was thrown');
}

describe('resolveOptions', () => {
  describe('what it gives', () => {
    it('is the defaults for nothing, undefined and an empty object', () => {
      expect(resolve(undefined)).to.deep.equal(defaults);
      expect(resolve({})).to.deep.equal(defaults);
    });

    it('is what was given over the defaults', () => {
      const onPressure = (): void => {};
      expect(resolve({ warnAtRatio: 0.5, enabled: false, onPressure })).to.deep.equal({
        ...defaults,
        warnAtRatio: 0.5,
        enabled: false,
        onPressure,
      });
    });

    it('takes undefined as not given, for every option', () => {
      const nothing = Object.fromEntries(Object.keys(rules).map(name => [name, undefined]));
      expect(resolve(nothing)).to.deep.equal(defaults);
    });

    it('is frozen, new each time, and neither changes nor keeps what was given', () => {
      const given = { warnAtRatio: 0.5, enabled: undefined };
      const resolved = resolve(given);
      expect(resolved).to.be.frozen;
      expect(resolved).not.to.equal(given);
      expect(resolve(given)).not.to.equal(resolved);
      expect(given).to.deep.equal({ warnAtRatio: 0.5, enabled: undefined });
      given.warnAtRatio = 0.6;
      expect(resolved.warnAtRatio).to.equal(0.5);
      expect(() => resolve(Object.freeze({ warnAtRatio: 0.5 }))).not.to.throw();
    });

    it('takes an object without a prototype', () => {
      const given = Object.assign(Object.create(null) as object, { warnAtRatio: 0.25 });
      expect(resolve(given).warnAtRatio).to.equal(0.25);
    });

    it('reads each value once: a getter cannot pass the check with one value and give another', () => {
      let reads = 0;
      const given = {
        get warnAtRatio(): number {
          reads += 1;
          return reads === 1 ? 0.5 : 99;
        },
      };
      expect(resolve(given).warnAtRatio).to.equal(0.5);
    });
  });

  describe('accepted at the bounds', () => {
    const accepted: [string, unknown[]][] = [
      ['enabled', [true, false]],
      ['sampleIntervalMillis', [10, 10.5, LONGEST_MILLIS]],
      ['windowMillis', [1_000, LONGEST_MILLIS]],
      ['byKindIntervalMillis', [0, 10, LONGEST_MILLIS]],
      ['warnAtRatio', [Number.MIN_VALUE, 0.8, 1]],
      ['byKindMaximum', [1, Number.MAX_SAFE_INTEGER]],
    ];
    for (const [name, values] of accepted) {
      it(`${name}: ${values.join(', ')}`, () => {
        for (const value of values) expect(resolve({ [name]: value })).to.have.property(name, value);
      });
    }

    it('a day is the longest interval, far below what a Node.js timer takes', () => {
      expect(LONGEST_MILLIS).to.equal(24 * 60 * 60 * 1000);
      expect(LONGEST_MILLIS).to.be.below(2 ** 31 - 1);
    });
  });

  describe('refused', () => {
    const interval = 'sampleIntervalMillis must be milliseconds in [10, 86400000], got';
    const refused: [string, unknown, 'TypeError' | 'RangeError', string][] = [
      ['enabled', 'yes', 'TypeError', 'enabled must be true or false, got "yes"'],
      ['enabled', 1, 'TypeError', 'enabled must be true or false, got 1'],
      ['enabled', null, 'TypeError', 'enabled must be true or false, got null'],
      ['sampleIntervalMillis', 9.999, 'RangeError', `${interval} 9.999`],
      ['sampleIntervalMillis', 0, 'RangeError', `${interval} 0`],
      ['sampleIntervalMillis', -5_000, 'RangeError', `${interval} -5000`],
      ['sampleIntervalMillis', 86_400_001, 'RangeError', `${interval} 86400001`],
      ['sampleIntervalMillis', 2 ** 31, 'RangeError', `${interval} 2147483648`],
      ['sampleIntervalMillis', NaN, 'RangeError', `${interval} NaN`],
      ['sampleIntervalMillis', Infinity, 'RangeError', `${interval} Infinity`],
      ['sampleIntervalMillis', -Infinity, 'RangeError', `${interval} -Infinity`],
      ['sampleIntervalMillis', '5000', 'TypeError', `${interval} "5000"`],
      ['sampleIntervalMillis', 5_000n, 'TypeError', `${interval} 5000`],
      ['sampleIntervalMillis', [5_000], 'TypeError', `${interval} an array`],
      ['sampleIntervalMillis', { ms: 5 }, 'TypeError', `${interval} an object`],
      ['sampleIntervalMillis', () => 5, 'TypeError', `${interval} a function`],
      ['sampleIntervalMillis', Symbol('5s'), 'TypeError', `${interval} Symbol(5s)`],
      ['sampleIntervalMillis', true, 'TypeError', `${interval} true`],
      ['windowMillis', 999, 'RangeError', 'windowMillis must be milliseconds in [1000, 86400000], got 999'],
      [
        'byKindIntervalMillis',
        5,
        'RangeError',
        'byKindIntervalMillis must be 0 (off) or milliseconds in [10, 86400000], got 5',
      ],
      [
        'byKindIntervalMillis',
        NaN,
        'RangeError',
        'byKindIntervalMillis must be 0 (off) or milliseconds in [10, 86400000], got NaN',
      ],
      [
        'byKindIntervalMillis',
        false,
        'TypeError',
        'byKindIntervalMillis must be 0 (off) or milliseconds in [10, 86400000], got false',
      ],
      ['warnAtRatio', 3, 'RangeError', 'warnAtRatio must be in (0, 1], got 3'],
      ['warnAtRatio', 0, 'RangeError', 'warnAtRatio must be in (0, 1], got 0'],
      ['warnAtRatio', -0.1, 'RangeError', 'warnAtRatio must be in (0, 1], got -0.1'],
      ['warnAtRatio', NaN, 'RangeError', 'warnAtRatio must be in (0, 1], got NaN'],
      ['warnAtRatio', '80%', 'TypeError', 'warnAtRatio must be in (0, 1], got "80%"'],
      ['byKindMaximum', 0, 'RangeError', 'byKindMaximum must be a whole number of at least 1, got 0'],
      ['byKindMaximum', 1.5, 'RangeError', 'byKindMaximum must be a whole number of at least 1, got 1.5'],
      ['byKindMaximum', NaN, 'RangeError', 'byKindMaximum must be a whole number of at least 1, got NaN'],
      [
        'byKindMaximum',
        Infinity,
        'RangeError',
        'byKindMaximum must be a whole number of at least 1, got Infinity',
      ],
      [
        'byKindMaximum',
        2 ** 53,
        'RangeError',
        'byKindMaximum must be a whole number of at least 1, got 9007199254740992',
      ],
      ['byKindMaximum', '10', 'TypeError', 'byKindMaximum must be a whole number of at least 1, got "10"'],
      ['onPressure', 'log', 'TypeError', 'onPressure must be a function, got "log"'],
      ['onPressure', null, 'TypeError', 'onPressure must be a function, got null'],
      ['onPressure', {}, 'TypeError', 'onPressure must be a function, got an object'],
    ];
    for (const [name, value, type, words] of refused) {
      it(`${type}: ${words}`, () => {
        expect(errorOf({ [name]: value })).to.deep.equal({ name: type, message: `otel-fd-watch: ${words}` });
      });
    }

    it('shows the beginning of a long text only', () => {
      const { message } = errorOf({ enabled: 'x'.repeat(10_000) });
      expect(message).to.equal(`otel-fd-watch: enabled must be true or false, got "${'x'.repeat(80)}…"`);
    });

    const noObjects: [unknown, string][] = [
      [null, 'null'],
      [[], 'an array'],
      ['enabled', '"enabled"'],
      [5_000, '5000'],
      [true, 'true'],
      [() => ({}), 'a function'],
    ];
    for (const [given, shown] of noObjects) {
      it(`TypeError: options must be an object, got ${shown}`, () => {
        expect(errorOf(given)).to.deep.equal({
          name: 'TypeError',
          message: `otel-fd-watch: options must be an object, got ${shown}`,
        });
      });
    }
  });

  describe('unknown options', () => {
    it('are named, with the one that was meant', () => {
      expect(errorOf({ sampleIntervalMilis: 5_000 })).to.deep.equal({
        name: 'TypeError',
        message: 'otel-fd-watch: unknown option "sampleIntervalMilis"; did you mean "sampleIntervalMillis"?',
      });
      expect(errorOf({ WARNATRATIO: 0.5 }).message).to.equal(
        'otel-fd-watch: unknown option "WARNATRATIO"; did you mean "warnAtRatio"?',
      );
    });

    it('are named, with all that there are if none is near', () => {
      expect(errorOf({ colour: 'red' })).to.deep.equal({
        name: 'TypeError',
        message:
          'otel-fd-watch: unknown option "colour"; the options are enabled, sampleIntervalMillis, windowMillis, ' +
          'byKindIntervalMillis, warnAtRatio, byKindMaximum, onPressure',
      });
    });

    it('are refused even if their value is undefined', () => {
      expect(errorOf({ colour: undefined }).name).to.equal('TypeError');
    });

    const inherited = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'prototype'];
    for (const name of inherited) {
      it(`are those every object inherits: ${name}`, () => {
        const given = JSON.parse(`{ "${name}": 1 }`) as object;
        expect(Object.keys(given)).to.deep.equal([name]);
        expect(errorOf(given).message).to.match(
          new RegExp(`^otel-fd-watch: unknown option "${name}"; the options are enabled, `),
        );
        expect(({} as Record<string, unknown>)['polluted']).to.equal(undefined);
      });
    }

    it('win over a bad value that comes later', () => {
      expect(errorOf({ colour: 1, enabled: 'yes' }).message).to.contain('unknown option "colour"');
    });
  });

  it('takes any numbers inside the bounds unchanged, and names each one outside of them', () => {
    const numbers = fc.oneof(
      fc.double(),
      fc.integer(),
      fc.constantFrom(0, -0, 1, 10, 999, 1_000, 86_400_000, 86_400_001, 2 ** 31 - 1, 2 ** 31, NaN, Infinity),
    );
    const inBounds: Record<string, (value: number) => boolean> = {
      sampleIntervalMillis: value => 10 <= value && value <= 86_400_000,
      windowMillis: value => 1_000 <= value && value <= 86_400_000,
      byKindIntervalMillis: value => value === 0 || (10 <= value && value <= 86_400_000),
      warnAtRatio: value => 0 < value && value <= 1,
      byKindMaximum: value => value % 1 === 0 && 1 <= value && value < 2 ** 53,
    };
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(inBounds)), numbers, (name, value) => {
        if (inBounds[name]!(value)) {
          expect(resolve({ [name]: value })).to.deep.equal({ ...defaults, [name]: value });
        } else {
          const { name: type, message } = errorOf({ [name]: value });
          expect(type).to.equal('RangeError');
          expect(message).to.match(new RegExp(`^otel-fd-watch: ${name} must be `));
          expect(message.endsWith(`, got ${value}`)).to.equal(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});
