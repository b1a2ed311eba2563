import { GC_READINGS, GC_TYPES } from 'otel-runtime-kit/gc';
import { samplerMetricDefinitions } from 'otel-runtime-kit/otel';
import { expect } from 'chai';
import { declaredRows, emittedRows, emittedSeries } from 'test-helpers/metric-rows';
import { GC_INSTRUMENTATION_READINGS, metricDefinitions } from '../src/metric-definitions.js';
import { optionRules } from '../src/options.js';
import { KIND } from './fixtures/fake-gc-platform.js';
import type { GcRig } from './fixtures/gc-rig.js';
import { workshop } from './fixtures/gc-rig.js';

describe('metric definitions', () => {
  const { rig } = workshop();

  function everything(): GcRig {
    const watch = rig({ pauseByType: true }).start();
    watch.clock.advance(100);
    for (const kind of Object.values(KIND)) watch.collect({ kind, allocatedBytes: 100 });
    return watch.tick();
  }

  it('are emitted, each with its kind, unit, buckets, attributes and all of their values; and nothing else is', () => {
    expect(emittedRows(everything().provider, 'otel-gc-instrumentation')).to.deep.equal(
      declaredRows(Object.values(metricDefinitions)),
    );
  });

  it('have a value for every set of attributes, each once', () => {
    const series = emittedSeries(everything().provider);
    expect(new Set(series).size).to.equal(series.length);
    // P95 and maximum over all and by type; reclaimed by type; two windows; six plain ones.
    expect(series).to.have.lengthOf(2 * (1 + GC_TYPES.length) + GC_TYPES.length + 2 + 6);
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
    const rows = emittedRows(watch.provider, 'otel-runtime-kit');
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
