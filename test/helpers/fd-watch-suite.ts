import type { MeterProvider } from '@opentelemetry/api';
import { expect } from 'chai';
import { closeSync, openSync } from 'node:fs';
import { createServer, get } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FakeClock } from './fake-clock.js';
import { CountingMeterProvider, asScraped, scrapedValuesOf, seriesName, valuesOf } from './sdk-metrics.js';
import type { SeriesValues } from './sdk-metrics.js';
import type { ReaderUnderTest, RunningSdk, SdkUnderTest } from './sdk-under-test.js';
import { setApiStateAside } from './sdk-under-test.js';
import { skipBecause } from './skip-because.js';

/** What the suite uses of `FdWatchInstrumentation`. Not imported: the packages' own tests use these helpers. */
export interface FdWatchUnderTest {
  enable(): void;
  disable(): void;
  setMeterProvider(provider: unknown): void;
  snapshot(): {
    readonly open: number | null;
    readonly limit: { readonly soft: number | null; readonly hard: number | null };
    readonly utilization: number | null;
    readonly growthPerSecond: number | null;
    readonly timeToLimitSeconds: number;
    readonly byKind: Readonly<Record<string, number>> | null;
    readonly connections: Readonly<Record<string, number>> | null;
  };
}

/** What is tested together. */
export interface FdWatchSuite<Instrumentation extends FdWatchUnderTest, Provider extends MeterProvider> {
  readonly name: string;
  /** First Node.js that this SDK runs on. */
  readonly lowestNode?: readonly [major: number, minor: number];
  /** Loads the SDK; not called on a Node.js that it does not run on. */
  readonly loadSdk: () => Promise<SdkUnderTest<Instrumentation, Provider>>;
  /** Makes an instrumentation for this process, with its own clock if none is given. */
  readonly instrument: (
    options: { connections?: boolean; enabled?: boolean },
    clock?: FakeClock,
  ) => Instrumentation;
}

const SCOPE = 'otel-fd-watch';
const TICK_MILLIS = 5_000;

/** What the instruments have to say after a tick, from the snapshot alone. */
function expectedValues(watch: FdWatchUnderTest): SeriesValues {
  const { open, limit, utilization, growthPerSecond, timeToLimitSeconds, byKind, connections } =
    watch.snapshot();
  const by = (
    name: string,
    key: string,
    values: Readonly<Record<string, number>> | null,
  ): [string, number][] =>
    Object.entries(values ?? {}).map(([value, count]) => [seriesName(name, { [key]: value }), count]);
  const all: [string, number | null][] = [
    ['process.unix.file_descriptor.count', open],
    ['vitals.fd.utilization', utilization],
    ['vitals.fd.growth', growthPerSecond],
    ['vitals.fd.time_to_limit', timeToLimitSeconds],
    ['vitals.fd.limit{vitals.fd.limit.type="soft"}', limit.soft],
    ['vitals.fd.limit{vitals.fd.limit.type="hard"}', limit.hard],
    ...by('vitals.fd.open', 'vitals.fd.kind', byKind),
    ...by('vitals.connection.count', 'network.connection.state', connections),
  ];
  return Object.fromEntries(all.filter(([, value]) => value !== null));
}

async function collect(reader: ReaderUnderTest): Promise<SeriesValues> {
  const { resourceMetrics, errors } = await reader.collect();
  expect(errors).to.deep.equal([]);
  return valuesOf(resourceMetrics, SCOPE);
}

/** Serves on a free port of the loopback interface, scrapes once over HTTP, and stops. */
async function scrapeOnce(scrape: RequestListener): Promise<SeriesValues> {
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
    return scrapedValuesOf(text, SCOPE);
  } finally {
    await new Promise(resolve => server.close(resolve));
  }
}

