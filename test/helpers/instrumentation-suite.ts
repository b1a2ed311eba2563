import type { MeterProvider } from '@opentelemetry/api';
import { expect } from 'chai';
import { createServer, get } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FakeClock } from './fake-clock.js';
import { whyNotHere } from './sdk-line.js';
import type { SdkLine } from './sdk-line.js';
import { CountingMeterProvider, asScraped, scrapedValuesOf, valuesOf } from './sdk-metrics.js';
import type { SeriesValues } from './sdk-metrics.js';
import type { ReaderUnderTest, RunningSdk, SdkUnderTest } from './sdk-under-test.js';
import { setApiStateAside } from './sdk-under-test.js';
import { skipBecause } from './skip-because.js';

const TICK_MILLIS = 5_000;

/** What the suite uses of an instrumentation. Not imported: the packages' own tests use these helpers. */
export interface InstrumentationUnderTest {
  readonly instrumentationName: string;
  enable(): void;
  disable(): void;
  setMeterProvider(provider: unknown): void;
}

/** What tests of one instrumentation alone work with. */
export interface SuiteTools<
  Instrumentation extends InstrumentationUnderTest,
  Provider extends MeterProvider,
> {
  /** Loaded, once tests run. */
  readonly sdk: () => SdkUnderTest<Instrumentation, Provider>;
  /** A new one for each test. */
  readonly clock: () => FakeClock;
  /** Made on that clock, and disabled after the test. */
  readonly made: (options?: { enabled?: boolean }) => Instrumentation;
  /** Is shut down after the test. */
  readonly running: <Running extends RunningSdk>(started: Running) => Running;
  /** The values of a scope in one collection of a reader. */
  readonly collect: (reader: ReaderUnderTest, scope: string) => Promise<SeriesValues>;
  /** The same in a scrape over HTTP. */
  readonly scrapeOnce: (scrape: RequestListener, scope: string) => Promise<SeriesValues>;
}

/** What is tested together. */
export interface InstrumentationSuite<
  Instrumentation extends InstrumentationUnderTest,
  Provider extends MeterProvider,
> {
  readonly name: string;
  readonly line: SdkLine;
  /** Loads the SDK; not called on a Node.js that it does not run on. */
  readonly loadSdk: () => Promise<SdkUnderTest<Instrumentation, Provider>>;
  /** Makes an instrumentation for this process, with its own clock if none is given. */
  readonly instrument: (options: { enabled?: boolean }, clock?: FakeClock) => Instrumentation;
  /** What its observable instruments have to say, from what it shows by itself alone. */
  readonly expectedValues: (instrumentation: Instrumentation) => SeriesValues;
  /** Something that changes what the next reading finds. */
  readonly change: () => void;
  /** Observable instruments of its own. */
  readonly instruments: number;
  /** Tests that only this instrumentation has. */
  readonly more?: (tools: SuiteTools<Instrumentation, Provider>) => void;
}

/** Instruments of the sampler, which come with the first instrumentation of a provider. */
const SAMPLER_INSTRUMENTS = 3;

/** Histograms are pushed, not observed: what is in them does not come from the latest tick. */
function withoutHistograms(values: SeriesValues): SeriesValues {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => typeof value === 'number'));
}

async function collect(reader: ReaderUnderTest, scope: string): Promise<SeriesValues> {
  const { resourceMetrics, errors } = await reader.collect();
  expect(errors).to.deep.equal([]);
  return withoutHistograms(valuesOf(resourceMetrics, scope));
}

