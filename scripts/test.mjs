// Runs the tests on this Node.js, one mocha per suite, and closes with `N passed, N failed` over all of them.
// Arguments go to mocha: `npm test -- -g "soft limit"`.
import { closeWith } from './lib/closing-line.mjs';
import { isAtLeast } from './lib/node-range.mjs';
import { runSuite } from './lib/run-suite.mjs';
import { suites } from './lib/suites.mjs';

const results = [];
const leftOut = [];
for (const suite of suites) {
  if (suite.matrixOnly) {
    leftOut.push(`left out: ${suite.name}; npm run test:matrix has it`);
    continue;
  }
  if (suite.lowestNode !== undefined && !isAtLeast(process.version, suite.lowestNode)) {
    leftOut.push(`left out: ${suite.name}; ${suite.because}, this is ${process.version}`);
    continue;
  }
  console.log(`\n=== ${suite.name}`);
  results.push(await runSuite(suite, { args: process.argv.slice(2) }));
}
for (const line of leftOut) console.log(line);
closeWith(results);
