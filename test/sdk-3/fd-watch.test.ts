import { FdWatchInstrumentation } from 'otel-fd-watch';
import { createSamplingRuntime } from 'otel-runtime-kit/otel';
import { describeFdWatch } from 'test-helpers/fd-watch-suite';

describeFdWatch({
  line: 3,
  loadSdk: async () => (await import('./sdk.js')).sdkFor<FdWatchInstrumentation>(),
  instrument: (options, clock) =>
    clock === undefined
      ? new FdWatchInstrumentation(options)
      : new FdWatchInstrumentation(options, {
          runtime: createSamplingRuntime(clock),
          isMainThread: true,
          processRoot: '/proc/self',
          directory: { path: '/proc/self/fd', listsItself: true, sizeMayCount: true },
        }),
});
