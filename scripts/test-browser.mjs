// Runs the tests of the status page in a real Chromium, which they install with apt-get if it is missing and they can.
// Not a part of `npm test`, which needs Node.js and npm alone. Arguments go to mocha. SCREENSHOTS names a folder for the pictures.
import { join } from 'node:path';
import { closeWith } from './lib/closing-line.mjs';
import { runSuite } from './lib/run-suite.mjs';
import { root } from './lib/repository.mjs';

closeWith([
  await runSuite(
    {
      name: 'browser',
      places: [{ source: join(root, 'test', 'browser'), compiled: join(root, 'test', 'browser', 'dist') }],
    },
    { args: process.argv.slice(2) },
  ),
]);
