// Writes the tables of options and metrics into packages/*/README.md, from the compiled definitions, and the figures of
// the latest benchmark run into README.md. The example for Prometheus and Grafana makes its own files, docs/metrics.md and the rules in
// docs/runbooks.md.
// `--check` writes nothing, names what is stale, and then exits with 1.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import prettier from 'prettier';
import { metricsTable, optionsTable, replaceSection, sectionTable } from './lib/readme-tables.mjs';
import { productPackages, root } from './lib/repository.mjs';

const require = createRequire(import.meta.url);
const check = process.argv.includes('--check');

const documents = [
  ...productPackages().map(({ folder }) => ({
    path: join(folder, 'README.md'),
    fill: text => withTables(folder, text),
  })),
  { path: join(root, 'README.md'), fill: withCosts },
];

for (const { path, fill } of documents) {
  const name = relative(root, path);
  const text = readFileSync(path, 'utf8');
  let wanted;
  try {
    wanted = await prettier.format(fill(text), {
      ...(await prettier.resolveConfig(path)),
      parser: 'markdown',
    });
  } catch (error) {
    console.error(`${name}: ${error.message}`);
    process.exitCode = 1;
    continue;
  }
  if (wanted === text) continue;
  if (check) {
    console.error(`${name} is stale: npm run docs`);
    process.exitCode = 1;
  } else {
    writeFileSync(path, wanted);
    console.log(`${name} is up to date again`);
  }
}

const generator = join(root, 'examples', 'prometheus-grafana', 'dist', 'src', 'generate.js');
const { status } = spawnSync(process.execPath, [generator, ...(check ? ['--check'] : [])], {
  stdio: 'inherit',
});
if (status !== 0) process.exitCode = 1;

function withTables(folder, text) {
  const tables = [
    ['options', 'options.js', ({ optionRules }) => optionsTable(optionRules)],
    ['page-options', 'page/page-options.js', ({ pageOptionRules }) => optionsTable(pageOptionRules)],
    [
      'reader-options',
      'metrics/reader-options.js',
      ({ metricReaderRules }) => optionsTable(metricReaderRules),
    ],
    ['metrics', 'metric-definitions.js', module => metricsTable(definitions(module))],
  ];
  let result = text;
  for (const [name, path, makeTable] of tables) {
    const file = join(folder, 'dist', 'src', path);
    if (existsSync(file)) result = replaceSection(result, name, unaligned(makeTable(require(file))));
  }
  return result;
}

/** Columns that prettier makes equally wide are a third of such a README, and every package is installed with its own. */
function unaligned(table) {
  return `<!-- prettier-ignore-start -->\n\n${table}\n<!-- prettier-ignore-end -->\n`;
}

/** The figures of the front page are those of the latest run that was kept. */
function withCosts(text) {
  const benchmarks = readFileSync(join(root, 'docs', 'benchmarks.md'), 'utf8');
  return replaceSection(text, 'costs', sectionTable(benchmarks, 'Targets'));
}

/** The package's own metrics and what the sampler says about the package's own readings. */
function definitions(module) {
  const { ATTR_READING, samplerMetricDefinitions } = require('otel-runtime-kit/otel');
  const [, readings = []] = Object.entries(module).find(([name]) => name.endsWith('_READINGS')) ?? [];
  const sampler = Object.values(samplerMetricDefinitions).map(metric => ({
    ...metric,
    attributes: { ...metric.attributes, [ATTR_READING]: readings },
  }));
  return [...Object.values(module.metricDefinitions), ...(readings.length > 0 ? sampler : [])];
}
