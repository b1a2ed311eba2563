import { metrics } from '@opentelemetry/api';
import { expect } from 'chai';
import { resolve } from 'node:path';
import { optionRules, resolveGuardOptions } from '../src/options.js';
import type { FlushGuardOptions } from '../src/options.js';

const DAY = 86_400_000;

/** A nested option by its full name. */
function given(name: string, value: unknown): FlushGuardOptions {
  const [section, inner] = name.split('.');
  return inner === undefined ? { [section!]: value } : { [section!]: { [inner]: value } };
}

/** Values that cannot be, the error, and the end of what is said of them. */
const BAD: Record<string, [value: unknown, error: typeof TypeError | typeof RangeError, end: string][]> = {
  dir: [
    ['', RangeError, 'the path of a folder, got ""'],
    ['a\0b', RangeError, 'the path of a folder, got "a\\u0000b"'],
    [7, TypeError, 'the path of a folder, got 7'],
  ],
  limits: [
    [7, TypeError, 'an object, got 7'],
    [[], TypeError, 'an object, got []'],
    [null, TypeError, 'an object, got null'],
  ],
  'limits.memoryItems': [
    [0, RangeError, 'a whole number of at least 1, got 0'],
    [1.5, RangeError, 'a whole number of at least 1, got 1.5'],
    [NaN, RangeError, 'a whole number of at least 1, got NaN'],
    [Infinity, RangeError, 'a whole number of at least 1, got Infinity'],
    ['8192', TypeError, 'a whole number of at least 1, got "8192"'],
    [5n, TypeError, 'a whole number of at least 1, got 5'],
  ],
  'limits.memoryBytes': [[65_535, RangeError, 'a whole number of at least 65536, got 65535']],
  'limits.diskBytes': [[1_048_575, RangeError, 'a whole number of at least 1048576, got 1048575']],
  'limits.maxAgeMillis': [[999, RangeError, 'a whole number of at least 1000, got 999']],
  writeAhead: [
    ['tick', RangeError, 'one of "item", "exit", got "tick"'],
    [true, TypeError, 'one of "item", "exit", got true'],
  ],
  exit: [[() => {}, TypeError, 'an object, got a function']],
  'exit.budgetMillis': [
    [-1, RangeError, 'a whole number in [0, 86400000], got -1'],
    [DAY + 1, RangeError, 'a whole number in [0, 86400000], got 86400001'],
  ],
  'exit.signals': [
    ['SIGTERM', TypeError, 'an array of SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR2, SIGBREAK, got "SIGTERM"'],
    [
      ['SIGTERM', 'SIGKILL'],
      RangeError,
      'an array of SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR2, SIGBREAK, got ["SIGTERM", "SIGKILL"]',
    ],
  ],
  'retry.firstMillis': [[0, RangeError, 'a whole number in [1, 86400000], got 0']],
  'retry.longestMillis': [
    [DAY + 1, RangeError, 'a whole number in [1, 86400000], got 86400001'],
    [999, RangeError, 'at least retry.firstMillis (1000), got 999'],
  ],
  overflow: [['block', RangeError, 'one of "drop-oldest", "drop-newest", got "block"']],
  onDrop: [['log', TypeError, 'a function, got "log"']],
  meterProvider: [
    [{}, TypeError, 'an object with getMeter(), got an object'],
    [null, TypeError, 'an object with getMeter(), got null'],
  ],
};

const DEFAULTS = {
  dir: undefined,
  memoryItems: 8_192,
  memoryBytes: 33_554_432,
  diskBytes: 268_435_456,
  maxAgeMillis: 7 * DAY,
  writeAhead: 'item',
  budgetMillis: 3_000,
  signals: ['SIGTERM', 'SIGINT', 'SIGHUP'],
  retryFirstMillis: 1_000,
  retryLongestMillis: 60_000,
  overflow: 'drop-oldest',
  meterProvider: undefined,
};

