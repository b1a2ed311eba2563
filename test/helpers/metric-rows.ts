import type { RecordingMeterProvider } from './recording-meter.js';

/** What is used of a definition. Not imported: the package that has the type uses these helpers itself. */
export interface DefinitionLike {
  readonly name: string;
  readonly kind: string;
  readonly unit: string;
  readonly description: string;
  readonly buckets?: readonly number[] | undefined;
  readonly attributes: Readonly<Record<string, readonly string[]>>;
}

/** What an instrument is, and which values of which attributes it has. */
export interface MetricRow {
  readonly kind: string;
  readonly unit: string | undefined;
  readonly description: string | undefined;
  readonly buckets: readonly number[] | undefined;
  readonly attributes: Record<string, string[]>;
}

/** Rows by name, as a catalogue has them. */
export function declaredRows(definitions: readonly DefinitionLike[]): Record<string, MetricRow> {
  return Object.fromEntries(
    definitions.map(({ name, kind, unit, description, attributes, buckets }) => [
      name,
      {
        kind,
        unit,
        description,
        buckets,
        attributes: Object.fromEntries(
          Object.entries(attributes).map(([attribute, values]) => [attribute, [...values].sort()]),
        ),
      },
    ]),
  );
}

/** The same of the instruments of one meter, and of what they say in one collection or have recorded. */
export function emittedRows(provider: RecordingMeterProvider, meter: string): Record<string, MetricRow> {
  const points = [...provider.collect(), ...provider.recorded];
  return Object.fromEntries(
    provider.instruments
      .filter(instrument => instrument.meter === meter)
      .map(({ name, kind, options }) => {
        const values = new Map<string, Set<string>>();
        for (const point of points) {
          if (point.name !== name) continue;
          for (const [attribute, value] of Object.entries(point.attributes)) {
            values.set(attribute, (values.get(attribute) ?? new Set()).add(String(value)));
          }
        }
        const { unit, description, advice } = options;
        const attributes = Object.fromEntries([...values].map(([key, each]) => [key, [...each].sort()]));
        return [name, { kind, unit, description, buckets: advice?.explicitBucketBoundaries, attributes }];
      }),
  );
}

/** Names of the series of one collection, those of the sampler itself left out; throws if one has no finite value. */
export function emittedSeries(provider: RecordingMeterProvider): string[] {
  return provider
    .collect()
    .filter(({ name }) => !name.startsWith('vitals.sampler.'))
    .map(({ name, attributes, value }) => {
      if (!Number.isFinite(value)) throw new Error(`${name} is ${value}`);
      return name + JSON.stringify(attributes);
    });
}

/** Failures so far, as `reading:type` → count, from `vitals.sampler.errors`. */
export function countedErrors(provider: RecordingMeterProvider): Record<string, number> {
  const points = provider.collect().filter(({ name }) => name === 'vitals.sampler.errors');
  return Object.fromEntries(
    points.map(({ value, attributes }) => [
      `${String(attributes['vitals.reading'])}:${String(attributes['error.type'])}`,
      value,
    ]),
  );
}
