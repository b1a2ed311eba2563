import type { Environment } from './environment.js';
import type { FinishedBenchmark } from './benchmark.js';
import { formatInterval, formatPlain, formatValue } from './format-number.js';
import { markdownTable } from './markdown-table.js';

/** Everything of a run. Plain JSON, and what `--json` writes. */
export interface BenchRun {
  readonly environment: Environment;
  readonly quick: boolean;
  readonly benchmarks: readonly FinishedBenchmark[];
}

const HOW_TO_READ = `Each number is the median over all rounds with its 95 % interval (exact, between order
statistics). A round measures every candidate once, in random order; a ratio is the median of the
ratios within each round. The control is the ratio of a candidate to itself, measured as two in the
same rounds, with its 99.9 % interval: a ratio counts only if that contains 1.`;

/** The whole run as a Markdown document. */
export function renderDocument(run: BenchRun): string {
  return [
    '# Benchmarks',
    '<!-- Written by `npm run bench -- --markdown docs/benchmarks.md`. -->',
    HOW_TO_READ,
    ...(run.quick ? ['**This was a quick run: not for publishing.**'] : []),
    renderEnvironment(run.environment),
    '## Targets',
    renderTargets(run.benchmarks),
    ...run.benchmarks.map(renderBenchmark),
  ]
    .join('\n\n')
    .concat('\n');
}

/** One benchmark as a section. */
export function renderBenchmark({ name, title, description, result, seconds }: FinishedBenchmark): string {
  const { measurements, comparisons, notes } = result;
  const parts = [`## ${name}: ${title}`, description];
  if (measurements.length > 0) {
    parts.push(
      markdownTable(
        [
          { heading: 'what' },
          { heading: 'median', align: 'right' },
          { heading: '95 % interval', align: 'right' },
          { heading: 'n', align: 'right' },
        ],
        measurements.map(({ what, unit, estimate }) => [
          what,
          formatValue(estimate.median, unit),
          formatInterval(estimate, unit),
          String(estimate.samples),
        ]),
      ),
    );
  }
  if (comparisons.length > 0) {
    parts.push(
      markdownTable(
        [
          { heading: 'ratio' },
          { heading: 'median', align: 'right' },
          { heading: '95 % interval', align: 'right' },
          { heading: 'control', align: 'right' },
          { heading: '99.9 % interval', align: 'right' },
          { heading: 'holds' },
        ],
        comparisons.map(({ what, ratio, control, controlHolds }) => [
          what,
          formatPlain(ratio.median),
          formatInterval(ratio, '1'),
          formatPlain(control.median),
          formatInterval(control, '1'),
          controlHolds ? 'yes' : '**no**',
        ]),
      ),
    );
  }
  if (notes.length > 0) parts.push(notes.map(note => `- ${note}`).join('\n'));
  parts.push(`Took ${seconds.toFixed(0)} s.`);
  return parts.join('\n\n');
}

/** The targets of all benchmarks as one table. */
export function renderTargets(finished: readonly FinishedBenchmark[]): string {
  const targets = finished.flatMap(({ name, result }) => result.targets.map(target => ({ name, ...target })));
  if (targets.length === 0) return 'None in this run.';
  return markdownTable(
    [
      { heading: 'benchmark' },
      { heading: 'what' },
      { heading: 'wanted' },
      { heading: 'measured' },
      { heading: 'met' },
    ],
    targets.map(({ name, what, wanted, measured, met }) => [
      name,
      what,
      wanted,
      measured,
      met ? 'yes' : '**no**',
    ]),
  );
}

/** Where and when, as a list. */
export function renderEnvironment(environment: Environment): string {
  const { date, node, v8, system, processor, cores, memoryGibibytes, loadAtStart } = environment;
  return [
    `- ${date}`,
    `- Node.js ${node}, V8 ${v8}`,
    `- ${system}; ${processor}, ${cores} cores, ${memoryGibibytes} GiB`,
    `- load average at the start: ${loadAtStart.join(', ')}`,
  ].join('\n');
}

/** Why a run fails `--check`; empty if it does not. */
export function findFailures({ benchmarks }: BenchRun): string[] {
  return benchmarks.flatMap(({ name, result }) => [
    ...result.targets
      .filter(({ met }) => !met)
      .map(({ what, wanted, measured }) => `${name}: ${what}: wanted ${wanted}, measured ${measured}`),
    ...result.comparisons
      .filter(({ controlHolds }) => !controlHolds)
      .map(({ what }) => `${name}: the A/A control of "${what}" does not hold`),
  ]);
}
