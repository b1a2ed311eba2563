// Writes the tables of options and metrics into packages/*/README.md, from the compiled definitions.
// `--check` writes nothing, names what is stale, and then exits with 1.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import prettier from 'prettier';
import { metricsTable, optionsTable, replaceSection } from './lib/readme-tables.mjs';
import { productPackages, root } from './lib/repository.mjs';

const require = createRequire(import.meta.url);
const check = process.argv.includes('--check');

for (const { folder } of productPackages()) {
  const readme = join(folder, 'README.md');
  const name = relative(root, readme);
  const text = readFileSync(readme, 'utf8');
  let wanted;
  try {
    wanted = await withTables(folder, readme, text);
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
    writeFileSync(readme, wanted);
    console.log(`${name} is up to date again`);
  }
}

async function withTables(folder, readme, text) {
  let result = text;
  const options = join(folder, 'dist', 'src', 'options.js');
  if (existsSync(options))
    result = replaceSection(result, 'options', optionsTable(require(options).optionRules));
  const metrics = join(folder, 'dist', 'src', 'metric-definitions.js');
  if (existsSync(metrics))
    result = replaceSection(result, 'metrics', metricsTable(definitions(require(metrics))));
  return prettier.format(result, { ...(await prettier.resolveConfig(readme)), parser: 'markdown' });
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
