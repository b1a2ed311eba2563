import type { MeterProvider } from '@opentelemetry/api';
import { FdWatchInstrumentation } from 'otel-fd-watch';
import type { FdWatchOptions } from 'otel-fd-watch';
import { createSamplingRuntime } from 'otel-runtime-kit/otel';
import { FakeClock } from 'test-helpers/fake-clock';
import { instrumentationsOn } from './on-a-runtime.js';
import { hostGcPlatform, hostPlatform } from './product-internals.js';
import type { GcPlatform } from './product-internals.js';

/** Real instrumentations over the real /proc, with only the clock in our hands. */
export interface HandTurnedWatch {
  readonly clock: FakeClock;
  /** Turns the clock to the next tick, which runs. */
  tick(): void;
  stop(): void;
}

/** When they tick, and when descriptors are scanned by kind. */
export type TickOptions = Pick<FdWatchOptions, 'byKindIntervalMillis'> & {
  readonly sampleIntervalMillis: number;
};

function handTurned(
  clock: FakeClock,
  sampleIntervalMillis: number,
  instrumentations: readonly { disable(): void }[],
): HandTurnedWatch {
  return {
    clock,
    tick: () => {
      clock.advance(sampleIntervalMillis);
    },
    stop: () => {
      for (const instrumentation of instrumentations) instrumentation.disable();
    },
  };
}

/** The watch of descriptors alone. */
export function fdWatchAtFakeClock(provider: MeterProvider, options: TickOptions): HandTurnedWatch {
  const clock = new FakeClock();
  const instrumentation = new FdWatchInstrumentation(options, {
    ...hostPlatform(),
    runtime: createSamplingRuntime(clock),
  });
  instrumentation.setMeterProvider(provider);
  return handTurned(clock, options.sampleIntervalMillis, [instrumentation]);
}

/**
 * All three instrumentations on one sampler.
 *
 * @param collectionsOf what stands for the garbage collector: its collections have to be on the same clock
 */
export function allAtFakeClock(
  provider: MeterProvider,
  options: TickOptions,
  collectionsOf: (clock: FakeClock) => GcPlatform,
): HandTurnedWatch {
  const clock = new FakeClock();
  const runtime = createSamplingRuntime(clock, collectionsOf(clock));
  const { fdWatch, memory, gc } = instrumentationsOn(runtime, options);
  const all = [fdWatch, memory, gc];
  for (const instrumentation of all) instrumentation.setMeterProvider(provider);
  return handTurned(clock, options.sampleIntervalMillis, all);
}

/** A real observer, whose collections nobody hears of: for ticks without collections. */
export function noCollections(): GcPlatform {
  const host = hostGcPlatform();
  return {
    ...host,
    observe: () => host.observe(() => {}),
    startRecording: () => ({ stop: () => [], onCollected: () => {} }),
  };
}
