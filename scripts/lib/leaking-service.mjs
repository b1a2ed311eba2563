// A service with two mistakes for the picture of the README: after a while it keeps every session for ever, and a descriptor now and
// then. It prints the address of its status page, and samples fast, so that two minutes show what takes hours.
import { openSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './repository.mjs';

const require = createRequire(import.meta.url);
const { MeterProvider } = require('@opentelemetry/sdk-metrics');
const { MemoryMetricsInstrumentation } = require('otel-memory-metrics');
const { GcInstrumentation } = require('otel-gc-instrumentation');
const { FdWatchInstrumentation } = require('otel-fd-watch');
const { vitalsPage } = require(join(root, 'packages/otel-node-vitals/dist/src/page/index.js'));

const sampleIntervalMillis = 400;
const trendWindowMillis = 60_000;
/** So long it is healthy: the picture shows where the leak begins. */
const HEALTHY_MILLIS = 95_000;
const memory = new MemoryMetricsInstrumentation({
  sampleIntervalMillis,
  trendWindowMillis,
  limitBytes: 512 * 1024 ** 2,
});
const gc = new GcInstrumentation({ sampleIntervalMillis });
const fd = new FdWatchInstrumentation({
  sampleIntervalMillis,
  trendWindowMillis,
  byKindIntervalMillis: 5_000,
});
const provider = new MeterProvider();
for (const instrumentation of [memory, gc, fd]) instrumentation.setMeterProvider(provider);

const sessions = new Map();
let requests = 0;
setInterval(() => {
  requests += 1;
  // What each request needs for a moment …
  const rows = Array.from({ length: 2_000 + 400 * Math.sin(requests / 90) }, (_, id) => ({
    id,
    name: `row ${id}`,
  }));
  // … and what should have been forgotten after it.
  sessions.set(requests, { rows: rows.slice(0, 210), token: `${requests}`.padStart(64, '0') });
  if (performance.now() < HEALTHY_MILLIS) sessions.delete(requests);
  else if (requests % 150 === 0) openSync('/etc/hostname');
}, 5);

const page = vitalsPage(
  { memory: () => memory.snapshot(), gc: () => gc.summary(), fd: () => fd.snapshot(), service: 'checkout' },
  { sampleIntervalMillis },
);
const server = createServer((request, response) => {
  if (!page(request, response)) response.writeHead(404).end();
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`));
