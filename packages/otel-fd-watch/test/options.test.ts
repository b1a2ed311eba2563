import { expect } from 'chai';
import { readdirSync } from 'node:fs';
import { FdWatchInstrumentation } from '../src/fd-watch-instrumentation.js';
import { optionRules, resolveFdWatchOptions } from '../src/options.js';
import type { FdWatchOptions } from '../src/options.js';
import { workshop } from './fixtures/watch-rig.js';

const INTERVAL = 'must be milliseconds in [10, 86400000]';

/** Values that cannot be, the error, and what is said of them. */
const BAD: Record<string, [value: unknown, error: typeof TypeError | typeof RangeError, message: string][]> =
  {
    enabled: [
      ['yes', TypeError, 'enabled must be true or false, got "yes"'],
      [1, TypeError, 'enabled must be true or false, got 1'],
      [null, TypeError, 'enabled must be true or false, got null'],
    ],
    sampleIntervalMillis: [
      [9, RangeError, `sampleIntervalMillis ${INTERVAL}, got 9`],
      [0, RangeError, `sampleIntervalMillis ${INTERVAL}, got 0`],
      [-1, RangeError, `sampleIntervalMillis ${INTERVAL}, got -1`],
      [NaN, RangeError, `sampleIntervalMillis ${INTERVAL}, got NaN`],
      [Infinity, RangeError, `sampleIntervalMillis ${INTERVAL}, got Infinity`],
      [86_400_001, RangeError, `sampleIntervalMillis ${INTERVAL}, got 86400001`],
      ['5000', TypeError, `sampleIntervalMillis ${INTERVAL}, got "5000"`],
    ],
    trendWindowMillis: [
      [999, RangeError, 'trendWindowMillis must be milliseconds in [1000, 86400000], got 999'],
      [5_000n, TypeError, 'trendWindowMillis must be milliseconds in [1000, 86400000], got 5000'],
    ],
    byKindIntervalMillis: [
      [9, RangeError, 'byKindIntervalMillis must be 0 (off) or milliseconds in [10, 86400000], got 9'],
      [-0.5, RangeError, 'byKindIntervalMillis must be 0 (off) or milliseconds in [10, 86400000], got -0.5'],
      [false, TypeError, 'byKindIntervalMillis must be 0 (off) or milliseconds in [10, 86400000], got false'],
    ],
    byKindMaximum: [
      [0, RangeError, 'byKindMaximum must be a whole number of at least 1, got 0'],
      [1.5, RangeError, 'byKindMaximum must be a whole number of at least 1, got 1.5'],
      [[1], TypeError, 'byKindMaximum must be a whole number of at least 1, got an array'],
    ],
    warnAtRatio: [
      [3, RangeError, 'warnAtRatio must be in (0, 1], got 3'],
      [0, RangeError, 'warnAtRatio must be in (0, 1], got 0'],
      [-0.8, RangeError, 'warnAtRatio must be in (0, 1], got -0.8'],
      ['80 %', TypeError, 'warnAtRatio must be in (0, 1], got "80 %"'],
    ],
    warnAtCount: [
      [-1, RangeError, 'warnAtCount must be a whole number of at least 0, got -1'],
      [0.5, RangeError, 'warnAtCount must be a whole number of at least 0, got 0.5'],
      [{}, TypeError, 'warnAtCount must be a whole number of at least 0, got an object'],
    ],
    onPressure: [
      [true, TypeError, 'onPressure must be a function, got true'],
      ['log', TypeError, 'onPressure must be a function, got "log"'],
    ],
    connections: [
      ['tcp', TypeError, 'connections must be true or false, got "tcp"'],
      [() => true, TypeError, 'connections must be true or false, got a function'],
    ],
  };

