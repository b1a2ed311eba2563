// Prints, as JSON, whether what one entry point makes is what another one knows.
const { metrics } = require('@opentelemetry/api');
const { FdWatchInstrumentation } = require('otel-fd-watch');
const { GcInstrumentation } = require('otel-gc-instrumentation');
const { MemoryMetricsInstrumentation } = require('otel-memory-metrics');
const { startVitals } = require('otel-node-vitals');
const { GcSource } = require('otel-runtime-kit/gc');
const { HostMemory } = require('otel-runtime-kit/linux');
const { MeterInstrumentation, processState } = require('otel-runtime-kit/otel');
const { ReadingLog, Sampler, UnexpectedContentError } = require('otel-runtime-kit/sampling');

const started = startVitals(metrics.getMeterProvider());
const { runtime } = processState();
const thrownBy = run => {
  try {
    run();
  } catch (thrown) {
    return thrown;
  }
  return undefined;
};
const badOption = thrownBy(() => new FdWatchInstrumentation({ warnAtRatio: 3 }));
const says = {
  sampler: runtime.sampler instanceof Sampler,
  readings: runtime.readings instanceof ReadingLog,
  gcSource: runtime.gc instanceof GcSource,
  error: thrownBy(() => new HostMemory(__filename).read()) instanceof UnexpectedContentError,
  memory: started.memory instanceof MemoryMetricsInstrumentation,
  gc: started.gc instanceof GcInstrumentation,
  fd: started.fd instanceof FdWatchInstrumentation,
  kit: [started.memory, started.gc, started.fd].every(one => one instanceof MeterInstrumentation),
  classNames: [started.memory, started.gc, started.fd, runtime.sampler].map(one => one.constructor.name),
};
started.shutdown();
const files = Object.keys(require.cache).filter(path => /[\\/]otel-[a-z-]+[\\/]dist[\\/]/.test(path));
console.log(JSON.stringify({ ...says, stack: badOption.stack, files }));