/** Tests an instrumentation of descriptors against one line of the SDK, in this process. */
export function describeFdWatch<Instrumentation extends FdWatchUnderTest, Provider extends MeterProvider>({
  name,
  lowestNode = [0, 0],
  loadSdk,
  instrument,
}: FdWatchSuite<Instrumentation, Provider>): void {
  describe(`FdWatchInstrumentation on ${name}`, () => {
    let sdk: SdkUnderTest<Instrumentation, Provider>;
    let clock: FakeClock;
    let restoreApi = (): void => {};
    const environment = { OTEL_TRACES_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' };
    const cleanups: (() => unknown)[] = [];
    const files: number[] = [];

    function open(count: number): void {
      for (let file = 0; file < count; file += 1) files.push(openSync(__filename, 'r'));
    }

    function closeAll(): void {
      for (const file of files.splice(0)) closeSync(file);
    }

    function watch(options: { connections?: boolean; enabled?: boolean } = {}): Instrumentation {
      const made = instrument(options, clock);
      cleanups.push(() => {
        made.disable();
      });
      return made;
    }

    function running<Running extends RunningSdk>(started: Running): Running {
      cleanups.push(started.shutdown);
      return started;
    }

    function openNow(instrumentation: Instrumentation): number {
      const { open: count } = instrumentation.snapshot();
      if (count === null) throw new Error('nothing was counted');
      return count;
    }

    before(async function () {
      const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
      const reason =
        process.platform !== 'linux'
          ? 'reads the /proc of Linux'
          : major < lowestNode[0] || (major === lowestNode[0] && minor < lowestNode[1])
            ? `${name} needs Node.js ${lowestNode.join('.')}, this is ${process.versions.node}`
            : undefined;
      if (reason !== undefined) {
        console.log(`    skipped: ${reason}`);
        skipBecause(this, reason);
      }
      restoreApi = setApiStateAside();
      Object.assign(process.env, environment);
      sdk = await loadSdk();
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
      closeAll();
      // What NodeSDK has registered for the whole process.
      setApiStateAside();
    });

    it('gives two readers the same values of the same tick, whatever happens between their collections', async () => {
      const { provider, readers } = running(sdk.startProvider());
      const instrumentation = watch({ connections: true });
      instrumentation.setMeterProvider(provider);
      for (let tick = 0; tick < 3; tick += 1) {
        clock.advance(TICK_MILLIS);
        const expected = expectedValues(instrumentation);
        const first = await collect(readers[0]);
        open(10);
        const second = await collect(readers[1]);
        expect(first).to.deep.equal(expected);
        expect(second).to.deep.equal(expected);
        expect(await Promise.all(readers.map(collect))).to.deep.equal([expected, expected]);
      }
    });

    it('has every series of the catalogue, and growth as soon as there is evidence', async () => {
      const { provider, readers } = running(sdk.startProvider());
      const instrumentation = watch({ connections: true });
      instrumentation.setMeterProvider(provider);
      const start = Object.keys(await collect(readers[0]));
      const kinds = [
        'file',
        'socket',
        'pipe',
        'device',
        'eventpoll',
        'eventfd',
        'io_uring',
        'inotify',
        'other',
      ];
      expect(start).to.include.members([
        'process.unix.file_descriptor.count',
        'vitals.fd.limit{vitals.fd.limit.type="soft"}',
        'vitals.fd.limit{vitals.fd.limit.type="hard"}',
        'vitals.fd.utilization',
        'vitals.fd.time_to_limit',
        'vitals.connection.count{network.connection.state="established"}',
        'vitals.connection.count{network.connection.state="close_wait"}',
        ...kinds.map(kind => `vitals.fd.open{vitals.fd.kind="${kind}"}`),
      ]);
      expect(start).not.to.include('vitals.fd.growth');
      for (let tick = 0; tick < 60; tick += 1) {
        open(2);
        clock.advance(TICK_MILLIS);
      }
      // Two descriptors every five seconds.
      const after = await collect(readers[1]);
      expect(after['vitals.fd.growth']).to.be.closeTo(0.4, 1e-9);
      const { limit } = instrumentation.snapshot();
      const secondsLeft = (limit.soft! - openNow(instrumentation)) / 0.4;
      expect(after['vitals.fd.time_to_limit']).to.be.closeTo(Math.min(secondsLeft, 604_800), 1e-3);
    });

    it('counts 1,000 opened files as exactly 1,000 more, one tick later and not before', async () => {
      const { provider, readers, scrape } = running(sdk.startProvider());
      const instrumentation = watch();
      instrumentation.setMeterProvider(provider);
      const count = 'process.unix.file_descriptor.count';
      // From here to the second tick nothing else runs in this process.
      clock.advance(TICK_MILLIS);
      const before = openNow(instrumentation);
      open(1_000);
      expect(openNow(instrumentation)).to.equal(before);
      clock.advance(TICK_MILLIS);
      expect(openNow(instrumentation)).to.equal(before + 1_000);
      for (const reader of readers) expect((await collect(reader))[count]).to.equal(before + 1_000);
      expect((await scrapeOnce(scrape))['process_unix_file_descriptor_count']).to.equal(before + 1_000);
      clock.advance(TICK_MILLIS);
      const open1000 = openNow(instrumentation);
      closeAll();
      clock.advance(TICK_MILLIS);
      expect(openNow(instrumentation)).to.equal(open1000 - 1_000);
    });

    it('shows its snapshot in a scrape over HTTP', async () => {
      const { provider, scrape } = running(sdk.startProvider());
      const instrumentation = watch({ connections: true });
      instrumentation.setMeterProvider(provider);
      open(40);
      for (let tick = 0; tick < 30; tick += 1) clock.advance(TICK_MILLIS);
      const scraped = await scrapeOnce(scrape);
      expect(scraped).to.deep.equal(asScraped(expectedValues(instrumentation)));
      expect(scraped['process_unix_file_descriptor_count']).to.be.above(40);
      expect(scraped['vitals_fd_open{vitals_fd_kind="file"}']).to.be.at.least(40);
      // It is the snapshot of the latest tick: a new one shows what the scrape itself has opened, or not.
      clock.advance(TICK_MILLIS);
      expect(await scrapeOnce(scrape)).to.deep.equal(asScraped(expectedValues(instrumentation)));
    });

    it('is called back by each collection while it is enabled, and never again after disable()', async () => {
      const { provider, readers, scrape } = running(sdk.startProvider());
      const counting = new CountingMeterProvider(provider);
      const instrumentation = watch();
      instrumentation.setMeterProvider(counting);
      clock.advance(TICK_MILLIS);
      expect(counting.calls).to.equal(0);
      await collect(readers[0]);
      const perCollection = counting.calls;
      // Six instruments of its own and three of the sampler.
      expect(perCollection).to.equal(9);
      await collect(readers[1]);
      expect(counting.calls).to.equal(2 * perCollection);

      instrumentation.disable();
      expect(clock.timerCount).to.equal(0);
      clock.advance(10 * TICK_MILLIS);
      for (const reader of readers) await reader.collect();
      await scrapeOnce(scrape);
      expect(counting.calls).to.equal(2 * perCollection);

      instrumentation.enable();
      clock.advance(TICK_MILLIS);
      expect(await collect(readers[0])).to.deep.equal(expectedValues(instrumentation));
      expect(counting.calls).to.equal(3 * perCollection);
    });

    it('has one value a series, however often it is bound to the same provider', async () => {
      const { provider, readers } = running(sdk.startProvider());
      const instrumentation = watch();
      for (let round = 0; round < 3; round += 1) {
        instrumentation.setMeterProvider(provider);
        instrumentation.enable();
      }
      clock.advance(TICK_MILLIS);
      expect(await collect(readers[0])).to.deep.equal(expectedValues(instrumentation));
      expect(clock.timerCount).to.equal(1);
    });

    it('is started by NodeSDK.start() and goes on until it is disabled', async () => {
      const instrumentation = watch();
      const { readers, scrape, shutdown } = running(sdk.startNodeSdk([instrumentation]));
      expect(clock.timerCount).to.equal(1);
      clock.advance(TICK_MILLIS);
      for (const reader of readers) {
        expect(await collect(reader)).to.deep.equal(expectedValues(instrumentation));
      }
      expect(await scrapeOnce(scrape)).to.deep.equal(asScraped(expectedValues(instrumentation)));
      await shutdown();
      cleanups.pop();
      instrumentation.disable();
      expect(clock.timerCount).to.equal(0);
    });

    it('is started by NodeSDK.start() on its own clock as well, with values at once', async () => {
      const instrumentation = instrument({});
      cleanups.push(() => {
        instrumentation.disable();
      });
      const { readers } = running(sdk.startNodeSdk([instrumentation]));
      const expected = expectedValues(instrumentation);
      expect(expected['process.unix.file_descriptor.count']).to.be.above(2);
      expect(await collect(readers[0])).to.deep.equal(expected);
    });

    it('is started by registerInstrumentations and stopped by its undo', async () => {
      const { provider, readers } = running(sdk.startProvider());
      // That function enables also what was made with `enabled: false`.
      for (const enabled of [true, false]) {
        const instrumentation = watch({ enabled });
        expect(clock.timerCount).to.equal(0);
        const undo = sdk.register([instrumentation], provider);
        expect(clock.timerCount).to.equal(1);
        clock.advance(TICK_MILLIS);
        expect(await collect(readers[0])).to.deep.equal(expectedValues(instrumentation));
        undo();
        expect(clock.timerCount).to.equal(0);
      }
    });
  });
}
