import { getHeapSpaceStatistics, getHeapStatistics } from 'node:v8';
import { MemoryMetricsInstrumentation } from 'otel-memory-metrics';
import { createSamplingRuntime } from 'otel-runtime-kit/otel';
import { expectedMemoryValues } from 'test-helpers/expected-memory';
import { describeInstrumentation } from 'test-helpers/instrumentation-suite';

const kept: Buffer[] = [];

describeInstrumentation({
  name: 'MemoryMetricsInstrumentation',
  line: 2,
  loadSdk: async () => (await import('./sdk.js')).sdkFor<MemoryMetricsInstrumentation>(),
  instrument: (options, clock) =>
    clock === undefined
      ? new MemoryMetricsInstrumentation(options)
      : new MemoryMetricsInstrumentation(options, {
          runtime: createSamplingRuntime(clock),
          isMainThread: true,
          speaksForContainer: true,
          procRoot: '/proc',
          // A limit that is given, and no cgroup: the same rows on every machine.
          cgroupRoot: undefined,
          v8: {
            heapStatistics: getHeapStatistics,
            heapSpaces: getHeapSpaceStatistics,
            arrayBufferBytes: () => process.memoryUsage().arrayBuffers,
          },
          residentBytes: () => process.memoryUsage.rss(),
          peakBytes: () => process.resourceUsage().maxRSS * 1024,
          environment: { CONTAINER_MEMORY_LIMIT_MB: '4096' },
        }),
  expectedValues: instrumentation => expectedMemoryValues(instrumentation.snapshot()),
  change: () => kept.push(Buffer.alloc(1024 * 1024, 1)),
  instruments: 19,
});
