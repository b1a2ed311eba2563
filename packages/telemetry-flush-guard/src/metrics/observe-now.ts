import { encodeValue } from '../items/values.js';
import type { AttributesLike, HrTime } from '../items/otel-types.js';
import type { Measurements, ObservableInside, ObservablesInside } from './sdk-inside.js';

/** `ValueType.INT` of the API. */
const WHOLE = 0;

/**
 * Calls the callbacks of observable instruments, and records what those say that answer at once. The SDK does the same, but records it when a
 * promise is done, and at the end of a process none ever is.
 *
 * @returns the instruments of which something is not known: their callback is asynchronous, or throws
 */
export function observeNow(observables: ObservablesInside, time: HrTime): Set<ObservableInside> {
  const unknown = new Set<ObservableInside>();
  for (const { callback, instrument } of [...observables._callbacks]) {
    const values = new ObservedValues(instrument);
    const isKnown = answersAtOnce(() =>
      callback({
        observe: (value: unknown, attributes?: AttributesLike) => {
          values.add(value, attributes);
        },
      }),
    );
    if (!isKnown || !record(instrument, values, time)) unknown.add(instrument);
  }
  for (const { callback, instruments } of [...observables._batchCallbacks]) {
    const all = new Map([...instruments].map(instrument => [instrument, new ObservedValues(instrument)]));
    const isKnown = answersAtOnce(() =>
      callback({
        observe: (instrument: ObservableInside, value: unknown, attributes?: AttributesLike) => {
          all.get(instrument)?.add(value, attributes);
        },
      }),
    );
    for (const [instrument, values] of all) {
      if (!isKnown || !record(instrument, values, time)) unknown.add(instrument);
    }
  }
  return unknown;
}

/** Whether it has done all it does when it returns. What it throws is its own; a promise is left alone, and its rejection with it. */
function answersAtOnce(call: () => unknown): boolean {
  try {
    const returned = call();
    if (typeof (returned as PromiseLike<unknown> | null | undefined)?.then !== 'function') return true;
    Promise.resolve(returned).catch(() => {});
  } catch {
    // It is counted.
  }
  return false;
}

function record(instrument: ObservableInside, values: ObservedValues, time: HrTime): boolean {
  try {
    for (const storage of instrument._metricStorages) storage.record(values, time);
    return true;
  } catch {
    return false;
  }
}

/** What one callback says of one instrument. Of what it says twice, the last counts, as for the SDK. */
class ObservedValues implements Measurements {
  readonly #isWhole: boolean;
  readonly #values = new Map<string, readonly [AttributesLike, number]>();

  constructor({ _descriptor: { valueType } }: ObservableInside) {
    this.#isWhole = valueType === WHOLE;
  }

  add(value: unknown, attributes: AttributesLike = {}): void {
    if (typeof value !== 'number') return;
    const kept = this.#isWhole ? Math.trunc(value) : value;
    if (this.#isWhole && !Number.isInteger(kept)) return;
    const key = JSON.stringify(encodeValue(Object.entries(attributes).sort()));
    this.#values.set(key, [attributes, kept]);
  }

  entries(): Iterable<readonly [AttributesLike, number]> {
    return this.#values.values();
  }
}