describe('options', () => {
  it('have the documented defaults', () => {
    for (const options of [
      {},
      { dir: undefined, limits: undefined, exit: {}, retry: { firstMillis: undefined }, onDrop: undefined },
    ]) {
      const { onDrop, ...resolved } = resolveGuardOptions(options);
      expect(resolved).to.deep.equal(DEFAULTS);
      expect(onDrop).to.be.a('function');
    }
  });

  it('are taken as they are given, at their bounds too', () => {
    const meterProvider = metrics.getMeterProvider();
    const { onDrop, ...resolved } = resolveGuardOptions({
      dir: 'relative/spool',
      limits: { memoryItems: 1, memoryBytes: 65_536, diskBytes: 1_048_576, maxAgeMillis: 1_000 },
      writeAhead: 'exit',
      exit: { budgetMillis: 0, signals: [] },
      retry: { firstMillis: 5, longestMillis: 5 },
      overflow: 'drop-newest',
      meterProvider,
    });
    expect(onDrop).to.be.a('function');
    expect(resolved).to.deep.equal({
      // The host may change its working directory.
      dir: resolve('relative/spool'),
      memoryItems: 1,
      memoryBytes: 65_536,
      diskBytes: 1_048_576,
      maxAgeMillis: 1_000,
      writeAhead: 'exit',
      budgetMillis: 0,
      signals: [],
      retryFirstMillis: 5,
      retryLongestMillis: 5,
      overflow: 'drop-newest',
      meterProvider,
    });
  });

  it('are not changed, and not kept', () => {
    const signals = ['SIGTERM'] as ('SIGTERM' | 'SIGINT')[];
    const options = Object.freeze({ exit: Object.freeze({ signals }) });
    const resolved = resolveGuardOptions(options);
    signals.push('SIGINT');
    expect(resolved.signals).to.deep.equal(['SIGTERM']);
    expect(Object.isFrozen(resolved)).to.equal(true);
  });

  for (const [name, values] of Object.entries(BAD)) {
    it(`refuse impossible values of ${name}, by name`, () => {
      for (const [value, error, end] of values) {
        expect(() => resolveGuardOptions(given(name, value)), String(value)).to.throw(
          error,
          `telemetry-flush-guard: ${name} must be ${end}`,
        );
      }
    });
  }

  it('have a case above for each of them', () => {
    expect(Object.keys(BAD)).to.include.members(Object.keys(optionRules));
  });

  it('refuse what is no object', () => {
    for (const value of [null, 7, 'dir', []]) {
      expect(() => resolveGuardOptions(value as unknown as FlushGuardOptions)).to.throw(
        TypeError,
        'telemetry-flush-guard: options must be an object, got',
      );
    }
  });

  it('refuse names that do not exist, with the one that is most likely meant', () => {
    const said: [FlushGuardOptions, string][] = [
      [
        given('limits.memoryItem', 1),
        'unknown option "limits.memoryItem"; did you mean "limits.memoryItems"?',
      ],
      [given('maxAgeMillis', 1), 'unknown option "maxAgeMillis"; did you mean "limits.maxAgeMillis"?'],
      [given('exit.budgetmilli', 1), 'unknown option "exit.budgetmilli"; did you mean "exit.budgetMillis"?'],
      [given('directory', '/x'), 'unknown option "directory"; the options are dir, limits.memoryItems'],
      [given('onDrops', 1), 'did you mean "onDrop"?'],
      [given('__proto', 1), 'unknown option "__proto"'],
      [given('constructor', 1), 'unknown option "constructor"'],
    ];
    for (const [options, text] of said) {
      expect(() => resolveGuardOptions(options))
        .to.throw(TypeError, `telemetry-flush-guard: `)
        .with.property('message')
        .that.includes(text);
    }
  });
});

describe('the table of options', () => {
  it('has for each a type, words, and the default that holds', () => {
    for (const [name, { type, description, default: value }] of Object.entries(optionRules)) {
      expect(type, name).to.match(/\S/);
      expect(description, name).to.match(/\.$/);
      if (value !== undefined) expect(() => resolveGuardOptions(given(name, value)), name).to.not.throw();
    }
  });
});
