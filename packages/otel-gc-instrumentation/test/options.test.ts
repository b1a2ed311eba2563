import { expect } from 'chai';
import { GcInstrumentation } from '../src/gc-instrumentation.js';
import { DEFAULT_BUCKETS, optionRules, resolveGcOptions } from '../src/options.js';
import type { GcOptions } from '../src/options.js';
import { workshop } from './fixtures/gc-rig.js';

const INTERVAL = 'must be milliseconds in [10, 86400000]';
const BUCKETS = 'buckets must be an array of 1 to 100 numbers > 0 that rise';

/** Values that cannot be, the error, and what is said of them. */
const BAD: Record<string, [value: unknown, error: typeof TypeError | typeof RangeError, message: string][]> =
  {
    enabled: [
      ['yes', TypeError, 'enabled must be true or false, got "yes"'],
      [null, TypeError, 'enabled must be true or false, got null'],
    ],
    sampleIntervalMillis: [
      [9, RangeError, `sampleIntervalMillis ${INTERVAL}, got 9`],
      [NaN, RangeError, `sampleIntervalMillis ${INTERVAL}, got NaN`],
      [86_400_001, RangeError, `sampleIntervalMillis ${INTERVAL}, got 86400001`],
      ['5000', TypeError, `sampleIntervalMillis ${INTERVAL}, got "5000"`],
    ],
    v8js: [[0, TypeError, 'v8js must be true or false, got 0']],
    pauseWindowMillis: [
      [999, RangeError, 'pauseWindowMillis must be milliseconds in [1000, 86400000], got 999'],
      [0, RangeError, 'pauseWindowMillis must be milliseconds in [1000, 86400000], got 0'],
      [300_000n, TypeError, 'pauseWindowMillis must be milliseconds in [1000, 86400000], got 300000'],
    ],
    pauseByType: [['major', TypeError, 'pauseByType must be true or false, got "major"']],
    heapEffects: [[() => true, TypeError, 'heapEffects must be true or false, got a function']],
    buckets: [
      [[], RangeError, `${BUCKETS}, got an array`],
      [[0.1, 0.1], RangeError, `${BUCKETS}, got an array`],
      [[0.2, 0.1], RangeError, `${BUCKETS}, got an array`],
      [[0, 1], RangeError, `${BUCKETS}, got an array`],
      [[1, Infinity], RangeError, `${BUCKETS}, got an array`],
      [[1, '2'], RangeError, `${BUCKETS}, got an array`],
      [Array.from({ length: 101 }, (_, index) => index + 1), RangeError, `${BUCKETS}, got an array`],
      [0.5, TypeError, `${BUCKETS}, got 0.5`],
    ],
  };

describe('options', () => {
  const { rig, diagLines } = workshop();

  it('that are left out, or undefined, have the defaults', () => {
    const defaults = {
      enabled: true,
      sampleIntervalMillis: 5_000,
      v8js: true,
      pauseWindowMillis: 300_000,
      pauseByType: false,
      heapEffects: true,
      buckets: DEFAULT_BUCKETS,
    };
    expect(resolveGcOptions({})).to.deep.equal(defaults);
    const nothing = Object.fromEntries(Object.keys(optionRules).map(name => [name, undefined]));
    expect(resolveGcOptions(nothing)).to.deep.equal(defaults);
  });

  it('hold from the least to the most that is allowed', () => {
    const least: GcOptions = {
      enabled: false,
      sampleIntervalMillis: 10,
      v8js: false,
      pauseWindowMillis: 1_000,
      pauseByType: true,
      heapEffects: false,
      buckets: [Number.MIN_VALUE],
    };
    const most: GcOptions = {
      enabled: true,
      sampleIntervalMillis: 86_400_000,
      v8js: true,
      pauseWindowMillis: 86_400_000,
      pauseByType: true,
      heapEffects: true,
      buckets: Array.from({ length: 100 }, (_, index) => index + 1),
    };
    for (const options of [least, most]) expect(resolveGcOptions(options)).to.deep.equal(options);
  });

  it('are all tried here', () => {
    expect(Object.keys(BAD)).to.have.members(Object.keys(optionRules));
  });

  for (const [name, cases] of Object.entries(BAD)) {
    it(`that cannot be throw at construction: ${name}`, () => {
      for (const [value, error, message] of cases) {
        const options = { [name]: value } as GcOptions;
        expect(() => new GcInstrumentation(options)).to.throw(error, new RegExp(`^${escaped(message)}$`));
      }
    });
  }

  it('that do not exist are named, with the one that was meant', () => {
    const named: [string, string][] = [
      ['bucket', 'unknown option "bucket"; did you mean "buckets"?'],
      ['sampleIntervalMs', 'unknown option "sampleIntervalMs"; did you mean "sampleIntervalMillis"?'],
      [
        'toString',
        'unknown option "toString"; the options are enabled, sampleIntervalMillis, v8js, pauseWindowMillis, ' +
          'pauseByType, heapEffects, buckets',
      ],
    ];
    for (const [name, message] of named) {
      const options = { [name]: 1 } as GcOptions;
      expect(() => new GcInstrumentation(options)).to.throw(TypeError, new RegExp(`^${escaped(message)}$`));
    }
  });

  it('that cannot be change nothing in setConfig, and are reported', () => {
    const lines = diagLines();
    const watch = rig({ sampleIntervalMillis: 7_000 }).start();
    const { summary } = watch;
    watch.instrumentation.setConfig({ sampleIntervalMillis: 8_000, buckets: [] });
    expect(lines).to.deep.equal([
      'error otel-gc-instrumentation setConfig changed nothing ' +
        `RangeError: otel-gc-instrumentation: ${BUCKETS}, got an array`,
    ]);
    expect(watch.summary, 'not even started anew').to.equal(summary);
    expect(watch.runtime.sampler.tickMillis).to.equal(7_000);
    expect(watch.instrumentation.getConfig().sampleIntervalMillis).to.equal(7_000);
  });

  it('buckets reach the histogram as advice, as they were when they were checked', () => {
    const buckets = [0.001, 0.01, 0.1];
    const watch = rig({ buckets });
    buckets.push(-1);
    watch.start();
    expect(boundaries(watch.provider.instruments)).to.deep.equal([0.001, 0.01, 0.1]);
    watch.instrumentation.setConfig({});
    expect(boundaries(watch.provider.instruments.slice(-11))).to.deep.equal(DEFAULT_BUCKETS);
  });

  it('default buckets hold all that the semantic conventions advise, and finer ones before', () => {
    const advised = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
    expect(DEFAULT_BUCKETS.slice(-advised.length)).to.deep.equal(advised);
    expect(DEFAULT_BUCKETS.slice(0, -advised.length)).to.deep.equal([0.0001, 0.0005, 0.001, 0.0025]);
  });
});

function boundaries(
  instruments: readonly {
    readonly name: string;
    readonly options: { readonly advice?: { readonly explicitBucketBoundaries?: number[] } };
  }[],
): number[] | undefined {
  return instruments.find(({ name }) => name === 'v8js.gc.duration')?.options.advice
    ?.explicitBucketBoundaries;
}

/** As a part of a regular expression that means just this text after the name of the package. */
function escaped(message: string): string {
  return `otel-gc-instrumentation: ${message}`.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
