import type { Meter, Observable } from '@opentelemetry/api';
import type { GuardMetricDefinition } from '../metric-definitions.js';

/** The instrument of a row of the catalogue. */
export function observableFor(meter: Meter, metric: GuardMetricDefinition): Observable {
  const { name, kind, unit, description } = metric;
  switch (kind) {
    case 'observableCounter':
      return meter.createObservableCounter(name, { unit, description });
    case 'observableGauge':
      return meter.createObservableGauge(name, { unit, description });
    case 'observableUpDownCounter':
      return meter.createObservableUpDownCounter(name, { unit, description });
  }
}
