import type { MeterProvider as ApiMeterProvider } from '@opentelemetry/api';
import type { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import type { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import type { Instrumentation, registerInstrumentations } from '@opentelemetry/instrumentation';
import type { LoggerProvider } from '@opentelemetry/sdk-logs';
import type { MeterProvider } from '@opentelemetry/sdk-metrics';
import type { NodeSDK } from '@opentelemetry/sdk-node';
import type { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { expect } from 'chai';
import { FdWatchInstrumentation } from 'otel-fd-watch';
import { GcInstrumentation } from 'otel-gc-instrumentation';
import { MemoryMetricsInstrumentation } from 'otel-memory-metrics';
import { promClientViews, startVitals, vitals } from 'otel-node-vitals';
import { createFlushGuard } from 'telemetry-flush-guard';
import type { FlushGuard } from 'telemetry-flush-guard';

type NodeSdkConfiguration = NonNullable<ConstructorParameters<typeof NodeSDK>[0]>;
type BasicTracerProviderOptions = NonNullable<ConstructorParameters<typeof BasicTracerProvider>[0]>;
type LoggerProviderOptions = NonNullable<ConstructorParameters<typeof LoggerProvider>[0]>;
type RegisterOptions = Parameters<typeof registerInstrumentations>[0];

// That this file compiles is the test: only types are imported of the SDK, so that it runs on every Node.js.
const ours: readonly Instrumentation[] = [
  new FdWatchInstrumentation(),
  new GcInstrumentation(),
  new MemoryMetricsInstrumentation(),
];
const configuration: NodeSdkConfiguration = {
  instrumentations: [
    new FdWatchInstrumentation({ warnAtCount: 0 }),
    [new GcInstrumentation({ pauseByType: true }), new MemoryMetricsInstrumentation({ limitBytes: 2 ** 30 })],
  ],
};
const options: RegisterOptions = {
  instrumentations: [
    new FdWatchInstrumentation(),
    [new GcInstrumentation(), new MemoryMetricsInstrumentation()],
  ],
};
const all: Instrumentation[] = vitals();
const inOneLine: NodeSdkConfiguration = {
  instrumentations: vitals({ promClientNames: true }),
  views: promClientViews(),
};

/** Any of ours. */
type Ours = FdWatchInstrumentation | GcInstrumentation | MemoryMetricsInstrumentation;

/** The providers of this SDK and of its API are taken without a cast. */
function takesProviders(one: Ours, ofSdk: MeterProvider, ofApi: ApiMeterProvider): void {
  one.setMeterProvider(ofSdk);
  one.setMeterProvider(ofApi);
  startVitals(ofSdk, { enabled: false });
  startVitals(ofApi, { enabled: false });
}

/** The guard takes the exporters of this SDK, and its processors and providers are taken by type, without a cast. */
function takesGuard(
  guard: FlushGuard,
  spanExporter: OTLPTraceExporter,
  logExporter: OTLPLogExporter,
): readonly [NodeSdkConfiguration, BasicTracerProviderOptions, LoggerProviderOptions] {
  const spanProcessors = [guard.spanProcessor(spanExporter)];
  const logRecordProcessors = [guard.logRecordProcessor(logExporter)];
  return [{ spanProcessors, logRecordProcessors }, { spanProcessors }, { processors: logRecordProcessors }];
}

/** And what the guard flushes besides. */
function protectsProviders(
  guard: FlushGuard,
  traces: BasicTracerProvider,
  metrics: MeterProvider,
  logs: LoggerProvider,
): void {
  guard.protect({ traces, metrics, logs });
  createFlushGuard({ meterProvider: metrics });
}

/** Mistakes are not taken. */
function refusesMistakes(
  watch: FdWatchInstrumentation,
  gc: GcInstrumentation,
  memory: MemoryMetricsInstrumentation,
): void {
  // @ts-expect-error -- no such option
  watch.setConfig({ warnAtRato: 0.5 });
  // @ts-expect-error -- not a number
  new FdWatchInstrumentation({ warnAtRatio: '80%' });
  // @ts-expect-error -- no such option
  gc.setConfig({ pauseByTypes: true });
  // @ts-expect-error -- not an array
  new GcInstrumentation({ buckets: 0.001 });
  // @ts-expect-error -- no such option
  memory.setConfig({ limitByte: 1 });
  // @ts-expect-error -- none of the values
  new MemoryMetricsInstrumentation({ containerMetrics: 'yes' });
  // @ts-expect-error -- no such option
  vitals({ memorys: false });
  // @ts-expect-error -- no such option of a part
  vitals({ fd: { warnAtRato: 0.5 } });
  // @ts-expect-error -- not a meter provider
  startVitals({});
  // @ts-expect-error -- no such option
  promClientViews({ keepOwnName: true });
  // @ts-expect-error -- not a meter provider
  watch.setMeterProvider({});
  // @ts-expect-error -- not a meter provider
  gc.setMeterProvider({});
  // @ts-expect-error -- not a meter provider
  memory.setMeterProvider({});
}

function refusesGuardMistakes(guard: FlushGuard, ofSdk: MeterProvider): void {
  // @ts-expect-error -- not an exporter
  guard.spanProcessor({});
  // @ts-expect-error -- not an exporter
  guard.logRecordProcessor(ofSdk);
  // @ts-expect-error -- cannot be flushed
  guard.protect({ traces: {} });
  // @ts-expect-error -- no such option
  createFlushGuard({ directory: 'spool' });
}

describe('the types of this SDK', () => {
  for (const instrumentation of ours) {
    it(`take ${instrumentation.constructor.name} as an Instrumentation, with every member that one must have`, () => {
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
  }

  it('take them in the configuration of NodeSDK, with their views, and of registerInstrumentations', () => {
    for (const taken of [configuration.instrumentations, options.instrumentations]) {
      expect(taken?.flat().map(each => each.instrumentationName)).to.deep.equal([
        'otel-fd-watch',
        'otel-gc-instrumentation',
        'otel-memory-metrics',
      ]);
    }
    const names = ['otel-memory-metrics', 'otel-gc-instrumentation', 'otel-fd-watch'];
    expect(all.map(each => each.instrumentationName)).to.deep.equal(names);
    expect(inOneLine.instrumentations?.flat().map(each => each.instrumentationName)).to.include.members(
      names,
    );
    expect(inOneLine.views?.map(each => each.name)).to.include('process_open_fds');
    expect([takesProviders.length, refusesMistakes.length]).to.deep.equal([3, 3]);
    expect([takesGuard.length, protectsProviders.length, refusesGuardMistakes.length]).to.deep.equal([
      3, 4, 2,
    ]);
  });
});
