// A Jest test file: everything at once, under Jest's fake timers.
const { metrics } = require('@opentelemetry/api');
const { FdWatchInstrumentation } = require('otel-fd-watch');
const { GcInstrumentation } = require('otel-gc-instrumentation');
const { MemoryMetricsInstrumentation } = require('otel-memory-metrics');

test('starts, reads and stops under fake timers, and sets none of them', () => {
  jest.useFakeTimers();
  const memory = new MemoryMetricsInstrumentation();
  const gc = new GcInstrumentation();
  const fd = new FdWatchInstrumentation();
  for (const one of [memory, gc, fd]) one.setMeterProvider(metrics.getMeterProvider());
  expect(memory.snapshot().heap.usedBytes).toBeGreaterThan(1_000_000);
  expect(gc.summary().source.pauses).toBe('observer');
  expect(fd.snapshot().open === null).toBe(process.platform === 'win32');
  expect(jest.getTimerCount()).toBe(0);
  for (const one of [memory, gc, fd]) one.disable();
  jest.useRealTimers();
});
