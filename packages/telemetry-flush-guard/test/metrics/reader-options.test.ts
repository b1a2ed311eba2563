import { expect } from 'chai';
import { resolveReaderOptions } from '../../src/metrics/reader-options.js';
import type { MetricReaderOptions } from '../../src/metrics/reader-options.js';

describe('the options of a metric reader', () => {
  it('have defaults, and are frozen', () => {
    const options = resolveReaderOptions(undefined);
    expect(options).to.include({
      checkpointIntervalMillis: 10_000,
      exportIntervalMillis: 60_000,
      exportTimeoutMillis: 30_000,
      collectTimeoutMillis: 10_000,
    });
    expect(Object.isFrozen(options)).to.equal(true);
  });

  it('collect as often as is exported, if that is more often than is collected by default', () => {
    const intervals = (given: MetricReaderOptions): number[] => {
      const { checkpointIntervalMillis, exportIntervalMillis } = resolveReaderOptions(given);
      return [checkpointIntervalMillis, exportIntervalMillis];
    };
    expect(intervals({ exportIntervalMillis: 5_000 })).to.deep.equal([5_000, 5_000]);
    expect(intervals({ exportIntervalMillis: 20_000 })).to.deep.equal([10_000, 20_000]);
    expect(intervals({ checkpointIntervalMillis: 100, exportIntervalMillis: 100 })).to.deep.equal([100, 100]);
  });

  const refused: readonly [
    unknown,
    ErrorConstructor | RangeErrorConstructor | TypeErrorConstructor,
    string,
  ][] = [
    [
      { checkpointIntervalMillis: 99 },
      RangeError,
      'checkpointIntervalMillis must be a whole number in [100, 86400000], got 99',
    ],
    [
      { checkpointIntervalMillis: 60_001 },
      RangeError,
      'checkpointIntervalMillis must be at most exportIntervalMillis (60000), got 60001',
    ],
    [
      { checkpointIntervalMillis: 501, exportIntervalMillis: 500 },
      RangeError,
      'checkpointIntervalMillis must be at most exportIntervalMillis (500), got 501',
    ],
    [
      { exportIntervalMillis: 0 },
      RangeError,
      'exportIntervalMillis must be a whole number in [100, 86400000], got 0',
    ],
    [{ exportTimeoutMillis: 0 }, RangeError, 'exportTimeoutMillis must be'],
    [{ collectTimeoutMillis: NaN }, RangeError, 'collectTimeoutMillis must be'],
    [{ exportIntervalMillis: '1m' }, TypeError, 'exportIntervalMillis must be'],
    [
      { cardinalityLimits: { counter: 0 } },
      RangeError,
      'cardinalityLimits.counter must be a whole number of at least 1, got 0',
    ],
    [{ cardinalityLimits: { counters: 5 } }, TypeError, 'did you mean "cardinalityLimits.counter"?'],
    [{ checkpointMillis: 5 }, TypeError, 'unknown option "checkpointMillis"'],
    [5, TypeError, 'options must be an object, got 5'],
  ];
  for (const [options, kind, words] of refused) {
    it(`are refused: ${JSON.stringify(options)}`, () => {
      expect(() => resolveReaderOptions(options as MetricReaderOptions)).to.throw(kind, words);
    });
  }

  it('limit each kind of instrument for itself', () => {
    const kinds = [
      ['COUNTER', 'counter'],
      ['GAUGE', 'gauge'],
      ['HISTOGRAM', 'histogram'],
      ['UP_DOWN_COUNTER', 'upDownCounter'],
      ['OBSERVABLE_COUNTER', 'observableCounter'],
      ['OBSERVABLE_GAUGE', 'observableGauge'],
      ['OBSERVABLE_UP_DOWN_COUNTER', 'observableUpDownCounter'],
    ] as const;
    for (const [type, name] of kinds) {
      const { cardinalityLimitOf } = resolveReaderOptions({ cardinalityLimits: { default: 9, [name]: 3 } });
      expect(kinds.map(([kind]) => cardinalityLimitOf(kind))).to.deep.equal(
        kinds.map(([kind]) => (kind === type ? 3 : 9)),
      );
      expect(cardinalityLimitOf('of another kind')).to.equal(9);
    }
    expect(resolveReaderOptions({}).cardinalityLimitOf('COUNTER')).to.equal(2_000);
  });
});
