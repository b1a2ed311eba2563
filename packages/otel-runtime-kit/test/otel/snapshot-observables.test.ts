import type { Attributes, ObservableResult } from '@opentelemetry/api';
import { expect } from 'chai';
import type { MetricDefinition } from '../../src/otel/metric-definition.js';
import { observeNumber, observeNumberBy } from '../../src/otel/snapshot-observables.js';

const metric: MetricDefinition = {
  name: 'a.metric',
  kind: 'observableGauge',
  unit: '1',
  description: 'A metric.',
  attributes: {},
  stability: 'own',
  source: 'the test',
  platforms: 'all',
};

interface Snapshot {
  readonly one: number | null;
  readonly many: Readonly<Partial<Record<'a' | 'b' | 'c', number | null>>> | null;
}

/** Keeps what is observed. */
class Result implements ObservableResult {
  readonly points: { readonly value: number; readonly attributes: Attributes | undefined }[] = [];

  observe(value: number, attributes?: Attributes): void {
    this.points.push({ value, attributes });
  }
}

describe('an instrument over snapshots', () => {
  let snapshot: Snapshot;
  const latest = (): Snapshot => snapshot;

  function observed({ observe }: ReturnType<typeof observeNumber>): Result['points'] {
    const result = new Result();
    observe(result);
    return result.points;
  }

  it('of one number reports the latest snapshot’s, without attributes', () => {
    const binding = observeNumber(latest, metric, ({ one }) => one);
    expect(binding.metric).to.equal(metric);
    for (const one of [3, 0, -7.5]) {
      snapshot = { one, many: null };
      expect(observed(binding)).to.deep.equal([{ value: one, attributes: undefined }]);
    }
    snapshot = { one: null, many: null };
    expect(observed(binding)).to.deep.equal([]);
  });

  it('of several numbers reports each that there is, in the order of its keys', () => {
    const binding = observeNumberBy(latest, metric, 'which', ['a', 'b', 'c'], ({ many }) => many);
    expect(binding.metric).to.equal(metric);
    const values = (): [unknown, number][] =>
      observed(binding).map(({ value, attributes }) => [attributes?.['which'], value]);
    snapshot = { one: null, many: { c: 3, a: 0, b: 2 } };
    expect(values()).to.deep.equal([
      ['a', 0],
      ['b', 2],
      ['c', 3],
    ]);
    snapshot = { one: null, many: { a: null, c: -1 } };
    expect(values()).to.deep.equal([['c', -1]]);
    snapshot = { one: null, many: null };
    expect(values()).to.deep.equal([]);
  });

  it('makes the attributes once, one attribute each', () => {
    const binding = observeNumberBy(latest, metric, 'which', ['a', 'b'], ({ many }) => many);
    snapshot = { one: null, many: { a: 1, b: 2 } };
    const first = observed(binding).map(({ attributes }) => attributes);
    const second = observed(binding).map(({ attributes }) => attributes);
    expect(first).to.deep.equal([{ which: 'a' }, { which: 'b' }]);
    expect(second[0]).to.equal(first[0]);
    expect(second[1]).to.equal(first[1]);
  });

  it('reads nothing before it is asked, and then once each time', () => {
    let reads = 0;
    const counting = (): Snapshot => {
      reads += 1;
      return { one: 1, many: { a: 1, b: 2 } };
    };
    const bindings = [
      observeNumber(counting, metric, ({ one }) => one),
      observeNumberBy(counting, metric, 'which', ['a', 'b'], ({ many }) => many),
    ];
    expect(reads).to.equal(0);
    for (const binding of bindings) observed(binding);
    expect(reads).to.equal(2);
  });
});
