import type {
  Attributes,
  BatchObservableCallback,
  Counter,
  Gauge,
  Histogram,
  Meter,
  MeterProvider,
  MetricOptions,
  Observable,
  ObservableCallback,
  UpDownCounter,
} from '@opentelemetry/api';

/** An instrument as it was made. */
export interface RecordedInstrument {
  readonly meter: string;
  readonly name: string;
  readonly kind: string;
  readonly options: MetricOptions;
  readonly callbacks: Set<ObservableCallback>;
}

/** One observed or recorded value. */
export interface RecordedPoint {
  readonly name: string;
  readonly value: number;
  readonly attributes: Attributes;
}

/** A meter provider that records what is made of it, and calls callbacks when the test says so. */
export class RecordingMeterProvider implements MeterProvider {
  readonly instruments: RecordedInstrument[] = [];
  readonly recorded: RecordedPoint[] = [];
  readonly #meters = new Map<string, Meter>();

  /** The same for the same name, as the SDK has it. */
  getMeter(name: string): Meter {
    const meter = this.#meters.get(name) ?? new RecordingMeter(name, this);
    this.#meters.set(name, meter);
    return meter;
  }

  /** Callbacks that are registered now. */
  get callbackCount(): number {
    return this.instruments.reduce((sum, instrument) => sum + instrument.callbacks.size, 0);
  }

  /** Names of the instruments, sorted, without repetition. */
  get names(): string[] {
    return [...new Set(this.instruments.map(instrument => instrument.name))].sort();
  }

  /** Calls every callback once, as one reader's collection does. */
  collect(): RecordedPoint[] {
    const points: RecordedPoint[] = [];
    for (const { name, callbacks } of this.instruments) {
      for (const callback of callbacks) {
        void callback({
          observe: (value, attributes = {}) => {
            points.push({ name, value, attributes });
          },
        });
      }
    }
    return points;
  }

  /** The one value observed under a name and attributes. */
  value(name: string, attributes: Attributes = {}): number | undefined {
    const wanted = JSON.stringify(Object.entries(attributes).sort());
    const found = this.collect().filter(
      point => point.name === name && JSON.stringify(Object.entries(point.attributes).sort()) === wanted,
    );
    if (found.length > 1)
      throw new Error(`${name} ${wanted} was observed ${found.length} times in one collection`);
    return found[0]?.value;
  }
}

class RecordingMeter implements Meter {
  readonly #name: string;
  readonly #provider: RecordingMeterProvider;

  constructor(name: string, provider: RecordingMeterProvider) {
    this.#name = name;
    this.#provider = provider;
  }

  createCounter(name: string, options: MetricOptions = {}): Counter {
    return this.#synchronous(name, 'counter', options);
  }

  createUpDownCounter(name: string, options: MetricOptions = {}): UpDownCounter {
    return this.#synchronous(name, 'upDownCounter', options);
  }

  createGauge(name: string, options: MetricOptions = {}): Gauge {
    return this.#synchronous(name, 'gauge', options);
  }

  createHistogram(name: string, options: MetricOptions = {}): Histogram {
    return this.#synchronous(name, 'histogram', options);
  }

  createObservableCounter(name: string, options: MetricOptions = {}): Observable {
    return this.#observable(name, 'observableCounter', options);
  }

  createObservableGauge(name: string, options: MetricOptions = {}): Observable {
    return this.#observable(name, 'observableGauge', options);
  }

  createObservableUpDownCounter(name: string, options: MetricOptions = {}): Observable {
    return this.#observable(name, 'observableUpDownCounter', options);
  }

  addBatchObservableCallback(_callback: BatchObservableCallback): void {
    throw new Error('batch callbacks are not recorded');
  }

  removeBatchObservableCallback(_callback: BatchObservableCallback): void {
    throw new Error('batch callbacks are not recorded');
  }

  #synchronous(
    name: string,
    kind: string,
    options: MetricOptions,
  ): Counter & UpDownCounter & Gauge & Histogram {
    this.#provider.instruments.push({ meter: this.#name, name, kind, options, callbacks: new Set() });
    const record = (value: number, attributes: Attributes = {}): void => {
      this.#provider.recorded.push({ name, value, attributes });
    };
    return { add: record, record };
  }

  #observable(name: string, kind: string, options: MetricOptions): Observable {
    const callbacks = new Set<ObservableCallback>();
    this.#provider.instruments.push({ meter: this.#name, name, kind, options, callbacks });
    return {
      addCallback: callback => {
        callbacks.add(callback);
      },
      removeCallback: callback => {
        callbacks.delete(callback);
      },
    };
  }
}
