import type {
  Meter,
  MetricOptions,
  Observable,
  ObservableCallback,
  ObservableResult,
} from '@opentelemetry/api';
import type { MetricDefinition } from './metric-definition.js';

/** Undoes what was bound. Calling it again does nothing. */
export type Unbind = () => void;

/** An observable instrument and what it reports: a pure read of a snapshot, never a reading and never a reset. */
export interface ObservableBinding {
  readonly metric: MetricDefinition;
  readonly observe: (result: ObservableResult) => void;
}

/**
 * Makes the instruments and adds their callbacks.
 *
 * Nothing may be reset or measured inside a callback: as soon as there are two readers, each would see a part
 * (`@opentelemetry/instrumentation-runtime-node` reports 0.58 to one and 1.00 to the other for the same window).
 *
 * @returns what takes every callback off again
 * @throws what the meter throws, with nothing left bound
 */
export function bindObservables(meter: Meter, bindings: readonly ObservableBinding[]): Unbind {
  const undo: (() => void)[] = [];
  const unbind = (): void => {
    undoAll(undo.splice(0));
  };
  try {
    for (const { metric, observe } of bindings) {
      const instrument = createObservable(meter, metric);
      const callback: ObservableCallback = result => {
        observe(result);
      };
      undo.push(() => {
        instrument.removeCallback(callback);
      });
      instrument.addCallback(callback);
    }
  } catch (thrown) {
    try {
      unbind();
    } catch {
      // The first error says more.
    }
    throw thrown;
  }
  return unbind;
}

/** Takes every step, even after one that throws, and then throws what the last of those threw. */
function undoAll(steps: readonly (() => void)[]): void {
  let failed: { readonly thrown: unknown } | undefined;
  for (const step of steps) {
    try {
      step();
    } catch (thrown) {
      failed = { thrown };
    }
  }
  if (failed !== undefined) throw failed.thrown;
}

function createObservable(meter: Meter, metric: MetricDefinition): Observable {
  const options: MetricOptions = { description: metric.description, unit: metric.unit };
  switch (metric.kind) {
    case 'observableCounter':
      return meter.createObservableCounter(metric.name, options);
    case 'observableGauge':
      return meter.createObservableGauge(metric.name, options);
    case 'observableUpDownCounter':
      return meter.createObservableUpDownCounter(metric.name, options);
    default:
      throw new TypeError(`${metric.name} is a ${metric.kind}, not an observable instrument`);
  }
}
