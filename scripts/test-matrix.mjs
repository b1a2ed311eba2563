// Runs the suites that depend on Node.js and on the SDK with several Node.js, fetched from npm, and closes with a table and
// `N passed, N failed`. `--node 24` takes the versions that begin so; it can be repeated.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { closeWith } from './lib/closing-line.mjs';
import { nodeBinary } from './lib/node-binaries.mjs';
import { isAtLeast } from './lib/node-range.mjs';
import { runSuite } from './lib/run-suite.mjs';
import { suites } from './lib/suites.mjs';

/** The newest of each line, and the two floors of `engines`. */
const NEWEST = ['20.20.2', '22.23.3', '24.21.0', '26.10.0'];
const FLOORS = ['20.19.0', '22.12.0'];
const COLUMNS = suites.filter(({ name }) =>
  ['packages', 'sdk-2', 'sdk-3', 'azure', 'processes', 'register', 'exits', 'faults'].includes(name),
);

const { values } = parseArgs({ options: { node: { type: 'string', multiple: true } } });
const chosen = [...NEWEST, ...FLOORS].filter(
  version => values.node === undefined || values.node.some(prefix => `${version}.`.startsWith(`${prefix}.`)),
);
if (chosen.length === 0) {
  console.error(`no such Node.js in the matrix; there are ${[...NEWEST, ...FLOORS].join(', ')}`);
  process.exit(1);
}

// Two versions at a time where there are processors for it: most tests wait for a process or a clock most of the time.
const waiting = [...chosen];
const finished = new Map();
const lines = Array.from({ length: Math.min(2, availableParallelism()) }, async () => {
  for (let version = waiting.shift(); version !== undefined; version = waiting.shift()) {
    finished.set(version, await runVersion(version));
  }
});
await Promise.all(lines);
const runs = chosen.map(version => finished.get(version));
printTable(
  ['node', ...COLUMNS.map(({ name }) => name)],
  runs.map(({ row }) => row),
);
closeWith(runs.flatMap(({ results }) => results));

async function runVersion(version) {
  let binary;
  try {
    binary = await nodeBinary(version, { orNewest: NEWEST.includes(version) });
  } catch (error) {
    const results = [{ passed: 0, skipped: 0, failures: [`node ${version}: ${error.message}`] }];
    return { row: [version, ...COLUMNS.map(() => 'no binary')], results };
  }
  if (binary === undefined) return { row: [version, ...COLUMNS.map(() => 'no binary here')], results: [] };
  const results = [];
  const row = [binary.version];
  for (const suite of COLUMNS) {
    if (suite.lowestNode !== undefined && !isAtLeast(binary.version, suite.lowestNode)) {
      row.push(`needs ${suite.lowestNode}`);
      continue;
    }
    const startedMillis = performance.now();
    const result = await runSuite(suite, { node: binary.path, output: 'capture' });
    const seconds = Math.round((performance.now() - startedMillis) / 1_000);
    const failed = result.failures.length;
    row.push(`${result.passed} passed${failed > 0 ? `, ${failed} FAILED` : ''}, ${seconds} s`);
    console.log(`node ${binary.version}, ${suite.name}: ${row.at(-1)}`);
    if (failed > 0) console.log(result.output);
    results.push({ ...result, failures: result.failures.map(title => `node ${binary.version}: ${title}`) });
  }
  return { row, results };
}

function printTable(head, body) {
  const widths = head.map((_, column) => Math.max(...[head, ...body].map(row => row[column].length)));
  console.log('');
  for (const row of [head, widths.map(width => '-'.repeat(width)), ...body]) {
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    );
  }
  console.log('');
}
