// Compiled in every module mode. The packed test copies it to right.ts and, where the mode knows it, right.mts.
import type { MeterProvider } from '@opentelemetry/api';
import { FdWatchInstrumentation } from 'otel-fd-watch';
import type { FdKind, FdPressure, FdSnapshot, FdWatchOptions } from 'otel-fd-watch';
import { GcInstrumentation } from 'otel-gc-instrumentation';
import type { GcOptions, GcSummary } from 'otel-gc-instrumentation';
import { MemoryMetricsInstrumentation } from 'otel-memory-metrics';
import type { MemoryMetricsOptions, MemorySignal, MemorySnapshot } from 'otel-memory-metrics';
import { promClientViews, startVitals, vitals, vitalsPage } from 'otel-node-vitals';
import type { StartedVitals, VitalsOptions, VitalsPage, VitalsView } from 'otel-node-vitals';
import 'otel-node-vitals/register';
import { GC_TYPES } from 'otel-runtime-kit/gc';
import type { GcType } from 'otel-runtime-kit/gc';
import { Sampler } from 'otel-runtime-kit/sampling';
import type { MetricDefinition } from 'otel-runtime-kit/otel';

const seen: string[] = [];
const options: FdWatchOptions = {
  warnAtCount: 500,
  onPressure: (pressure: FdPressure) => seen.push(pressure.message),
};
const gcOptions: GcOptions = { pauseByType: true, buckets: [0.001, 0.01] };
const memoryOptions: MemoryMetricsOptions = { containerMetrics: 'auto', limitBytes: 2 ** 30 };

export function watch(provider: MeterProvider): FdSnapshot {
  const instrumentation = new FdWatchInstrumentation(options);
  instrumentation.setMeterProvider(provider);
  return instrumentation.snapshot();
}

export function measure(provider: MeterProvider): [GcSummary, MemorySnapshot] {
  const gc = new GcInstrumentation(gcOptions);
  const memory = new MemoryMetricsInstrumentation(memoryOptions);
  gc.setMeterProvider(provider);
  memory.setMeterProvider(provider);
  return [gc.summary(), memory.snapshot()];
}

export function socketsOf(snapshot: FdSnapshot): number | null {
  const kind: FdKind = 'socket';
  return snapshot.byKind?.[kind] ?? null;
}

export function growthOf(snapshot: MemorySnapshot, signal: MemorySignal): number | null {
  return snapshot.growthPerSecond[signal];
}

export function pauseSecondsOf(summary: GcSummary): number {
  const type: GcType = 'minor';
  return summary.byType[type].pauseSeconds + (summary.pauses.p95Seconds ?? 0);
}

const vitalsOptions: VitalsOptions = { memory: memoryOptions, gc: false, fd: options, promClientNames: true };

export function start(provider: MeterProvider): StartedVitals {
  for (const instrumentation of vitals(vitalsOptions)) instrumentation.setMeterProvider(provider);
  return startVitals(provider, vitalsOptions);
}

export function pageOf({ memory, fd }: StartedVitals): VitalsPage {
  return vitalsPage(
    { memory: () => memory?.snapshot() ?? null, gc: () => null, fd: () => fd?.snapshot() ?? null },
    { path: '/vitals/', hosts: ['shop.example'] },
  );
}

export const views: VitalsView[] = promClientViews({ keepOwnNames: true });

export function nameOf(metric: MetricDefinition): string {
  return metric.name;
}

export const sampler: typeof Sampler = Sampler;
export const types: readonly GcType[] = GC_TYPES;
