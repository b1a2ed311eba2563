import type { Meter, MeterProvider, Observable, ObservableCallback } from '@opentelemetry/api';

/** What a metric reader of any SDK collects, as far as tests look at it. */
export interface CollectedMetrics {
  readonly scopeMetrics: readonly {
    readonly scope: { readonly name: string };
    readonly metrics: readonly {
      readonly descriptor: { readonly name: string };
      readonly dataPoints: readonly {
        readonly value: unknown;
        readonly attributes: Readonly<Record<string, unknown>>;
      }[];
    }[];
  }[];
}

/** Values by series; a series is written `name{key="value"}`, keys in order. */
export type SeriesValues = Readonly<Record<string, unknown>>;

/** The name of one series. */
export function seriesName(name: string, attributes: Readonly<Record<string, unknown>> = {}): string {
  const labels = Object.entries(attributes)
    .map(([key, value]) => `${key}="${String(value)}"`)
    .sort();
  return labels.length === 0 ? name : `${name}{${labels.join(',')}}`;
}

/**
 * The values of one scope, or of all.
 *
 * @throws Error if a series has two values, as after binding twice
 */
export function valuesOf(collected: CollectedMetrics, scope?: string): SeriesValues {
  const values: Record<string, unknown> = {};
  for (const { scope: instrumented, metrics } of collected.scopeMetrics) {
    if (scope !== undefined && instrumented.name !== scope) continue;
    for (const { descriptor, dataPoints } of metrics) {
      for (const { value, attributes } of dataPoints)
        add(values, seriesName(descriptor.name, attributes), value);
    }
  }
  return values;
}

/**
 * The values of one scope in the text of a Prometheus scrape, without the labels that only name the scope.
 *
 * @throws Error if a series has two values, or a line makes no sense
 */
export function scrapedValuesOf(text: string, scope: string): SeriesValues {
  const values: Record<string, unknown> = {};
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const match = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)(?: \d+)?$/.exec(line);
    if (match === null) throw new Error(`not a line of a scrape: ${line}`);
    const [, name = '', labelText = '', value = ''] = match;
    const labels = Object.fromEntries(
      Array.from(labelText.matchAll(/(\w+)="([^"]*)"/g), ([, key, text]) => [key ?? '', text ?? '']),
    );
    if (labels['otel_scope_name'] !== scope) continue;
    const own = Object.entries(labels).filter(([key]) => !key.startsWith('otel_scope_'));
    add(values, seriesName(name, Object.fromEntries(own)), Number(value));
  }
  return values;
}

/** The same series under the names that a Prometheus scrape gives them. */
export function asScraped(values: SeriesValues): SeriesValues {
  const underscored = (series: string): string =>
    series.replace(/^[^{]+|[\w.]+(?==")/g, name => name.replaceAll('.', '_'));
  return Object.fromEntries(Object.entries(values).map(([series, value]) => [underscored(series), value]));
}

/** A meter provider around another one, which counts how often the callbacks of observable instruments are called. */
export class CountingMeterProvider implements MeterProvider {
  readonly #provider: MeterProvider;
  /** Calls of callbacks so far. */
  calls = 0;

  constructor(provider: MeterProvider) {
    this.#provider = provider;
  }

  getMeter(...parameters: Parameters<MeterProvider['getMeter']>): Meter {
    const meter = this.#provider.getMeter(...parameters);
    return Object.assign(Object.create(meter) as Meter, {
      createObservableCounter: (...of: Parameters<Meter['createObservableCounter']>) =>
        this.#counted(meter.createObservableCounter(...of)),
      createObservableGauge: (...of: Parameters<Meter['createObservableGauge']>) =>
        this.#counted(meter.createObservableGauge(...of)),
      createObservableUpDownCounter: (...of: Parameters<Meter['createObservableUpDownCounter']>) =>
        this.#counted(meter.createObservableUpDownCounter(...of)),
    });
  }

  #counted(instrument: Observable): Observable {
    const counting = new Map<ObservableCallback, ObservableCallback>();
    return {
      addCallback: callback => {
        const counted: ObservableCallback = result => {
          this.calls += 1;
          return callback(result);
        };
        counting.set(callback, counted);
        instrument.addCallback(counted);
      },
      removeCallback: callback => {
        instrument.removeCallback(counting.get(callback) ?? callback);
      },
    };
  }
}

function add(values: Record<string, unknown>, series: string, value: unknown): void {
  if (Object.hasOwn(values, series)) throw new Error(`${series} has two values`);
  values[series] = value;
}
