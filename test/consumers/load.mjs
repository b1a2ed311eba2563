// An ES module. Prints whether import and require give the same, as JSON.
import { createRequire } from 'node:module';
import { FdWatchInstrumentation } from 'otel-fd-watch';
import * as fdWatch from 'otel-fd-watch';
import { GcInstrumentation } from 'otel-gc-instrumentation';
import * as gc from 'otel-gc-instrumentation';
import { MemoryMetricsInstrumentation } from 'otel-memory-metrics';
import * as memory from 'otel-memory-metrics';
import { vitals } from 'otel-node-vitals';
import * as nodeVitals from 'otel-node-vitals';

const require = createRequire(import.meta.url);
const required = [
  require('otel-fd-watch').FdWatchInstrumentation,
  require('otel-gc-instrumentation').GcInstrumentation,
  require('otel-memory-metrics').MemoryMetricsInstrumentation,
  require('otel-node-vitals').vitals,
];
const byName = [FdWatchInstrumentation, GcInstrumentation, MemoryMetricsInstrumentation, vitals];
const byNamespace = [
  fdWatch.FdWatchInstrumentation,
  gc.GcInstrumentation,
  memory.MemoryMetricsInstrumentation,
  nodeVitals.vitals,
];
const same = classes => classes.every((one, index) => one === required[index] && one !== undefined);
console.log(JSON.stringify({ sameByName: same(byName), sameByNamespace: same(byNamespace) }));