describe('options', () => {
  const { rig, diagLines } = workshop();

  it('have the documented defaults', () => {
    const onPressure = undefined;
    const defaults = {
      enabled: true,
      sampleIntervalMillis: 5_000,
      trendWindowMillis: 300_000,
      byKindIntervalMillis: 60_000,
      byKindMaximum: 20_000,
      warnAtRatio: 0.8,
      warnAtCount: 800,
      onPressure,
      connections: false,
    };
    expect(resolveFdWatchOptions({})).to.deep.equal(defaults);
    expect(resolveFdWatchOptions({ warnAtRatio: undefined, onPressure })).to.deep.equal(defaults);
  });

  it('are taken at their bounds', () => {
    const least = {
      enabled: false,
      sampleIntervalMillis: 10,
      trendWindowMillis: 1_000,
      byKindIntervalMillis: 0,
      byKindMaximum: 1,
      warnAtRatio: Number.MIN_VALUE,
      warnAtCount: 0,
      onPressure: () => {},
      connections: false,
    };
    const most = {
      ...least,
      connections: true,
      sampleIntervalMillis: 86_400_000,
      trendWindowMillis: 86_400_000,
      byKindIntervalMillis: 86_400_000,
      byKindMaximum: Number.MAX_SAFE_INTEGER,
      warnAtRatio: 1,
      warnAtCount: Number.MAX_SAFE_INTEGER,
    };
    for (const options of [least, most]) expect(resolveFdWatchOptions(options)).to.deep.equal(options);
  });

  it('that exclude each other are told so', () => {
    const excluding = { connections: true, byKindIntervalMillis: 0 };
    expect(() => resolveFdWatchOptions(excluding)).to.throw(
      RangeError,
      'otel-fd-watch: connections must be false if byKindIntervalMillis is 0, as the same scan finds them, got true',
    );
  });

  it('are all tried here', () => {
    expect(Object.keys(BAD)).to.have.members(Object.keys(optionRules));
  });

  for (const [name, cases] of Object.entries(BAD)) {
    it(`that cannot be throw at construction and start nothing: ${name}`, () => {
      const before = process.platform === 'linux' ? readdirSync('/proc/self/fd') : [];
      for (const [value, error, message] of cases) {
        const options = { [name]: value } as FdWatchOptions;
        expect(() => new FdWatchInstrumentation(options)).to.throw(
          error,
          new RegExp(`^${escaped(message)}$`),
        );
      }
      if (process.platform === 'linux') {
        expect(readdirSync('/proc/self/fd')).to.have.members(before);
      }
    });
  }

  it('that do not exist are named, with the one that was meant', () => {
    const named: [string, string][] = [
      ['warnAtRation', 'unknown option "warnAtRation"; did you mean "warnAtRatio"?'],
      ['sampleIntervalMs', 'unknown option "sampleIntervalMs"; did you mean "sampleIntervalMillis"?'],
      [
        'toString',
        'unknown option "toString"; the options are enabled, sampleIntervalMillis, trendWindowMillis, ' +
          'byKindIntervalMillis, byKindMaximum, warnAtRatio, warnAtCount, onPressure, connections',
      ],
    ];
    for (const [name, message] of named) {
      const options = { [name]: 1 } as FdWatchOptions;
      expect(() => new FdWatchInstrumentation(options)).to.throw(
        TypeError,
        new RegExp(`^${escaped(message)}$`),
      );
    }
  });

  it('must be an object', () => {
    for (const [options, shown] of [
      [null, 'null'],
      [[], 'an array'],
      ['fast', '"fast"'],
      [3, '3'],
    ] as const) {
      expect(() => new FdWatchInstrumentation(options as unknown as FdWatchOptions)).to.throw(
        TypeError,
        new RegExp(`^${escaped(`options must be an object, got ${shown}`)}$`),
      );
    }
  });

  it('that cannot be change nothing in setConfig, and are reported', () => {
    const lines = diagLines();
    const watch = rig({ sampleIntervalMillis: 7_000 }).start();
    const { snapshot } = watch;
    watch.instrumentation.setConfig({ sampleIntervalMillis: 8_000, warnAtRatio: 3 });
    expect(lines).to.deep.equal([
      'error otel-fd-watch setConfig changed nothing RangeError: otel-fd-watch: warnAtRatio must be in (0, 1], got 3',
    ]);
    expect(watch.snapshot, 'not even started anew').to.equal(snapshot);
    expect(watch.runtime.sampler.tickMillis).to.equal(7_000);
    expect(watch.instrumentation.getConfig().sampleIntervalMillis).to.equal(7_000);
  });
});

/** As a part of a regular expression that means just this text after the name of the package. */
function escaped(message: string): string {
  return `otel-fd-watch: ${message}`.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
