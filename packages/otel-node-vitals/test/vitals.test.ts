import type { Instrumentation, registerInstrumentations } from '@opentelemetry/instrumentation';
import { expect } from 'chai';
import { processState } from 'otel-runtime-kit/otel';
import { RecordingMeterProvider } from 'test-helpers/recording-meter';
import { startVitals, vitals } from '../src/index.js';
import type { VitalsInstrumentation, VitalsOptions } from '../src/index.js';

const namesOf = (list: readonly VitalsInstrumentation[]): string[] =>
  list.map(each => each.instrumentationName);
const configOf = (list: readonly VitalsInstrumentation[], name: string): object | undefined =>
  list.find(each => each.instrumentationName === name)?.getConfig();
const metersOf = (provider: RecordingMeterProvider): string[] => [
  ...new Set(provider.instruments.filter(({ callbacks }) => callbacks.size > 0).map(({ meter }) => meter)),
];

describe('vitals()', () => {
  it('gives the three instrumentations, as an array that the SDK takes, and starts nothing', () => {
    const before = processState().runtime.sampler.taskCount;
    const list = vitals();
    // That these compile is the test: nobody has to cast.
    const taken: Instrumentation[] = [...list];
    const options: Parameters<typeof registerInstrumentations>[0] = { instrumentations: [vitals(), ...list] };
    expect(namesOf(list)).to.deep.equal(['otel-memory-metrics', 'otel-gc-instrumentation', 'otel-fd-watch']);
    expect([taken.length, options.instrumentations?.flat().length]).to.deep.equal([3, 6]);
    expect(processState().runtime.sampler.taskCount).to.equal(before);
  });

  const LEFT_OUT: [VitalsOptions, string[]][] = [
    [{ memory: false }, ['otel-gc-instrumentation', 'otel-fd-watch']],
    [{ gc: false, fd: {} }, ['otel-memory-metrics', 'otel-fd-watch']],
    [{ fd: false }, ['otel-memory-metrics', 'otel-gc-instrumentation']],
    [{ memory: false, gc: false, fd: false }, []],
  ];
  for (const [options, names] of LEFT_OUT) {
    it(`leaves out what is false in ${JSON.stringify(options)}`, () => {
      expect(namesOf(vitals(options))).to.deep.equal(names);
    });
  }

  it('gives the shared options to all that have them, and the options of a group win', () => {
    const list = vitals({
      enabled: false,
      sampleIntervalMillis: 700,
      v8js: false,
      memory: { sampleIntervalMillis: 800, limitBytes: undefined },
      gc: { enabled: true, v8js: true, sampleIntervalMillis: undefined },
    });
    expect(configOf(list, 'otel-memory-metrics')).to.deep.include({
      enabled: false,
      sampleIntervalMillis: 800,
      v8js: false,
    });
    expect(configOf(list, 'otel-gc-instrumentation')).to.deep.include({
      enabled: true,
      sampleIntervalMillis: 700,
      v8js: true,
    });
    expect(configOf(list, 'otel-fd-watch')).to.deep.equal({ enabled: false, sampleIntervalMillis: 700 });
  });
});

describe('startVitals()', () => {
  it('starts on a bare meter provider, reads, moves, and gives everything back', () => {
    const [first, second] = [new RecordingMeterProvider(), new RecordingMeterProvider()];
    const { sampler } = processState().runtime;
    const before = sampler.taskCount;
    const started = startVitals(first, { sampleIntervalMillis: 60_000 });
    try {
      expect(metersOf(first)).to.have.members([
        'otel-runtime-kit',
        'otel-memory-metrics',
        'otel-gc-instrumentation',
        'otel-fd-watch',
      ]);
      expect(started.memory?.snapshot().heap?.usedBytes).to.be.within(
        1e6,
        process.memoryUsage().heapTotal * 2,
      );
      expect(started.gc?.summary().takenAtMillis).to.be.a('number');
      expect(started.fd?.snapshot().takenAtMillis).to.be.a('number');
      started.setMeterProvider(second);
      expect(first.callbackCount).to.equal(0);
      expect(metersOf(second)).to.have.lengthOf(4);
    } finally {
      started.shutdown();
    }
    expect(second.callbackCount).to.equal(0);
    expect(sampler.taskCount).to.equal(before);
    expect(started.memory?.snapshot().takenAtMillis).to.be.a('number');
  });

  it('says null for what is left out', () => {
    const started = startVitals(new RecordingMeterProvider(), { gc: false, enabled: false });
    expect(started.gc).to.equal(null);
    expect(started.memory?.snapshot().takenAtMillis).to.equal(null);
  });

  it('shares one timer, at the smallest interval', () => {
    const started = startVitals(new RecordingMeterProvider(), {
      sampleIntervalMillis: 60_000,
      gc: { sampleIntervalMillis: 30_000 },
    });
    try {
      expect(processState().runtime.sampler.tickMillis).to.equal(30_000);
    } finally {
      started.shutdown();
    }
  });
});
