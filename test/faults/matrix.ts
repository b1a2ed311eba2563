// Runs the whole matrix, and prints it as a table of Markdown: `node matrix.js --runs 1000 --sdk 2`. The closing line is the sum.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { whyNotHere } from 'test-helpers/sdk-line';
import { measureExit } from './exit-time.js';
import { EXITS } from './exits.js';
import { ENDPOINTS, faultsOf, runCell } from './fault-cell.js';
import type { CellResult, CellSettings } from './fault-cell.js';
import { whyNotThis } from './fault-run.js';
import { inParallel } from './in-parallel.js';
import { killAtRandom, seeded } from './random-kills.js';
import type { RandomKills } from './random-kills.js';

const ITEMS = 100;
const BUDGET_MILLIS = 1_000;
const SLACK_MILLIS = 200;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    sdk: { type: 'string', default: '2' },
    exit: { type: 'string', default: '' },
    seed: { type: 'string', default: '1' },
    output: { type: 'string' },
  },
});
const sdk = values.sdk === '3' ? 3 : 2;

interface Row {
  readonly cell: CellSettings;
  readonly result: CellResult;
  readonly faults: readonly string[];
}

async function main(): Promise<void> {
  const why = whyNotHere(sdk);
  if (why !== undefined) throw new Error(why);
  let passed = 0;
  let failed = 0;
  const skipped: string[] = [];
  const cells: CellSettings[] = [];
  for (const exit of EXITS.filter(({ name }) => name.includes(values.exit))) {
    const reason = await whyNotThis(exit);
    if (reason !== undefined) skipped.push(`${exit.name}: ${reason}`);
    else
      for (const endpoint of ENDPOINTS)
        cells.push({ exit, endpoint, sdk, items: ITEMS, budgetMillis: BUDGET_MILLIS });
  }
  const rows = await inParallel(cells, 2, async cell => {
    let result = await runCell(cell);
    if (result.guard.exitMillis > BUDGET_MILLIS + SLACK_MILLIS) {
      // The machine may have had something else to do just then. If it is the guard, it is so again.
      console.log(`once more: ${cell.exit.name}, endpoint ${cell.endpoint}, ${result.guard.exitMillis} ms`);
      result = await runCell(cell);
    }
    const faults = faultsOf(cell, result, SLACK_MILLIS);
    if (faults.length === 0) passed += 1;
    else failed += 1;
    console.log(`${faults.length === 0 ? 'ok    ' : 'FAILED'} ${cell.exit.name}, endpoint ${cell.endpoint}`);
    for (const fault of faults) console.log(`       ${fault}`);
    return { cell, result, faults };
  });
  const runs = Number(values.runs);
  let kills: RandomKills | undefined;
  if (runs > 0) {
    kills = await killAtRandom(runs, sdk, seeded(Number(values.seed)));
    console.log(`killed at random: ${JSON.stringify(kills)}`);
    if (kills.lost === 0) passed += 1;
    else failed += 1;
  }
  if (values.exit === '') {
    for (const { what, medianMillis, worstMillis } of await measureExit(2_048, 15, sdk)) {
      console.log(
        `process.exit() with 2,048 spans and 2,048 log records waiting, ${what}: median ${medianMillis.toFixed(1)} ms, worst ${worstMillis.toFixed(1)} ms`,
      );
    }
  }
  for (const line of skipped) console.log(`skipped: ${line}`);
  if (values.output !== undefined) writeFileSync(values.output, document(rows, kills, skipped));
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

function document(rows: readonly Row[], kills: RandomKills | undefined, skipped: readonly string[]): string {
  return [
    '# What is lost when a process ends',
    '',
    `Made by \`npm run test:faults\`: Node.js ${process.versions.node.split('.')[0] ?? ''}, OpenTelemetry SDK ${sdk}.x with its OTLP/HTTP exporters. ` +
      `Each row is a program that emits ${ITEMS} spans and ${ITEMS} log records in each of its processes and threads, and ends 50 ms later; ` +
      `once with \`BatchSpanProcessor\` and \`BatchLogRecordProcessor\` as they are, once with the guard in their place (\`writeAhead: 'item'\`, ` +
      `a budget of ${BUDGET_MILLIS} ms) and then started again with the endpoint up. ` +
      'Lost is what the endpoint has not got after that.',
    '',
    '| the process ends by | the endpoint is | lost by the SDK | lost with the guard | delivered twice | ends with | time to end |',
    '| --- | --- | --: | --: | --: | --- | --: |',
    ...rows.map(
      ({ cell: { exit, endpoint }, result: { emitted, plain, guard } }) =>
        `| ${exit.name} | ${endpoint} | ${plain.lost} of ${emitted} | ${guard.lost} | ${guard.duplicates} | ${ends(plain.end, guard.end)} | ${rounded(guard.exitMillis)} |`,
    ),
    '',
    'Delivered twice is what the endpoint had taken when the process died before it heard of it. ' +
      'Time to end is from the cause to the end, with the guard; the budget is the most that a signal or the end of the loop may be held up.',
    '',
    'Two ends are not those of the program without the guard:',
    '',
    ...EXITS.flatMap(({ name, differs }) =>
      differs === undefined ? [] : [`- ${name}: ${differs.because}.`],
    ),
    '',
    ...(kills === undefined
      ? []
      : [
          '## Killed at random',
          '',
          `${kills.runs.toLocaleString('en')} processes, two at a time in one folder, each killed by SIGKILL at a random moment of its first ` +
            `1.6 s, some of them while they sent or took over what others had left. ${kills.acknowledged.toLocaleString('en')} spans and log ` +
            `records had been accepted, which each process had written down once it was so: **${kills.lost} were lost**, ` +
            `${kills.duplicates.toLocaleString('en')} delivered twice.`,
          '',
        ]),
    ...(skipped.length === 0
      ? []
      : ['Not had on the machine where this was made:', '', ...skipped.map(line => `- ${line}`), '']),
  ].join('\n');
}

function ends(plain: string, guard: string): string {
  return plain === guard ? guard : `${guard} (without: ${plain})`;
}

/** Coarse, so that the table changes when something changes. */
function rounded(millis: number): string {
  if (millis < 100) return '< 100 ms';
  return `${(Math.round(millis / 100) / 10).toFixed(1)} s`;
}

void main();
