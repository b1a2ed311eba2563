import type { Attributes, Meter, ObservableResult } from '@opentelemetry/api';
import type { ViewOptions } from '@opentelemetry/sdk-metrics';
import type { Line } from './line.js';

/** Something that an application measures. Numbers are such that sums of them are exact in whatever order they are made. */
export type Measurement =
  | { readonly kind: (typeof SYNC_KINDS)[number]; readonly value: number; readonly attributes: Attributes }
  | { readonly kind: 'observed'; readonly value: number; readonly attributes: Attributes };

export const SYNC_KINDS = ['counter', 'upDown', 'histogram', 'gauge', 'exponential', 'signed'] as const;

/** Kinds that only go up, or that the SDK does not take anything else for. */
export const RISING_KINDS: readonly string[] = ['counter', 'histogram', 'exponential'];

/** `exponential` and `signed` are exponential histograms; `signed` goes below 0, and therefore has no sum. */
export function viewsOf({ sdk }: Line): ViewOptions[] {
  const aggregation = { type: sdk.AggregationType.EXPONENTIAL_HISTOGRAM } as const;
  return [
    { instrumentName: 'exponential', aggregation },
    { instrumentName: 'signed', aggregation },
  ];
}

/** Instruments of every kind, in two scopes. */
export class Application {
  readonly #sync: Readonly<
    Record<(typeof SYNC_KINDS)[number], (value: number, attributes: Attributes) => void>
  >;
  /** By attributes as text: the latest value, and the sum of all. */
  readonly #observed = new Map<string, { latest: number; sum: number; rising: number }>();

  constructor(getMeter: (name: string, version?: string) => Meter) {
    const [one, other] = [getMeter('one', '1.0'), getMeter('another')];
    const counter = one.createCounter('counter', { description: 'counts', unit: '{item}' });
    const upDown = one.createUpDownCounter('upDown');
    const histogram = one.createHistogram('histogram', { unit: 's' });
    const gauge = one.createGauge('gauge');
    const exponential = other.createHistogram('exponential');
    const signed = other.createUpDownCounter('signed');
    this.#sync = {
      counter: (value, attributes) => {
        counter.add(value, attributes);
      },
      upDown: (value, attributes) => {
        upDown.add(value, attributes);
      },
      histogram: (value, attributes) => {
        histogram.record(value, attributes);
      },
      gauge: (value, attributes) => {
        gauge.record(value, attributes);
      },
      exponential: (value, attributes) => {
        exponential.record(value, attributes);
      },
      signed: (value, attributes) => {
        signed.add(value, attributes);
      },
    };
    const observe = (field: 'latest' | 'sum' | 'rising') => (result: ObservableResult) => {
      for (const [text, values] of this.#observed)
        result.observe(values[field], JSON.parse(text) as Attributes);
    };
    one.createObservableGauge('observableGauge').addCallback(observe('latest'));
    other.createObservableUpDownCounter('observableUpDown').addCallback(observe('sum'));
    const [first, second] = [
      other.createObservableCounter('observableCounter'),
      other.createObservableGauge('batched'),
    ];
    other.addBatchObservableCallback(
      result => {
        for (const [text, values] of this.#observed) {
          result.observe(first, values.rising, JSON.parse(text) as Attributes);
          result.observe(second, values.latest, JSON.parse(text) as Attributes);
        }
      },
      [first, second],
    );
  }

  measure({ kind, value, attributes }: Measurement): void {
    if (kind !== 'observed') {
      this.#sync[kind](RISING_KINDS.includes(kind) ? Math.abs(value) : value, attributes);
      return;
    }
    const text = JSON.stringify(attributes);
    const { sum, rising } = this.#observed.get(text) ?? { sum: 0, rising: 0 };
    this.#observed.set(text, { latest: value, sum: sum + value, rising: rising + Math.abs(value) });
  }
}