/** Serves on a free port of the loopback interface, scrapes once over HTTP, and stops. */
async function scrapeOnce(scrape: RequestListener, scope: string): Promise<SeriesValues> {
  const server = createServer(scrape);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const text = await new Promise<string>((resolve, reject) => {
      get({ host: '127.0.0.1', port, path: '/metrics', agent: false }, response => {
        let body = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
        response.on('end', () => {
          resolve(body);
        });
      }).on('error', reject);
    });
    const values = scrapedValuesOf(text, scope);
    return Object.fromEntries(
      Object.entries(values).filter(
        ([series]) => !/^\w+_(bucket|sum|count)\{/.test(series) || !series.startsWith('v8js_gc_duration'),
      ),
    );
  } finally {
    await new Promise(resolve => server.close(resolve));
  }
}

/** Counters get an ending in a scrape. */
function inScrape(values: SeriesValues, scraped: SeriesValues): SeriesValues {
  return Object.fromEntries(
    Object.entries(asScraped(values)).map(([series, value]) => {
      const asCounter = series.replace(/^[^{]+/, name => `${name}_total`);
      return [Object.hasOwn(scraped, asCounter) ? asCounter : series, value];
    }),
  );
}

/** Tests an instrumentation against one line of the SDK, in this process. */
export function describeInstrumentation<
  Instrumentation extends InstrumentationUnderTest,
  Provider extends MeterProvider,
>(suite: InstrumentationSuite<Instrumentation, Provider>): void {
  const { name, line, instrument, expectedValues, change, instruments, more } = suite;
  describe(`${name} on OpenTelemetry SDK ${line}.x`, () => {
    let sdk: SdkUnderTest<Instrumentation, Provider>;
    let clock: FakeClock;
    let restoreApi = (): void => {};
    const environment = { OTEL_TRACES_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' };
    const cleanups: (() => unknown)[] = [];

    function made(options: { enabled?: boolean } = {}, ownClock = false): Instrumentation {
      const instrumentation = instrument(options, ownClock ? undefined : clock);
      cleanups.push(() => {
        instrumentation.disable();
      });
      return instrumentation;
    }

    function running<Running extends RunningSdk>(started: Running): Running {
      cleanups.push(started.shutdown);
      return started;
    }

    before(async function () {
      const reason = process.platform === 'linux' ? whyNotHere(line) : 'reads the /proc of Linux';
      if (reason !== undefined) skipBecause(this, reason);
      restoreApi = setApiStateAside();
      Object.assign(process.env, environment);
      sdk = await suite.loadSdk();
    });

    after(() => {
      for (const key of Object.keys(environment)) Reflect.deleteProperty(process.env, key);
      restoreApi();
    });

    beforeEach(() => {
      clock = new FakeClock();
    });

    afterEach(async () => {
      for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
      // What NodeSDK has registered for the whole process.
      setApiStateAside();
    });

    it('gives two readers the same values of the same tick, whatever happens between their collections', async () => {
      const { provider, readers } = running(sdk.startProvider());
      const instrumentation = made();
      instrumentation.setMeterProvider(provider);
      const scope = instrumentation.instrumentationName;
      const seen: SeriesValues[] = [];
      for (let tick = 0; tick < 3; tick += 1) {
        clock.advance(TICK_MILLIS);
        const expected = expectedValues(instrumentation);
        expect(await collect(readers[0], scope)).to.deep.equal(expected);
        change();
        expect(await collect(readers[1], scope)).to.deep.equal(expected);
        expect(await Promise.all(readers.map(reader => collect(reader, scope)))).to.deep.equal([
          expected,
          expected,
        ]);
        seen.push(expected);
      }
      // The next tick shows what has changed.
      expect(seen[2]).not.to.deep.equal(seen[0]);
    });

    it('shows its snapshot in a scrape over HTTP', async () => {
      const { provider, scrape } = running(sdk.startProvider());
      const instrumentation = made();
      instrumentation.setMeterProvider(provider);
      for (let tick = 0; tick < 30; tick += 1) clock.advance(TICK_MILLIS);
      const scraped = await scrapeOnce(scrape, instrumentation.instrumentationName);
      expect(scraped).to.deep.equal(inScrape(expectedValues(instrumentation), scraped));
    });

    it('is called back by each collection while it is enabled, and never again after disable()', async () => {
      const { provider, readers, scrape } = running(sdk.startProvider());
      const counting = new CountingMeterProvider(provider);
      const instrumentation = made();
      const scope = instrumentation.instrumentationName;
      instrumentation.setMeterProvider(counting);
      clock.advance(TICK_MILLIS);
      expect(counting.calls).to.equal(0);
      await collect(readers[0], scope);
      expect(counting.calls).to.equal(instruments + SAMPLER_INSTRUMENTS);
      await collect(readers[1], scope);
      const { calls } = counting;
      expect(calls).to.equal(2 * (instruments + SAMPLER_INSTRUMENTS));

      instrumentation.disable();
      expect(clock.timerCount).to.equal(0);
      clock.advance(10 * TICK_MILLIS);
      for (const reader of readers) await reader.collect();
      await scrapeOnce(scrape, scope);
      expect(counting.calls).to.equal(calls);

      instrumentation.enable();
      clock.advance(TICK_MILLIS);
      expect(await collect(readers[0], scope)).to.deep.equal(expectedValues(instrumentation));
      expect(counting.calls).to.equal(3 * (instruments + SAMPLER_INSTRUMENTS));
    });

    it('has one value a series, however often it is bound to the same provider', async () => {
      const { provider, readers } = running(sdk.startProvider());
      const instrumentation = made();
      for (let round = 0; round < 3; round += 1) {
        instrumentation.setMeterProvider(provider);
        instrumentation.enable();
      }
      clock.advance(TICK_MILLIS);
      const values = await collect(readers[0], instrumentation.instrumentationName);
      expect(values).to.deep.equal(expectedValues(instrumentation));
      expect(clock.timerCount).to.equal(1);
    });

    it('is handed the same meter as another one would be: by it they know that they would record the same', () => {
      const { provider } = running(sdk.startProvider());
      const scope = made().instrumentationName;
      expect(provider.getMeter(scope, '1.0.0')).to.equal(provider.getMeter(scope, '1.0.0'));
    });

    for (const ownClock of [false, true]) {
      it(`is started by NodeSDK.start(), ${ownClock ? 'on its own clock, with values at once' : 'and goes on until it is disabled'}`, async () => {
        const instrumentation = made({}, ownClock);
        const { readers, scrape, shutdown } = running(sdk.startNodeSdk([instrumentation]));
        expect(clock.timerCount).to.equal(ownClock ? 0 : 1);
        if (!ownClock) clock.advance(TICK_MILLIS);
        const expected = expectedValues(instrumentation);
        expect(Object.keys(expected)).not.to.deep.equal([]);
        for (const reader of readers) {
          expect(await collect(reader, instrumentation.instrumentationName)).to.deep.equal(expected);
        }
        if (!ownClock) {
          const scraped = await scrapeOnce(scrape, instrumentation.instrumentationName);
          expect(scraped).to.deep.equal(inScrape(expected, scraped));
        }
        await shutdown();
        cleanups.pop();
        instrumentation.disable();
        expect(clock.timerCount).to.equal(0);
      });
    }

    it('is started by registerInstrumentations and stopped by its undo', async () => {
      const { provider, readers } = running(sdk.startProvider());
      // That function enables also what was made with `enabled: false`.
      for (const enabled of [true, false]) {
        const instrumentation = made({ enabled });
        expect(clock.timerCount).to.equal(0);
        const undo = sdk.register([instrumentation], provider);
        expect(clock.timerCount).to.equal(1);
        clock.advance(TICK_MILLIS);
        const values = await collect(readers[0], instrumentation.instrumentationName);
        expect(values).to.deep.equal(expectedValues(instrumentation));
        undo();
        expect(clock.timerCount).to.equal(0);
      }
    });

    more?.({
      sdk: () => sdk,
      clock: () => clock,
      made: options => made(options),
      running,
      collect,
      scrapeOnce,
    });
  });
}
