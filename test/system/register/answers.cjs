// What an application does when it is asked to, by lines on stdin; each is answered with a line of JSON.
'use strict';
const { createRequire } = require('node:module');
const { createInterface } = require('node:readline');
const { performance, PerformanceObserver } = require('node:perf_hooks');

let scrape = () => Promise.resolve('');
const collections = { major: 0 };

/** Sets up the SDK that `from` sees, and registers its meter provider. */
function setUpSdk(from, vitals) {
  const load = createRequire(from);
  const { metrics } = load('@opentelemetry/api');
  const { MeterProvider } = load('@opentelemetry/sdk-metrics');
  const { PrometheusExporter } = load('@opentelemetry/exporter-prometheus');
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const provider = new MeterProvider({ readers: [exporter] });
  scrape = () =>
    new Promise(resolve => {
      exporter.getMetricsRequestHandler({}, { setHeader() {}, end: resolve });
    });
  const isRegistered = metrics.setGlobalMeterProvider(provider);
  // A second source for the number of collections.
  new PerformanceObserver(list => {
    for (const { detail } of list.getEntries()) if (detail.kind === 4) collections.major += 1;
  }).observe({ entryTypes: ['gc'] });
  commands.vitals = () => {
    for (const each of load('otel-node-vitals').vitals()) each.setMeterProvider(provider);
  };
  if (vitals) commands.vitals();
  return isRegistered;
}

const commands = {
  sdk: () => setUpSdk(process.env.SDK_FROM ?? __filename, false),
  scrape: () => scrape(),
  isRegistered: () => globalThis[Symbol.for('opentelemetry.js.api.1')]?.metrics !== undefined,
  async collect() {
    for (let turn = 0; turn < 5; turn += 1) {
      globalThis.gc();
      await new Promise(resolve => setTimeout(resolve, 10));
    }
    return collections.major;
  },
  exit() {
    process.exitCode = 7;
  },
  leave: () => process.exit(7),
  listeners: () =>
    Object.fromEntries(['SIGTERM', 'beforeExit', 'exit'].map(name => [name, process.listenerCount(name)])),
  loaded: () => Object.keys(require.cache),
};

function answer() {
  createInterface({ input: process.stdin }).on('line', async line => {
    const result = await commands[line]();
    process.stdout.write(`${JSON.stringify({ result })}\n`);
  });
  process.stdout.write(`${JSON.stringify({ result: 'ready', millis: performance.now() })}\n`);
}

module.exports = { answer, setUpSdk };
