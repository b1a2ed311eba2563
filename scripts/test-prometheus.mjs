// Runs the tests of rules and dashboards against a real Prometheus and its promtool, which they fetch with apt-get if they are
// missing. Not a part of `npm test`, which needs Node.js and npm alone. Arguments go to mocha.
import { join } from 'node:path';
import { closeWith } from './lib/closing-line.mjs';
import { runSuite } from './lib/run-suite.mjs';
import { root } from './lib/repository.mjs';

closeWith([
  await runSuite(
    {
      name: 'prometheus',
      places: [
        // What needs no Prometheus first: names, queries and thresholds of rules and dashboards.
        {
          source: join(root, 'examples', 'prometheus-grafana', 'test'),
          compiled: join(root, 'examples', 'prometheus-grafana', 'dist', 'test'),
        },
        { source: join(root, 'test', 'prometheus'), compiled: join(root, 'test', 'prometheus', 'dist') },
      ],
    },
    { args: process.argv.slice(2), limitMillis: 20 * 60_000 },
  ),
]);
