import { expect } from 'chai';
import { RecordingMeterProvider } from 'test-helpers/recording-meter';
import {
  ATTR_READING,
  bindSamplerMetrics,
  samplerMetricDefinitions,
} from '../../src/otel/sampler-metrics.js';
import { ERROR_TYPES, ReadingLog } from '../../src/sampling/index.js';

const names = ['vitals.sampler.errors', 'vitals.sampler.ticks', 'vitals.sampler.time'];
const deaf = { report: (): void => {} };

function read(log: ReadingLog, name: string, code?: string): void {
  log.run(
    name,
    () => {
      if (code !== undefined) throw Object.assign(new Error(code), { code });
    },
    deaf,
  );
}

describe('sampler metrics', () => {
  let provider: RecordingMeterProvider;
  let log: ReadingLog;
  const unbinds: (() => void)[] = [];

  function bind(to = provider, readings = log): () => void {
    const unbind = bindSamplerMetrics(to, readings);
    unbinds.push(unbind);
    return unbind;
  }

  beforeEach(() => {
    provider = new RecordingMeterProvider();
    log = new ReadingLog();
  });

  afterEach(() => {
    for (const unbind of unbinds.splice(0)) unbind();
  });

  it('are counters in the scope of the kit, as their definitions say', () => {
    bind();
    expect(provider.names).to.deep.equal(names);
    const definitions = Object.values(samplerMetricDefinitions);
    expect(
      provider.instruments.map(({ meter, name, kind, options }) => ({ meter, name, kind, options })),
    ).to.deep.equal(
      definitions.map(({ name, kind, unit, description }) => ({
        meter: 'otel-runtime-kit',
        name,
        kind,
        options: { unit, description },
      })),
    );
    expect(definitions.map(({ kind, unit }) => [kind, unit])).to.deep.equal([
      ['observableCounter', 's'],
      ['observableCounter', '{tick}'],
      ['observableCounter', '{error}'],
    ]);
    expect(samplerMetricDefinitions.errors.attributes['error.type']).to.equal(ERROR_TYPES);
    expect(ATTR_READING).to.equal('vitals.reading');
  });

  it('have nothing to say before the first reading', () => {
    bind();
    expect(provider.collect()).to.deep.equal([]);
  });

  it('are the accounts of the readings', () => {
    bind();
    read(log, 'fd.count');
    read(log, 'fd.count', 'EMFILE');
    read(log, 'fd.count', 'EMFILE');
    read(log, 'fd.count', 'EIO');
    read(log, 'fd.limit');
    const count = { 'vitals.reading': 'fd.count' };
    const limit = { 'vitals.reading': 'fd.limit' };
    const seconds = (name: string): number => log.costs.get(name)!.seconds;
    expect(provider.collect()).to.deep.equal([
      { name: 'vitals.sampler.time', value: seconds('fd.count'), attributes: count },
      { name: 'vitals.sampler.time', value: seconds('fd.limit'), attributes: limit },
      { name: 'vitals.sampler.ticks', value: 4, attributes: count },
      { name: 'vitals.sampler.ticks', value: 1, attributes: limit },
      { name: 'vitals.sampler.errors', value: 2, attributes: { ...count, 'error.type': 'EMFILE' } },
      { name: 'vitals.sampler.errors', value: 1, attributes: { ...count, 'error.type': 'EIO' } },
    ]);
    read(log, 'fd.limit', 'ESRCH');
    expect(provider.value('vitals.sampler.ticks', limit)).to.equal(2);
    expect(provider.value('vitals.sampler.errors', { ...limit, 'error.type': 'ESRCH' })).to.equal(1);
  });

  it('exist once for a provider, however many ask, until the last one has gone', () => {
    const first = bind();
    const second = bind();
    const third = bind();
    read(log, 'fd.count');
    expect(provider.instruments).to.have.lengthOf(3);
    expect(provider.callbackCount).to.equal(3);
    expect(provider.value('vitals.sampler.ticks', { 'vitals.reading': 'fd.count' })).to.equal(1);
    first();
    first();
    first();
    third();
    expect(provider.callbackCount).to.equal(3);
    second();
    expect(provider.callbackCount).to.equal(0);
    second();
    expect(provider.callbackCount).to.equal(0);
  });

  it('can be bound anew after the last one has gone', () => {
    bind()();
    const again = bind();
    expect(provider.callbackCount).to.equal(3);
    again();
    expect(provider.callbackCount).to.equal(0);
  });

  it('exist for each provider', () => {
    const other = new RecordingMeterProvider();
    const first = bind();
    bind(other);
    read(log, 'fd.count');
    for (const each of [provider, other]) {
      expect(each.value('vitals.sampler.ticks', { 'vitals.reading': 'fd.count' })).to.equal(1);
    }
    first();
    expect(provider.callbackCount).to.equal(0);
    expect(other.callbackCount).to.equal(3);
  });

  it('can still be bound when a meter failed the first time', () => {
    const getMeter = provider.getMeter.bind(provider);
    provider.getMeter = () => {
      throw new Error('no meter today');
    };
    expect(() => bind()).to.throw('no meter today');
    provider.getMeter = getMeter;
    bind();
    expect(provider.callbackCount).to.equal(3);
  });
});
