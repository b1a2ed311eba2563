import { GcInstrumentation } from 'otel-gc-instrumentation';
import { createSamplingRuntime } from 'otel-runtime-kit/otel';
import { expectedGcValues } from 'test-helpers/expected-gc';
import { FakeCollections } from 'test-helpers/fake-collections';
import { describeInstrumentation } from 'test-helpers/instrumentation-suite';

const collections = new FakeCollections();

describeInstrumentation({
  name: 'GcInstrumentation',
  line: 3,
  loadSdk: async () => (await import('./sdk.js')).sdkFor<GcInstrumentation>(),
  instrument: (options, clock) =>
    clock === undefined
      ? new GcInstrumentation(options)
      : new GcInstrumentation(options, {
          runtime: createSamplingRuntime(clock, collections.at(clock)),
          heapLimitBytes: () => 2 ** 30,
        }),
  expectedValues: instrumentation => expectedGcValues(instrumentation.summary()),
  change: () => {
    collections.collect();
  },
  // Without a profiler there are no heap effects.
  instruments: 7,
});
