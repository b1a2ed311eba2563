import type { MeterProvider as ApiMeterProvider } from '@opentelemetry/api';
import type { Instrumentation, registerInstrumentations } from '@opentelemetry/instrumentation';
import type { MeterProvider } from '@opentelemetry/sdk-metrics';
import type { NodeSDK } from '@opentelemetry/sdk-node';
import { expect } from 'chai';
import { FdWatchInstrumentation } from 'otel-fd-watch';

type NodeSdkConfiguration = NonNullable<ConstructorParameters<typeof NodeSDK>[0]>;
type RegisterOptions = Parameters<typeof registerInstrumentations>[0];

// That this file compiles is the test: only types are imported of the SDK, so that it runs on every Node.js.
const instrumentation: Instrumentation = new FdWatchInstrumentation();
const configuration: NodeSdkConfiguration = {
  instrumentations: [new FdWatchInstrumentation({ warnAtCount: 0 }), [new FdWatchInstrumentation()]],
};
const options: RegisterOptions = {
  instrumentations: [new FdWatchInstrumentation(), [new FdWatchInstrumentation()]],
};

/** The providers of this SDK and of its API are taken without a cast. */
function takesProviders(watch: FdWatchInstrumentation, ofSdk: MeterProvider, ofApi: ApiMeterProvider): void {
  watch.setMeterProvider(ofSdk);
  watch.setMeterProvider(ofApi);
}

/** Mistakes are not taken. */
function refusesMistakes(watch: FdWatchInstrumentation): void {
  // @ts-expect-error -- no such option
  watch.setConfig({ warnAtRato: 0.5 });
  // @ts-expect-error -- not a number
  new FdWatchInstrumentation({ warnAtRatio: '80%' });
  // @ts-expect-error -- not a meter provider
  watch.setMeterProvider({});
}

describe('the types of this SDK', () => {
  it('take FdWatchInstrumentation as an Instrumentation, with every member that one must have', () => {
    const members: Record<Exclude<keyof Instrumentation, 'setLoggerProvider'>, string> = {
      instrumentationName: 'string',
      instrumentationVersion: 'string',
      enable: 'function',
      disable: 'function',
      setConfig: 'function',
      getConfig: 'function',
      setMeterProvider: 'function',
      setTracerProvider: 'function',
    };
    for (const [name, type] of Object.entries(members)) {
      expect(typeof instrumentation[name as keyof Instrumentation], name).to.equal(type);
    }
    expect(instrumentation.getConfig()).to.deep.equal({ enabled: true });
  });

  it('take it in the configuration of NodeSDK and of registerInstrumentations', () => {
    for (const taken of [configuration.instrumentations, options.instrumentations]) {
      expect(taken?.flat().map(each => each.instrumentationName)).to.deep.equal([
        'otel-fd-watch',
        'otel-fd-watch',
      ]);
    }
    expect([takesProviders.length, refusesMistakes.length]).to.deep.equal([3, 1]);
  });
});
