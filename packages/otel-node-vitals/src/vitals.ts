import type { MeterProvider } from '@opentelemetry/api';
import { FdWatchInstrumentation } from 'otel-fd-watch';
import { GcInstrumentation } from 'otel-gc-instrumentation';
import { MemoryMetricsInstrumentation } from 'otel-memory-metrics';
import { resolveVitalsOptions } from './options.js';
import type { VitalsOptions } from './options.js';
import { PromClientNames } from './prom-client-names.js';

/** What `vitals()` gives: an `Instrumentation` for NodeSDK and `registerInstrumentations` of SDK 2.x and 3.x. */
export type VitalsInstrumentation =
  MemoryMetricsInstrumentation | GcInstrumentation | FdWatchInstrumentation | PromClientNames;

/** The instrumentations by name; `null` where the options leave one out. */
export interface VitalsParts {
  readonly memory: MemoryMetricsInstrumentation | null;
  readonly gc: GcInstrumentation | null;
  readonly fd: FdWatchInstrumentation | null;
}

/** Instrumentations that run. */
export interface StartedVitals extends VitalsParts {
  /** Moves all of them to another meter provider. */
  setMeterProvider(provider: MeterProvider): void;
  /** Stops all of them: no callback, timer or descriptor is left. What the latest readings found can still be read. */
  shutdown(): void;
}

/**
 * The instrumentations of memory, garbage collection and file descriptors, for `instrumentations` of NodeSDK or
 * `registerInstrumentations`. They share one timer, with every other copy in the process too.
 *
 * @throws TypeError or RangeError for an option that does not exist or cannot be, naming package, option and value
 */
export function vitals(options: VitalsOptions = {}): VitalsInstrumentation[] {
  return assemble(options).all;
}

/**
 * The same for a meter provider without NodeSDK: starts at once (unless `enabled` is false).
 *
 * @throws TypeError or RangeError for an option that does not exist or cannot be, naming package, option and value
 */
export function startVitals(meterProvider: MeterProvider, options: VitalsOptions = {}): StartedVitals {
  const { all, parts } = assemble(options);
  const setMeterProvider = (provider: MeterProvider): void => {
    for (const instrumentation of all) instrumentation.setMeterProvider(provider);
  };
  setMeterProvider(meterProvider);
  return Object.freeze({
    ...parts,
    setMeterProvider,
    shutdown() {
      for (const instrumentation of all) instrumentation.disable();
    },
  });
}

function assemble(given: VitalsOptions): {
  readonly all: VitalsInstrumentation[];
  readonly parts: VitalsParts;
} {
  const { enabled, sampleIntervalMillis, v8js, promClientNames, ...groups } = resolveVitalsOptions(given);
  const shared = { enabled, sampleIntervalMillis };
  const memory =
    groups.memory === false
      ? null
      : new MemoryMetricsInstrumentation({
          ...shared,
          v8js,
          ...(promClientNames ? { heapSpaceDetails: true } : {}),
          ...present(groups.memory),
        });
  const gc = groups.gc === false ? null : new GcInstrumentation({ ...shared, v8js, ...present(groups.gc) });
  const fd = groups.fd === false ? null : new FdWatchInstrumentation({ ...shared, ...present(groups.fd) });
  const names = fd === null || !promClientNames ? null : new PromClientNames(fd);
  const all = [memory, gc, fd, names].filter(each => each !== null);
  return { all, parts: { memory, gc, fd } };
}

/** Without what is `undefined`, which counts as not given. */
function present<Options extends object>(options: Options): Options {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Options;
}
