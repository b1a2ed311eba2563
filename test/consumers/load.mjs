// An ES module. Prints whether import and require give the same class, as JSON.
import { createRequire } from 'node:module';
import { FdWatchInstrumentation } from 'otel-fd-watch';
import * as everything from 'otel-fd-watch';

const required = createRequire(import.meta.url)('otel-fd-watch');
console.log(
  JSON.stringify({
    sameByName: FdWatchInstrumentation === required.FdWatchInstrumentation,
    sameByNamespace: everything.FdWatchInstrumentation === required.FdWatchInstrumentation,
  }),
);
