import type { MeterProvider } from '@opentelemetry/api';
import { FdWatchInstrumentation } from 'otel-fd-watch';
import { GcInstrumentation } from 'otel-gc-instrumentation';
import { MemoryMetricsInstrumentation } from 'otel-memory-metrics';

/** What all of them understand. */
export interface SharedOptions {
  readonly sampleIntervalMillis?: number;
}

/** All three instrumentations on one meter provider, as an application starts them. */
export function startAllInstrumentations(provider: MeterProvider, options: SharedOptions = {}): void {
  for (const instrumentation of [
    new FdWatchInstrumentation(options),
    new MemoryMetricsInstrumentation(options),
    new GcInstrumentation(options),
  ]) {
    instrumentation.setMeterProvider(provider);
  }
}
