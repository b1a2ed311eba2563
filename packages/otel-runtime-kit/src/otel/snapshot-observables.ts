import type { Attributes } from '@opentelemetry/api';
import type { ObservableBinding } from './bind-observables.js';
import type { MetricDefinition } from './metric-definition.js';

/**
 * An instrument that reports one number of the latest snapshot, or nothing while it is `null`.
 *
 * @param latest the latest snapshot; must read nothing itself
 */
export function observeNumber<Snapshot>(
  latest: () => Snapshot,
  metric: MetricDefinition,
  read: (snapshot: Snapshot) => number | null,
): ObservableBinding {
  return {
    metric,
    observe: result => {
      const value = read(latest());
      if (value !== null) result.observe(value);
    },
  };
}

/**
 * An instrument that reports one number for each of `keys`, leaving out those that are `null` or absent. The attribute
 * objects are made once.
 */
export function observeNumberBy<Snapshot, Key extends string>(
  latest: () => Snapshot,
  metric: MetricDefinition,
  attribute: string,
  keys: readonly Key[],
  read: (snapshot: Snapshot) => Readonly<Partial<Record<Key, number | null>>> | null,
): ObservableBinding {
  const series = keys.map(key => ({ key, attributes: { [attribute]: key } satisfies Attributes }));
  return {
    metric,
    observe: result => {
      const values = read(latest());
      if (values === null) return;
      for (const { key, attributes } of series) {
        const value = values[key];
        if (typeof value === 'number') result.observe(value, attributes);
      }
    },
  };
}
