import { expect } from 'chai';
import { parseArguments } from './arguments.js';
import type { BenchmarkResult } from './benchmark.js';
import { readEnvironment } from './environment.js';
import { formatInterval, formatPlain, formatValue } from './format-number.js';
import { markdownTable } from './markdown-table.js';
import { findFailures, renderDocument } from './report.js';
import type { BenchRun } from './report.js';

describe('formatting of numbers', () => {
  it('has three significant digits, and thousands set apart', () => {
    expect(
      [0.0012345, 0.5, 1, 1.2345, 12.345, 123.45, 999.6, 12_345, -12_345].map(formatPlain),
    ).to.deep.equal(['0.00123', '0.500', '1', '1.23', '12.3', '123', '1,000', '12,300', '-12,300']);
  });

  it('has times in the unit that fits', () => {
    const times = [0, 12.5e-9, 1.5e-6, 999.4e-6, 999.6e-6, 0.25, 12];
    expect(times.map(seconds => formatValue(seconds, 's'))).to.deep.equal([
      '0 ns',
      '12.5 ns',
      '1.50 µs',
      '999 µs',
      '1.00 ms',
      '250 ms',
      '12 s',
    ]);
    expect(formatValue(0.05, 'B/tick')).to.equal('0.0500 B/tick');
  });

  it('has bytes as they are, and a million or more of them in MB', () => {
    const sizes = [-20, 1_234, 999_000, 999_600, -2_345_678];
    expect(sizes.map(bytes => formatValue(bytes, 'B'))).to.deep.equal([
      '-20 B',
      '1,230 B',
      '999,000 B',
      '1.00 MB',
      '-2.35 MB',
    ]);
  });

  it('has both ends of an interval in the unit of the median', () => {
    expect(formatInterval({ median: 1.2e-6, low: 0.9e-6, high: 1.2e-3, samples: 9 }, 's')).to.equal(
      '0.900 – 1,200',
    );
  });
});

describe('markdownTable', () => {
  it('pads the cells and escapes what would end them', () => {
    expect(
      markdownTable(
        [{ heading: 'what' }, { heading: 'n', align: 'right' }],
        [
          ['a | b', '1'],
          ['c', '1,000'],
        ],
      ),
    ).to.equal(
      ['| what   |     n |', '| ------ | ----: |', '| a \\| b |     1 |', '| c      | 1,000 |'].join('\n'),
    );
  });
});

describe('parseArguments', () => {
  it('reads every option', () => {
    const words = [
      '--only',
      'a',
      '--only',
      'b',
      '--quick',
      '--long',
      '--check',
      '--json',
      'x.json',
      '--markdown',
      'x.md',
    ];
    expect(parseArguments(words, ['a', 'b'])).to.deep.equal({
      only: ['a', 'b'],
      quick: true,
      long: true,
      check: true,
      help: false,
      json: 'x.json',
      markdown: 'x.md',
    });
  });

  it('names what does not exist', () => {
    expect(() => parseArguments(['--only', 'c'], ['a', 'b'])).to.throw(
      RangeError,
      'no benchmark "c"; there are a, b',
    );
    expect(() => parseArguments(['--fast'], [])).to.throw(TypeError, '--fast');
  });
});

const spread = { median: 1.5, low: 1.25, high: 2, samples: 9 };

function runOf(result: Partial<BenchmarkResult>): BenchRun {
  return {
    environment: readEnvironment(),
    quick: false,
    benchmarks: [
      {
        name: 'one',
        title: 'the title',
        description: 'What it does.',
        seconds: 3.2,
        result: { measurements: [], comparisons: [], targets: [], notes: [], ...result },
      },
    ],
  };
}

const full = runOf({
  measurements: [{ what: 'time', unit: 's', estimate: spread }],
  comparisons: [
    { what: 'fine', ratio: spread, control: spread, controlHolds: true },
    { what: 'noisy', ratio: spread, control: spread, controlHolds: false },
  ],
  targets: [
    { what: 'reached', wanted: '≤ 2', measured: '1.5', met: true },
    { what: 'missed', wanted: '≤ 1', measured: '1.5', met: false },
  ],
  notes: ['A note.'],
});

describe('the report', () => {
  it('fails a run for a target that is missed and for a control that does not hold, and only then', () => {
    expect(findFailures(full)).to.deep.equal([
      'one: missed: wanted ≤ 1, measured 1.5',
      'one: the A/A control of "noisy" does not hold',
    ]);
    expect(findFailures(runOf({ notes: ['nothing to compare'] }))).to.deep.equal([]);
  });

  it('shows every number', () => {
    const lines = renderDocument(full).split('\n');
    expect(lines).to.include('| time | 1.50 s |      1.25 – 2 |   9 |');
    expect(lines).to.include('| noisy |   1.50 |      1.25 – 2 |    1.50 |        1.25 – 2 | **no** |');
    expect(lines).to.include('| one       | missed  | ≤ 1    | 1.5      | **no** |');
    expect(lines).to.include('- A note.');
  });

  it('is what Prettier would make of it', async () => {
    const { check, resolveConfig } = await import('prettier');
    const config = await resolveConfig(__filename);
    for (const run of [full, { ...full, quick: true }, runOf({})]) {
      expect(await check(renderDocument(run), { ...config, parser: 'markdown' })).to.equal(true);
    }
  });
});
