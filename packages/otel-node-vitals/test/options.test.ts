import { expect } from 'chai';
import { optionRules, resolveVitalsOptions } from '../src/options.js';
import type { VitalsOptions } from '../src/options.js';
import { vitals } from '../src/vitals.js';

const make = (options: unknown): unknown => vitals(options as VitalsOptions);

describe('the options of vitals()', () => {
  it('have the documented defaults', () => {
    expect(resolveVitalsOptions({})).to.deep.equal({
      enabled: true,
      sampleIntervalMillis: 5_000,
      v8js: true,
      promClientNames: false,
      memory: {},
      gc: {},
      fd: {},
    });
  });

  it('are refused by name if they do not exist, with the nearest one', () => {
    expect(() => make({ memori: {} })).to.throw(
      TypeError,
      'otel-node-vitals: unknown option "memori"; did you mean "memory"?',
    );
    expect(() => make({ zebra: 1 })).to.throw(
      TypeError,
      `otel-node-vitals: unknown option "zebra"; the options are ${Object.keys(optionRules).join(', ')}`,
    );
  });

  const BAD: [options: object, error: typeof TypeError | typeof RangeError, message: string][] = [
    [{ enabled: 1 }, TypeError, 'otel-node-vitals: enabled must be true or false, got 1'],
    [
      { sampleIntervalMillis: 1 },
      RangeError,
      'otel-node-vitals: sampleIntervalMillis must be milliseconds in [10, 86400000], got 1',
    ],
    [{ memory: true }, TypeError, 'otel-node-vitals: memory must be an object or false, got true'],
    [{ gc: null }, TypeError, 'otel-node-vitals: gc must be an object or false, got null'],
    [{ fd: [] }, TypeError, 'otel-node-vitals: fd must be an object or false, got an array'],
    [{ fd: { warnAtRatio: 3 } }, RangeError, 'otel-fd-watch: warnAtRatio must be in (0, 1], got 3'],
    [
      { memory: { limitBytes: -1 } },
      RangeError,
      'otel-memory-metrics: limitBytes must be a whole number of bytes > 0, got -1',
    ],
    [{ gc: { heapEfects: true } }, TypeError, 'otel-gc-instrumentation: unknown option "heapEfects"'],
    [{ fd: { v8js: false } }, TypeError, 'otel-fd-watch: unknown option "v8js"'],
  ];
  for (const [options, error, message] of BAD) {
    it(`refuse ${JSON.stringify(options)}, in the words of the package that it is for`, () => {
      expect(() => make(options)).to.throw(error, message);
    });
  }
});
