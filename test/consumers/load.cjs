// A CommonJS program. Prints what it counted and what the kernel and V8 say, as JSON.
const { readFileSync, readdirSync } = require('node:fs');
const { getHeapStatistics } = require('node:v8');
const { metrics } = require('@opentelemetry/api');
const { FdWatchInstrumentation } = require('otel-fd-watch');
const { GcInstrumentation } = require('otel-gc-instrumentation');
const { MemoryMetricsInstrumentation } = require('otel-memory-metrics');
const { startVitals } = require('otel-node-vitals');

const fdWatch = new FdWatchInstrumentation();
fdWatch.setMeterProvider(metrics.getMeterProvider());
const { open } = fdWatch.snapshot();
const listed = process.platform === 'linux' ? readdirSync('/proc/self/fd').length - 1 : null;
fdWatch.disable();

const memory = new MemoryMetricsInstrumentation();
memory.setMeterProvider(metrics.getMeterProvider());
const snapshot = memory.snapshot();
const status = process.platform === 'linux' ? readFileSync('/proc/self/status', 'utf8') : '';
memory.disable();

const gc = new GcInstrumentation();
gc.setMeterProvider(metrics.getMeterProvider());
const { source } = gc.summary();
gc.disable();

const started = startVitals(metrics.getMeterProvider());
const heapLimitOfVitals = started.memory.snapshot().heap.limitBytes;
started.shutdown();

console.log(
  JSON.stringify({
    open,
    listed,
    residentBytes: snapshot.process.residentBytes,
    statusBytes: status === '' ? null : Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)[1]) * 1024,
    heapLimitBytes: snapshot.heap.limitBytes,
    heapLimitOfVitals,
    v8LimitBytes: getHeapStatistics().heap_size_limit,
    gcPauses: source.pauses,
  }),
);
