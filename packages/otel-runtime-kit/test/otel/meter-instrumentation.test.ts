import { DiagLogLevel, diag, metrics } from '@opentelemetry/api';
import type { Meter } from '@opentelemetry/api';
import { expect } from 'chai';
import { recordDiag } from 'test-helpers/diag-lines';
import type { DiagMessage } from 'test-helpers/diag-lines';
import { FakeClock } from 'test-helpers/fake-clock';
import { RecordingMeterProvider } from 'test-helpers/recording-meter';
import { flag, millis, resolveOptions } from '../../src/options/index.js';
import { bindObservables } from '../../src/otel/bind-observables.js';
import type { Unbind } from '../../src/otel/bind-observables.js';
import { MeterInstrumentation } from '../../src/otel/meter-instrumentation.js';
import { createSamplingRuntime } from '../../src/otel/sampling-runtime.js';

interface ProbeOptions {
  readonly enabled?: boolean;
  readonly intervalMillis?: number;
}

interface ResolvedProbeOptions {
  readonly enabled: boolean;
  readonly intervalMillis: number;
}

const rules = {
  enabled: flag({ default: true, description: '' }),
  intervalMillis: millis({ default: 5_000, description: '' }),
};

/** An instrumentation with one gauge and one task, both of which show the interval that is in force. */
class Probe extends MeterInstrumentation<ProbeOptions, ResolvedProbeOptions> {
  readonly clock: FakeClock;
  readonly log: string[] = [];
  /** Runs inside of each bind, before anything is bound. */
  onBind: () => void = () => {};
  /** Runs in each reading, the first of which is part of each bind. */
  onReading: () => void = () => {};
  /** Runs inside of each unbind. */
  onUnbind: () => void = () => {};
  readonly #runtime: ReturnType<typeof createSamplingRuntime>;

  constructor(options: ProbeOptions = {}, clock = new FakeClock()) {
    const runtime = createSamplingRuntime(clock);
    super('probe', '1.2.3', options, given => resolveOptions('probe', rules, given), runtime.readings);
    this.#runtime = runtime;
    this.clock = clock;
  }

  get reported(): ReadonlyMap<string, number> {
    return this.problems.counts;
  }

  protected override bindTo(meter: Meter, { intervalMillis }: ResolvedProbeOptions): Unbind {
    this.onBind();
    this.log.push(`bind ${intervalMillis}`);
    const unbind = bindObservables(meter, [
      {
        metric: {
          name: 'probe.interval',
          kind: 'observableGauge',
          unit: 'ms',
          description: 'the interval in force',
          attributes: {},
          stability: 'own',
          source: 'the options',
          platforms: 'all',
        },
        observe: result => {
          result.observe(intervalMillis);
        },
      },
    ]);
    const cancel = this.#runtime.sampler.add({
      intervalMillis,
      run: () => {
        this.#runtime.readings.run('probe', this.onReading, this.problems);
      },
    });
    return () => {
      this.log.push(`unbind ${intervalMillis}`);
      unbind();
      cancel();
      this.onUnbind();
    };
  }
}

/** Callbacks of a probe that is bound: its own and the three of the sampler metrics. */
const BOUND = 4;

