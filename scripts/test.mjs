// Runs the tests on this Node.js, one mocha per suite, and closes with `N passed, N failed` over all of them.
// Arguments go to mocha: `npm test -- -g "soft limit"`.
import { availableParallelism } from 'node:os';
import { closeWith } from './lib/closing-line.mjs';
import { isAtLeast } from './lib/node-range.mjs';
import { runSuite } from './lib/run-suite.mjs';
import { suites } from './lib/suites.mjs';

const args = process.argv.slice(2);
const results = [];
const leftOut = [];
const chosen = suites.filter(suite => {
  const isTooOld = suite.lowestNode !== undefined && !isAtLeast(process.version, suite.lowestNode);
  if (suite.matrixOnly) leftOut.push(`left out: ${suite.name}; npm run test:matrix has it`);
  else if (isTooOld) leftOut.push(`left out: ${suite.name}; ${suite.because}, this is ${process.version}`);
  return !suite.matrixOnly && !isTooOld;
});

// The first suite takes as long as all others: side by side with them where there are processors for it. What these say comes afterwards.
const [first, ...others] = chosen;
if (availableParallelism() > 1) {
  const beside = runCaptured(others);
  await runAloud(first);
  for (const { name, result } of await beside) {
    console.log(`\n=== ${name}\n${result.output}`);
    results.push(result);
  }
} else for (const suite of chosen) await runAloud(suite);
for (const line of leftOut) console.log(line);
closeWith(results);

async function runAloud(suite) {
  console.log(`\n=== ${suite.name}`);
  results.push(await runSuite(suite, { args }));
}

async function runCaptured(all) {
  const done = [];
  for (const suite of all) {
    done.push({ name: suite.name, result: await runSuite(suite, { args, output: 'capture' }) });
  }
  return done;
}
