import type { Meter, ObservableGauge } from '@opentelemetry/api';
import { expect } from 'chai';
import { RecordingMeterProvider } from 'test-helpers/recording-meter';
import { bindObservables } from '../../src/otel/bind-observables.js';
import type { ObservableBinding } from '../../src/otel/bind-observables.js';
import type { MetricDefinition, MetricKind } from '../../src/otel/metric-definition.js';

function definition(name: string, kind: MetricKind): MetricDefinition {
  return {
    name,
    kind,
    unit: 'By',
    description: `what ${name} is`,
    attributes: {},
    stability: 'own',
    source: 'this test',
    platforms: 'all',
  };
}

function binding(name: string, kind: MetricKind, value = 1): ObservableBinding {
  return {
    metric: definition(name, kind),
    observe: result => {
      result.observe(value, { 'vitals.test': name });
    },
  };
}

describe('bindObservables', () => {
  let provider: RecordingMeterProvider;
  let meter: Meter;

  beforeEach(() => {
    provider = new RecordingMeterProvider();
    meter = provider.getMeter('scope');
  });

  it('makes each instrument of its kind, with unit and description', () => {
    bindObservables(meter, [
      binding('a', 'observableCounter'),
      binding('b', 'observableGauge'),
      binding('c', 'observableUpDownCounter'),
    ]);
    expect(
      provider.instruments.map(({ callbacks, ...made }) => ({ ...made, callbacks: callbacks.size })),
    ).to.deep.equal(
      [
        ['a', 'observableCounter'],
        ['b', 'observableGauge'],
        ['c', 'observableUpDownCounter'],
      ].map(([name, kind]) => ({
        meter: 'scope',
        name,
        kind,
        options: { unit: 'By', description: `what ${name!} is` },
        callbacks: 1,
      })),
    );
  });

  it('reports what each binding observes, each time it is asked', () => {
    bindObservables(meter, [binding('a', 'observableCounter', 3), binding('b', 'observableGauge', -0.5)]);
    const expected = [
      { name: 'a', value: 3, attributes: { 'vitals.test': 'a' } },
      { name: 'b', value: -0.5, attributes: { 'vitals.test': 'b' } },
    ];
    expect(provider.collect()).to.deep.equal(expected);
    expect(provider.collect()).to.deep.equal(expected);
  });

  it('takes every callback off again; doing so twice is fine', () => {
    const unbind = bindObservables(meter, [
      binding('a', 'observableCounter'),
      binding('b', 'observableGauge'),
    ]);
    expect(provider.callbackCount).to.equal(2);
    unbind();
    expect(provider.callbackCount).to.equal(0);
    unbind();
    expect(provider.collect()).to.deep.equal([]);
  });

  it('takes off its own callbacks only', () => {
    const first = bindObservables(meter, [binding('a', 'observableGauge', 1)]);
    bindObservables(meter, [binding('a', 'observableGauge', 2)]);
    first();
    first();
    expect(provider.collect().map(point => point.value)).to.deep.equal([2]);
  });

  it('binds nothing for nothing', () => {
    const unbind = bindObservables(meter, []);
    unbind();
    expect(provider.instruments).to.deep.equal([]);
  });

  for (const kind of ['histogram', 'counter'] as const) {
    it(`refuses a ${kind}, with nothing left bound`, () => {
      expect(() => bindObservables(meter, [binding('a', 'observableGauge'), binding('b', kind)])).to.throw(
        TypeError,
        `b is a ${kind}, not an observable instrument`,
      );
      expect(provider.callbackCount).to.equal(0);
    });
  }

  it('leaves nothing bound when the meter fails half-way, and passes the error on', () => {
    const failing: Meter = Object.assign(Object.create(meter) as Meter, {
      createObservableGauge: (name: string): ObservableGauge => {
        const gauge = meter.createObservableGauge(name);
        if (name !== 'b') return gauge;
        return {
          ...gauge,
          addCallback: () => {
            throw new Error('no more callbacks');
          },
          removeCallback: () => {
            throw new Error('it was never there');
          },
        };
      },
    });
    expect(() =>
      bindObservables(
        failing,
        ['a', 'b', 'c'].map(name => binding(name, 'observableGauge')),
      ),
    ).to.throw('no more callbacks');
    expect(provider.names).to.deep.equal(['a', 'b']);
    expect(provider.callbackCount).to.equal(0);
  });

  it('takes off every callback that it can when one cannot be, and passes the error on', () => {
    const failing: Meter = Object.assign(Object.create(meter) as Meter, {
      createObservableGauge: (name: string): ObservableGauge => ({
        ...meter.createObservableGauge(name),
        removeCallback: () => {
          throw new Error(`${name} stays`);
        },
      }),
      createObservableCounter: (name: string) => meter.createObservableCounter(name),
    });
    const unbind = bindObservables(failing, [
      binding('a', 'observableCounter'),
      binding('b', 'observableGauge'),
      binding('c', 'observableCounter'),
    ]);
    expect(unbind).to.throw('b stays');
    expect(provider.collect().map(point => point.name)).to.deep.equal(['b']);
    expect(unbind).not.to.throw();
  });
});
