import { GC_READINGS, GC_TYPES } from 'otel-runtime-kit/gc';
import { samplerMetricDefinitions } from 'otel-runtime-kit/otel';
import type { MetricDefinition } from 'otel-runtime-kit/otel';
import { expect } from 'chai';
import { GC_INSTRUMENTATION_READINGS, metricDefinitions } from '../src/metric-definitions.js';
import { optionRules } from '../src/options.js';
import { KIND } from './fixtures/fake-gc-platform.js';
import type { GcRig } from './fixtures/gc-rig.js';
import { workshop } from './fixtures/gc-rig.js';

/** One row: what an instrument is, and which values of which attributes it has. */
interface Row {
  readonly kind: string;
  readonly unit: string | undefined;
  readonly description: string | undefined;
  readonly buckets: readonly number[] | undefined;
  readonly attributes: Record<string, string[]>;
}

function declared(definitions: readonly MetricDefinition[]): Record<string, Row> {
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

/** What instruments of one meter are, and what they say in one collection. */
function emitted({ provider }: GcRig, meter: string): Record<string, Row> {
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

describe('metric definitions', () => {
  const { rig } = workshop();

  function everything(): GcRig {
    const watch = rig({ pauseByType: true }).start();
    watch.clock.advance(100);
    for (const kind of Object.values(KIND)) watch.collect({ kind, allocatedBytes: 100 });
    return watch.tick();
  }

  it('are emitted, each with its kind, unit, buckets, attributes and all of their values; and nothing else is', () => {
    expect(emitted(everything(), 'otel-gc-instrumentation')).to.deep.equal(
      declared(Object.values(metricDefinitions)),
    );
  });

  it('have a value for every set of attributes, each once', () => {
    const points = everything()
      .provider.collect()
      .filter(({ name }) => !name.startsWith('vitals.sampler.'));
    const series = points.map(({ name, attributes }) => name + JSON.stringify(attributes));
    expect(new Set(series).size).to.equal(series.length);
    // P95 and maximum over all and by type; reclaimed by type; two windows; six plain ones.
    expect(series).to.have.lengthOf(2 * (1 + GC_TYPES.length) + GC_TYPES.length + 2 + 6);
    for (const { name, value } of points) expect(Number.isFinite(value), name).to.equal(true);
  });

  it('have the buckets of the option', () => {
    expect(metricDefinitions.duration.buckets).to.equal(optionRules.buckets.default);
  });

  it('say which readings there are, those of the shared source included', () => {
    expect(GC_INSTRUMENTATION_READINGS).to.include.members([...GC_READINGS]);
    const watch = everything();
    watch.instrumentation.setMeterProvider({
      getMeter: name => {
        const meter = watch.provider.getMeter(name);
        meter.createHistogram = () => ({
          record() {
            throw new Error('today not');
          },
        });
        return meter;
      },
    });
    watch.collect({});
    const rows = emitted(watch, 'otel-runtime-kit');
    const readings = { 'vitals.reading': [...GC_INSTRUMENTATION_READINGS].sort() };
    const { time, ticks, errors } = samplerMetricDefinitions;
    expect(rows[time.name]?.attributes).to.deep.equal(readings);
    expect(rows[ticks.name]?.attributes).to.deep.equal(readings);
    expect(rows[errors.name]?.attributes).to.deep.equal({
      'vitals.reading': ['gc.subscriber'],
      'error.type': ['_OTHER'],
    });
  });
});
