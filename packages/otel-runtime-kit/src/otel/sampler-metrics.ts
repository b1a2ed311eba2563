import type { Attributes, MeterProvider } from '@opentelemetry/api';
import { ERROR_TYPES } from '../sampling/index.js';
import type { ReadingCost, ReadingLog } from '../sampling/index.js';
import { VERSION } from '../version.js';
import { bindObservables } from './bind-observables.js';
import type { Unbind } from './bind-observables.js';
import type { MetricDefinition } from './metric-definition.js';
import { processState } from './sampling-runtime.js';

/** Attribute that names the reading. Its values are listed by the package that reads. */
export const ATTR_READING = 'vitals.reading';
const ATTR_ERROR_TYPE = 'error.type';

const shared = { kind: 'observableCounter', stability: 'own', platforms: 'all' } as const;

/** Our own cost, always visible. Emitted once per meter provider, in the scope `otel-runtime-kit`. */
export const samplerMetricDefinitions = {
  time: {
    ...shared,
    name: 'vitals.sampler.time',
    unit: 's',
    description: 'Time spent in our own readings.',
    attributes: { [ATTR_READING]: [] },
    source: 'performance.now() around each reading',
  },
  ticks: {
    ...shared,
    name: 'vitals.sampler.ticks',
    unit: '{tick}',
    description: 'Readings made.',
    attributes: { [ATTR_READING]: [] },
    source: 'our own count',
  },
  errors: {
    ...shared,
    name: 'vitals.sampler.errors',
    unit: '{error}',
    description: 'Readings that failed.',
    attributes: { [ATTR_READING]: [], [ATTR_ERROR_TYPE]: ERROR_TYPES },
    source: 'our own count',
  },
} as const satisfies Record<string, MetricDefinition>;

/**
 * Binds `vitals.sampler.*` to a meter provider, once however many instrumentations ask (exporters print a family
 * twice when two scopes share a name).
 *
 * @returns gives up this caller's share; the last one unbinds
 */
export function bindSamplerMetrics(provider: MeterProvider, readings: ReadingLog): Unbind {
  const { samplerMetrics } = processState();
  let entry = samplerMetrics.get(provider);
  if (entry === undefined) {
    entry = { bindings: 0, unbind: bindOnce(provider, readings) };
    samplerMetrics.set(provider, entry);
  }
  entry.bindings += 1;
  const { onFurther } = entry;
  entry.onFurther = undefined;
  onFurther?.();
  let released = false;
  return () => {
    if (released) return;
    released = true;
    entry.bindings -= 1;
    if (entry.bindings > 0) return;
    samplerMetrics.delete(provider);
    entry.unbind();
  };
}

/**
 * Calls back, once, when a meter provider gets more instrumentations of this project than it has now, before those make their
 * instruments: an application may add its own at any time to a provider that `otel-node-vitals/register` has joined.
 *
 * @param tell called inside the application's own call: must be quick, and must not throw
 */
export function onFurtherInstrumentation(provider: MeterProvider, tell: () => void): void {
  const entry = processState().samplerMetrics.get(provider);
  if (entry !== undefined) entry.onFurther = tell;
}

function bindOnce(provider: MeterProvider, readings: ReadingLog): Unbind {
  const attributesOf = new Map<string, Attributes>();
  const forReading = (reading: string): Attributes => {
    let attributes = attributesOf.get(reading);
    if (attributes === undefined) attributesOf.set(reading, (attributes = { [ATTR_READING]: reading }));
    return attributes;
  };
  const each =
    (value: (cost: Readonly<ReadingCost>) => number) =>
    (result: { observe(value: number, attributes: Attributes): void }) => {
      for (const [reading, cost] of readings.costs) result.observe(value(cost), forReading(reading));
    };
  return bindObservables(provider.getMeter('otel-runtime-kit', VERSION), [
    { metric: samplerMetricDefinitions.time, observe: each(cost => cost.seconds) },
    { metric: samplerMetricDefinitions.ticks, observe: each(cost => cost.ticks) },
    {
      metric: samplerMetricDefinitions.errors,
      observe: result => {
        for (const [reading, cost] of readings.costs) {
          for (const [type, count] of cost.errors) {
            result.observe(count, { [ATTR_READING]: reading, [ATTR_ERROR_TYPE]: type });
          }
        }
      },
    },
  ]);
}
