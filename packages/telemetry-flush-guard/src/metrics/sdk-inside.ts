import type { MetricDataLike } from '../items/metric-types.js';
import type { AttributesLike, HrTime, ResourceLike, ScopeLike } from '../items/otel-types.js';

// What the SDK, 2.x and 3.x, has inside what it gives to a reader. None of it is promised, so each part is looked at before it is used.

/** A value for each set of attributes, as a storage reads it. The SDK makes the key itself where there is none. */
export interface Measurements {
  entries(): Iterable<readonly [AttributesLike, number]>;
}

export interface StorageInside {
  /** What there is for that collector, which is not given again; nothing if there is nothing. */
  collect(collector: unknown, time: HrTime): MetricDataLike | null | undefined;
  record(measurements: Measurements, time: HrTime): void;
}

/** An observable instrument. */
export interface ObservableInside {
  readonly _descriptor: { readonly valueType: number };
  readonly _metricStorages: Iterable<StorageInside>;
}

/** Callbacks of observable instruments. */
export interface ObservablesInside {
  readonly _callbacks: readonly {
    readonly callback: (result: unknown) => unknown;
    readonly instrument: ObservableInside;
  }[];
  readonly _batchCallbacks: readonly {
    readonly callback: (result: unknown) => unknown;
    readonly instruments: Iterable<ObservableInside>;
  }[];
}

export interface MeterInside {
  readonly scope: ScopeLike;
  readonly observables: ObservablesInside;
  readonly storages: readonly StorageInside[];
}

export interface SdkInside {
  readonly resource: ResourceLike;
  readonly meters: readonly MeterInside[];
}

/** What is inside the producer of a reader; undefined if anything is not as it is known. Changes nothing. */
export function insideOf(producer: unknown): SdkInside | undefined {
  try {
    const { resource, meterSharedStates } = at(producer, '_sharedState') as {
      readonly resource: ResourceLike;
      readonly meterSharedStates: unknown;
    };
    if (typeof resource !== 'object' || !(meterSharedStates instanceof Map)) return undefined;
    return { resource, meters: [...meterSharedStates.values()].map(state => meterInside(state, producer)) };
  } catch {
    return undefined;
  }
}

/** @throws TypeError if it is not as it is known */
function meterInside(state: unknown, collector: unknown): MeterInside {
  const scope = at(state, '_instrumentationScope') as ScopeLike;
  const observables = at(state, 'observableRegistry') as ObservablesInside;
  const registry = at(state, 'metricStorageRegistry') as {
    getStorages(collector: unknown): readonly StorageInside[];
  };
  const storages = registry.getStorages(collector);
  const isKnown =
    typeof scope.name === 'string' &&
    Array.isArray(observables._callbacks) &&
    Array.isArray(observables._batchCallbacks) &&
    storages.every(storage => typeof storage.collect === 'function');
  if (!isKnown) throw new TypeError('a meter is not as it is known');
  return { scope, observables, storages };
}

/** @throws TypeError if there is none */
function at(object: unknown, name: string): unknown {
  const value = (object as Readonly<Record<string, unknown>>)[name];
  if (typeof value !== 'object' || value === null) throw new TypeError(`there is no ${name}`);
  return value;
}
