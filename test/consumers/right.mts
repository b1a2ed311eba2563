// Compiled in every module mode. The packed test copies it to right.ts and, where the mode knows it, right.mts.
import type { MeterProvider } from '@opentelemetry/api';
import { FdWatchInstrumentation } from 'otel-fd-watch';
import type { FdKind, FdPressure, FdSnapshot, FdWatchOptions } from 'otel-fd-watch';
import { Sampler } from 'otel-runtime-kit/sampling';
import type { MetricDefinition } from 'otel-runtime-kit/otel';

const seen: string[] = [];
const options: FdWatchOptions = {
  warnAtCount: 500,
  onPressure: (pressure: FdPressure) => seen.push(pressure.message),
};

export function watch(provider: MeterProvider): FdSnapshot {
  const instrumentation = new FdWatchInstrumentation(options);
  instrumentation.setMeterProvider(provider);
  return instrumentation.snapshot();
}

export function socketsOf(snapshot: FdSnapshot): number | null {
  const kind: FdKind = 'socket';
  return snapshot.byKind?.[kind] ?? null;
}

export function nameOf(metric: MetricDefinition): string {
  return metric.name;
}

export const sampler: typeof Sampler = Sampler;
