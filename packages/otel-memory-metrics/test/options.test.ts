import { expect } from 'chai';
import { readdirSync } from 'node:fs';
import { MemoryMetricsInstrumentation } from '../src/memory-metrics-instrumentation.js';
import { resolveMemoryMetricsOptions } from '../src/options.js';
import type { MemoryMetricsOptions, optionRules } from '../src/options.js';
import { workshop } from './fixtures/memory-rig.js';

const INTERVAL = 'must be milliseconds in [10, 86400000]';
const WINDOW = 'must be milliseconds in [1000, 86400000]';
const CHOICES = 'must be one of "auto", true, false';
const BYTES = 'must be a whole number of bytes > 0';
const FLAG = 'must be true or false';

type Bad = [value: unknown, error: typeof TypeError | typeof RangeError, message: string];

/** Values that cannot be, the error, and what is said of them. */
const BAD: Record<keyof typeof optionRules, Bad[]> = {
  enabled: [
    ['yes', TypeError, `enabled ${FLAG}, got "yes"`],
    [null, TypeError, `enabled ${FLAG}, got null`],
  ],
  sampleIntervalMillis: [
    [9, RangeError, `sampleIntervalMillis ${INTERVAL}, got 9`],
    [NaN, RangeError, `sampleIntervalMillis ${INTERVAL}, got NaN`],
    [86_400_001, RangeError, `sampleIntervalMillis ${INTERVAL}, got 86400001`],
    ['5000', TypeError, `sampleIntervalMillis ${INTERVAL}, got "5000"`],
  ],
  v8js: [[0, TypeError, `v8js ${FLAG}, got 0`]],
  trendWindowMillis: [
    [999, RangeError, `trendWindowMillis ${WINDOW}, got 999`],
    [Infinity, RangeError, `trendWindowMillis ${WINDOW}, got Infinity`],
    [5_000n, TypeError, `trendWindowMillis ${WINDOW}, got 5000`],
  ],
  containerMetrics: [
    ['always', RangeError, `containerMetrics ${CHOICES}, got "always"`],
    ['true', RangeError, `containerMetrics ${CHOICES}, got "true"`],
    [1, TypeError, `containerMetrics ${CHOICES}, got 1`],
    [null, TypeError, `containerMetrics ${CHOICES}, got null`],
  ],
  heapSpaceDetails: [['all', TypeError, `heapSpaceDetails ${FLAG}, got "all"`]],
  limitBytes: [
    [0, RangeError, `limitBytes ${BYTES}, got 0`],
    [-1, RangeError, `limitBytes ${BYTES}, got -1`],
    [1.5, RangeError, `limitBytes ${BYTES}, got 1.5`],
    [Infinity, RangeError, `limitBytes ${BYTES}, got Infinity`],
    ['512m', TypeError, `limitBytes ${BYTES}, got "512m"`],
  ],
};

describe('options', () => {
  const { rig, diagLines } = workshop();

  const defaults = {
    enabled: true,
    sampleIntervalMillis: 5_000,
    v8js: true,
    trendWindowMillis: 1_800_000,
    containerMetrics: 'auto',
    heapSpaceDetails: false,
    limitBytes: undefined,
  };

  it('have the documented defaults', () => {
    expect(resolveMemoryMetricsOptions({})).to.deep.equal(defaults);
    expect(resolveMemoryMetricsOptions({ limitBytes: undefined, v8js: undefined })).to.deep.equal(defaults);
    expect(Object.keys(BAD)).to.deep.equal(Object.keys(defaults));
  });

  it('are taken at their bounds', () => {
    const least = {
      enabled: false,
      sampleIntervalMillis: 10,
      v8js: false,
      trendWindowMillis: 1_000,
      containerMetrics: false,
      heapSpaceDetails: true,
      limitBytes: 1,
    };
    const most = {
      ...least,
      sampleIntervalMillis: 86_400_000,
      trendWindowMillis: 86_400_000,
      containerMetrics: true,
      limitBytes: Number.MAX_SAFE_INTEGER,
    };
    for (const options of [least, most]) expect(resolveMemoryMetricsOptions(options)).to.deep.equal(options);
  });

  for (const [name, cases] of Object.entries(BAD)) {
    it(`that cannot be are an error that names the package, the option and the value: ${name}`, () => {
      const before = process.platform === 'linux' ? readdirSync('/proc/self/fd') : [];
      for (const [value, error, message] of cases) {
        const options = { [name]: value } as MemoryMetricsOptions;
        expect(() => new MemoryMetricsInstrumentation(options), message).to.throw(
          error,
          `otel-memory-metrics: ${message}`,
        );
      }
      if (process.platform === 'linux') expect(readdirSync('/proc/self/fd')).to.have.members(before);
    });
  }

  it('that do not exist are named, with the one that was meant', () => {
    for (const [name, message] of [
      ['limitByte', 'unknown option "limitByte"; did you mean "limitBytes"?'],
      ['trendWindowMs', 'unknown option "trendWindowMs"; did you mean "trendWindowMillis"?'],
      ['onVerdict', `unknown option "onVerdict"; the options are ${Object.keys(defaults).join(', ')}`],
    ] as const) {
      const options = { [name]: 1 } as MemoryMetricsOptions;
      expect(() => new MemoryMetricsInstrumentation(options)).to.throw(
        TypeError,
        `otel-memory-metrics: ${message}`,
      );
    }
  });

  it('that cannot be change nothing in setConfig, and are reported', () => {
    const lines = diagLines();
    const watch = rig({ sampleIntervalMillis: 7_000 }).start();
    const { snapshot } = watch;
    watch.instrumentation.setConfig({ sampleIntervalMillis: 8_000, limitBytes: 0 });
    expect(lines).to.deep.equal([
      `error otel-memory-metrics setConfig changed nothing RangeError: otel-memory-metrics: limitBytes ${BYTES}, got 0`,
    ]);
    expect(watch.snapshot, 'not even started anew').to.equal(snapshot);
    expect(watch.runtime.sampler.tickMillis).to.equal(7_000);
    expect(watch.instrumentation.getConfig().sampleIntervalMillis).to.equal(7_000);
  });
});
