// Runs the whole matrix, and prints it as a table of Markdown: `node matrix.js --runs 1000 --sdk 2`. The closing line is the sum.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { whyNotHere } from 'test-helpers/sdk-line';
import { growthOf, spendDay } from './day.js';
import type { Day } from './day.js';
import { measureExit } from './exit-time.js';
import type { ExitTime } from './exit-time.js';
import { EXITS } from './exits.js';
import { ENDPOINTS, faultsOf, runCell } from './fault-cell.js';
import type { CellSettings } from './fault-cell.js';
import { BUDGET_MILLIS, ITEMS, document } from './fault-document.js';
import { whyNotThis } from './fault-run.js';
import { inParallel } from './in-parallel.js';
import { killAtRandom, seeded } from './random-kills.js';
import type { RandomKills } from './random-kills.js';

const SLACK_MILLIS = 200;
/** Spans, and as many log records, that wait when the time of an exit is taken. */
const WAITING = 2_048;
const EXIT_ROUNDS = 31;
const ITEMS_PER_SECOND = 1_000;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    hours: { type: 'string', default: '24' },
    sdk: { type: 'string', default: '2' },
    exit: { type: 'string', default: '' },
    seed: { type: 'string', default: '1' },
    output: { type: 'string' },
  },
});
const sdk = values.sdk === '3' ? 3 : 2;

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
  const judge = (what: string, faults: readonly string[]): void => {
    if (faults.length === 0) passed += 1;
    else failed += 1;
    console.log(`${faults.length === 0 ? 'ok    ' : 'FAILED'} ${what}`);
    for (const fault of faults) console.log(`       ${fault}`);
  };
  // Side by side: neither depends on how busy the machine is.
  const [kills, day] = await Promise.all([killSome(Number(values.runs)), spendHours(Number(values.hours))]);
  if (kills !== undefined)
    judge(`killed at random: ${JSON.stringify(kills)}`, kills.lost === 0 ? [] : [`${kills.lost} are lost`]);
  if (day !== undefined)
    judge(`${values.hours} hours without an endpoint`, [...day.faults, ...growthOf(day.samples).faults]);
  const exitTimes: ExitTime[] = values.exit === '' ? await measureExit(WAITING, EXIT_ROUNDS, sdk) : [];
  for (const { what, listeners, whole } of exitTimes)
    console.log(`process.exit(), ${what}: ${JSON.stringify({ listeners, whole })}`);
  for (const line of skipped) console.log(`skipped: ${line}`);
  if (values.output !== undefined)
    writeFileSync(values.output, document({ sdk, rows, kills, exitTimes, day, skipped }));
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

async function killSome(runs: number): Promise<RandomKills | undefined> {
  return runs > 0 ? killAtRandom(runs, sdk, seeded(Number(values.seed))) : undefined;
}

async function spendHours(hours: number): Promise<Day | undefined> {
  const plan = { itemsPerSecond: ITEMS_PER_SECOND, sampleSeconds: 900, sdk } as const;
  return hours > 0 ? spendDay({ ...plan, seconds: hours * 3_600 }) : undefined;
}

void main();