describe('MeterInstrumentation', () => {
  let provider: RecordingMeterProvider;
  let probe: Probe;
  let messages: DiagMessage[];

  beforeEach(() => {
    provider = new RecordingMeterProvider();
    messages = recordDiag();
    probe = new Probe();
  });

  afterEach(() => {
    probe.disable();
    diag.disable();
    metrics.disable();
  });

  /** That one round of callbacks and one timer exist, or none. */
  function expectBound(bound: boolean, to = provider): void {
    expect(to.callbackCount).to.equal(bound ? BOUND : 0);
    expect(probe.clock.timerCount).to.equal(bound ? 1 : 0);
  }

  describe('constructing', () => {
    it('starts nothing, even with a global meter provider', () => {
      metrics.setGlobalMeterProvider(provider);
      probe = new Probe();
      expect(probe.log).to.deep.equal([]);
      expect(provider.instruments).to.deep.equal([]);
      expect(probe.clock.timerCount).to.equal(0);
    });

    it('names itself', () => {
      expect([probe.instrumentationName, probe.instrumentationVersion]).to.deep.equal(['probe', '1.2.3']);
    });

    it('throws for options that cannot be', () => {
      expect(() => new Probe({ intervalMillis: 1 })).to.throw(
        RangeError,
        'probe: intervalMillis must be milliseconds in [10, 86400000], got 1',
      );
      expect(() => new Probe({ intervalMilis: 50 } as ProbeOptions)).to.throw(
        TypeError,
        'probe: unknown option "intervalMilis"; did you mean "intervalMillis"?',
      );
    });
  });

  describe('setMeterProvider', () => {
    it('binds to a meter of its name', () => {
      probe.setMeterProvider(provider);
      expectBound(true);
      expect(provider.instruments.find(made => made.name === 'probe.interval')?.meter).to.equal('probe');
      expect(provider.value('probe.interval')).to.equal(5_000);
    });

    it('with another provider moves there, as NodeSDK does: first a no-op one, then the real one', () => {
      const first = new RecordingMeterProvider();
      probe.setMeterProvider(first);
      probe.setMeterProvider(provider);
      expect(first.callbackCount).to.equal(0);
      expectBound(true);
      expect(probe.log).to.deep.equal(['bind 5000', 'unbind 5000', 'bind 5000']);
    });

    it('with the same provider again leaves one round of callbacks', () => {
      for (let round = 0; round < 5; round += 1) probe.setMeterProvider(provider);
      expectBound(true);
    });

    it('of one that is not enabled waits for enable()', () => {
      probe = new Probe({ enabled: false });
      probe.setMeterProvider(provider);
      expectBound(false);
      expect(probe.log).to.deep.equal([]);
      probe.enable();
      expectBound(true);
    });
  });

  describe('enable and disable', () => {
    it('bind and unbind, as often as one likes', () => {
      probe.setMeterProvider(provider);
      for (let round = 0; round < 3; round += 1) {
        probe.disable();
        probe.disable();
        expectBound(false);
        probe.enable();
        probe.enable();
        expectBound(true);
      }
    });

    it('enable() without a provider of its own uses the global one', () => {
      metrics.setGlobalMeterProvider(provider);
      probe.enable();
      expectBound(true);
      expect(provider.value('probe.interval')).to.equal(5_000);
    });

    it('enable() without any provider goes to the no-op one and is harmless', () => {
      probe.enable();
      expect(probe.log).to.deep.equal(['bind 5000']);
      expect(messages).to.deep.equal([]);
      probe.setMeterProvider(provider);
      expectBound(true);
    });

    it('disable() before anything else does nothing', () => {
      probe.disable();
      expect(probe.log).to.deep.equal([]);
      probe.setMeterProvider(provider);
      expectBound(false);
    });
  });

  describe('setConfig and getConfig', () => {
    it('getConfig() is what was given, with enabled as it is now', () => {
      probe = new Probe({ intervalMillis: 200 });
      expect(probe.getConfig()).to.deep.equal({ intervalMillis: 200, enabled: true });
      probe.disable();
      expect(probe.getConfig()).to.deep.equal({ intervalMillis: 200, enabled: false });
      probe.enable();
      expect(probe.getConfig()).to.deep.equal({ intervalMillis: 200, enabled: true });
    });

    it('neither the options given nor those handed out are the ones in use', () => {
      const given = { intervalMillis: 200 };
      probe = new Probe(given);
      given.intervalMillis = 1;
      Object.assign(probe.getConfig(), { intervalMillis: 2 });
      expect(probe.getConfig().intervalMillis).to.equal(200);
      probe.setMeterProvider(provider);
      expect(provider.value('probe.interval')).to.equal(200);
    });

    it('setConfig() binds anew with the new options', () => {
      probe.setMeterProvider(provider);
      probe.setConfig({ intervalMillis: 200 });
      expectBound(true);
      expect(provider.value('probe.interval')).to.equal(200);
      expect(probe.getConfig()).to.deep.equal({ intervalMillis: 200, enabled: true });
      expect(probe.log).to.deep.equal(['bind 5000', 'unbind 5000', 'bind 200']);
    });

    it('setConfig() replaces the options: what is left out is at its default again', () => {
      probe = new Probe({ intervalMillis: 200, enabled: false });
      probe.setMeterProvider(provider);
      probe.setConfig({});
      expect(provider.value('probe.interval')).to.equal(5_000);
      expect(probe.getConfig()).to.deep.equal({ enabled: true });
    });

    it('setConfig({ enabled: false }) stops', () => {
      probe.setMeterProvider(provider);
      probe.setConfig({ enabled: false });
      expectBound(false);
      expect(probe.getConfig()).to.deep.equal({ enabled: false });
    });

    for (const [what, bad, problem] of [
      ['a value that cannot be', { intervalMillis: NaN }, RangeError],
      ['an unknown option', { colour: 'red' }, TypeError],
      ['null', null, TypeError],
    ] as const) {
      it(`setConfig() with ${what} changes nothing and says so through diag`, () => {
        probe = new Probe({ intervalMillis: 200 });
        probe.setMeterProvider(provider);
        const bound = [...provider.instruments];
        probe.setConfig(bad as ProbeOptions);
        expect(probe.log).to.deep.equal(['bind 200']);
        expect(provider.instruments).to.deep.equal(bound);
        expectBound(true);
        expect(probe.getConfig()).to.deep.equal({ intervalMillis: 200, enabled: true });
        expect(messages).to.have.lengthOf(1);
        const [{ level, details }] = messages as [DiagMessage];
        expect([level, ...details.slice(0, 2)]).to.deep.equal([
          'error',
          'probe',
          'setConfig changed nothing',
        ]);
        expect(details[2]).to.be.instanceOf(problem);
      });
    }

    it('setConfig() with bad options does not throw even if the diag logger does', () => {
      const broken = (): void => {
        throw new Error('the disk of the log is full');
      };
      diag.setLogger(
        { error: broken, warn: () => {}, info: () => {}, debug: () => {}, verbose: () => {} },
        { logLevel: DiagLogLevel.ERROR, suppressOverrideMessage: true },
      );
      probe.setMeterProvider(provider);
      probe.setConfig({ intervalMillis: NaN });
      expectBound(true);
    });
  });

  describe('failures', () => {
    it('of bindTo are contained, and what was bound before is undone', () => {
      probe.onBind = () => {
        throw new Error('no such platform');
      };
      probe.setMeterProvider(provider);
      expectBound(false);
      expect([...probe.reported]).to.deep.equal([['bind', 1]]);
      expect(messages.map(({ level, details }) => [level, ...details.slice(0, 2)])).to.deep.equal([
        ['warn', 'probe', 'could not start (said once; further ones are only counted)'],
      ]);
      expect((messages[0]?.details[2] as Error).message).to.equal('no such platform');
      probe.onBind = () => {};
      probe.enable();
      expectBound(true);
    });

    it('of the meter provider are contained, and the next one is taken', () => {
      const getMeter = (): Meter => {
        throw new Error('shut down');
      };
      probe.setMeterProvider({ getMeter });
      probe.setMeterProvider(undefined as never);
      probe.setMeterProvider('a provider' as never);
      expect([...probe.reported]).to.deep.equal([['bind', 2]]);
      expect(messages).to.have.lengthOf(1);
      probe.setMeterProvider(provider);
      expectBound(true);
    });

    it('of one step of unbinding are contained, and do not stop the other steps', () => {
      probe.setMeterProvider(provider);
      probe.onUnbind = () => {
        throw new Error('cannot stop');
      };
      probe.disable();
      expectBound(false);
      expect([...probe.reported]).to.deep.equal([['unbind', 1]]);
      expect(messages.map(({ level, details }) => [level, ...details.slice(0, 2)])).to.deep.equal([
        ['warn', 'probe', 'could not stop cleanly (said once; further ones are only counted)'],
      ]);
      probe.enable();
      expectBound(true);
    });
  });

  describe('called back from its own first reading', () => {
    it('disable() holds', () => {
      probe.onReading = () => {
        probe.disable();
      };
      probe.setMeterProvider(provider);
      expectBound(false);
      expect(probe.getConfig().enabled).to.equal(false);
    });

    it('setConfig() holds, and what was begun before is undone', () => {
      let readings = 0;
      probe.onReading = () => {
        readings += 1;
        if (readings === 1) probe.setConfig({ intervalMillis: 200 });
      };
      probe.setMeterProvider(provider);
      expectBound(true);
      expect(provider.value('probe.interval')).to.equal(200);
      probe.disable();
      expectBound(false);
      expect([...probe.reported]).to.deep.equal([]);
    });

    it('setMeterProvider() holds, and what was begun before is undone', () => {
      const other = new RecordingMeterProvider();
      let readings = 0;
      probe.onReading = () => {
        readings += 1;
        if (readings === 1) probe.setMeterProvider(other);
      };
      probe.setMeterProvider(provider);
      expect(provider.callbackCount).to.equal(0);
      expectBound(true, other);
    });
  });

  it('two of them on one provider share the sampler metrics until the last one has stopped', () => {
    const other = new Probe();
    probe.setMeterProvider(provider);
    other.setMeterProvider(provider);
    expect(provider.callbackCount).to.equal(BOUND + 1);
    probe.disable();
    expect(provider.callbackCount).to.equal(BOUND);
    other.disable();
    expect(provider.callbackCount).to.equal(0);
  });

  it('takes a tracer provider, and does nothing with it', () => {
    probe.setMeterProvider(provider);
    probe.setTracerProvider({});
    expect(probe.log).to.deep.equal(['bind 5000']);
  });
});
