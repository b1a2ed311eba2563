import type { MeterProvider } from '@opentelemetry/api';
import { FdWatchInstrumentation } from 'otel-fd-watch';
import type { FdWatchOptions } from 'otel-fd-watch';
import { createSamplingRuntime } from 'otel-runtime-kit/otel';
import { FakeClock } from 'test-helpers/fake-clock';
import { hostPlatform } from './product-internals.js';

/** The real instrumentation over the real /proc, with only the clock in our hands. */
export interface HandTurnedWatch {
  readonly instrumentation: FdWatchInstrumentation;
  /** Turns the clock to the next tick, which runs. */
  tick(): void;
  stop(): void;
}

export function fdWatchAtFakeClock(
  provider: MeterProvider,
  options: FdWatchOptions & { readonly sampleIntervalMillis: number },
): HandTurnedWatch {
  const clock = new FakeClock();
  const instrumentation = new FdWatchInstrumentation(options, {
    ...hostPlatform(),
    runtime: createSamplingRuntime(clock),
  });
  instrumentation.setMeterProvider(provider);
  const { sampleIntervalMillis } = options;
  return {
    instrumentation,
    tick: () => {
      clock.advance(sampleIntervalMillis);
    },
    stop: () => {
      instrumentation.disable();
    },
  };
}
