import type { MeterProvider } from '@opentelemetry/api';
import { expect } from 'chai';
import { closeSync, openSync } from 'node:fs';
import type { FakeClock } from './fake-clock.js';
import { describeInstrumentation } from './instrumentation-suite.js';
import type { InstrumentationSuite, InstrumentationUnderTest } from './instrumentation-suite.js';
import { asScraped, seriesName } from './sdk-metrics.js';
import type { SeriesValues } from './sdk-metrics.js';

/** What the suite uses of `FdWatchInstrumentation`. Not imported: the packages' own tests use these helpers. */
export interface FdWatchUnderTest extends InstrumentationUnderTest {
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
export type FdWatchSuite<Instrumentation extends FdWatchUnderTest, Provider extends MeterProvider> = Pick<
  InstrumentationSuite<Instrumentation, Provider>,
  'line' | 'loadSdk'
> & {
  /** Makes an instrumentation for this process, with its own clock if none is given. */
  readonly instrument: (
    options: { connections?: boolean; enabled?: boolean },
    clock?: FakeClock,
  ) => Instrumentation;
};

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

/** Tests an instrumentation of descriptors against one line of the SDK, in this process. */
export function describeFdWatch<Instrumentation extends FdWatchUnderTest, Provider extends MeterProvider>({
  line,
  loadSdk,
  instrument,
}: FdWatchSuite<Instrumentation, Provider>): void {
  const files: number[] = [];

  function open(count: number): void {
    for (let file = 0; file < count; file += 1) files.push(openSync(__filename, 'r'));
  }

  function closeAll(): void {
    for (const file of files.splice(0)) closeSync(file);
  }

  function openNow(instrumentation: Instrumentation): number {
    const { open: count } = instrumentation.snapshot();
    if (count === null) throw new Error('nothing was counted');
    return count;
  }

  describeInstrumentation<Instrumentation, Provider>({
    name: 'FdWatchInstrumentation',
    line,
    loadSdk,
    instrument: (options, clock) => instrument({ connections: true, ...options }, clock),
    expectedValues,
    change: () => {
      open(10);
    },
    // All of the catalogue.
    instruments: 7,
    more({ sdk, clock, made, running, collect, scrapeOnce }) {
      afterEach(closeAll);

      it('has every series of the catalogue, and growth as soon as there is evidence', async () => {
        const { provider, readers } = running(sdk().startProvider());
        const instrumentation = made();
        instrumentation.setMeterProvider(provider);
        const start = Object.keys(await collect(readers[0], SCOPE));
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
          clock().advance(TICK_MILLIS);
        }
        // Two descriptors every five seconds.
        const after = await collect(readers[1], SCOPE);
        expect(after['vitals.fd.growth']).to.be.closeTo(0.4, 1e-9);
        const { limit } = instrumentation.snapshot();
        const secondsLeft = (limit.soft! - openNow(instrumentation)) / 0.4;
        expect(after['vitals.fd.time_to_limit']).to.be.closeTo(Math.min(secondsLeft, 604_800), 1e-3);
      });

      it('counts 1,000 opened files as exactly 1,000 more, one tick later and not before', async () => {
        const { provider, readers, scrape } = running(sdk().startProvider());
        const instrumentation = made();
        instrumentation.setMeterProvider(provider);
        const count = 'process.unix.file_descriptor.count';
        // From here to the second tick nothing else runs in this process.
        clock().advance(TICK_MILLIS);
        const before = openNow(instrumentation);
        open(1_000);
        expect(openNow(instrumentation)).to.equal(before);
        clock().advance(TICK_MILLIS);
        expect(openNow(instrumentation)).to.equal(before + 1_000);
        for (const reader of readers) expect((await collect(reader, SCOPE))[count]).to.equal(before + 1_000);
        expect((await scrapeOnce(scrape, SCOPE))['process_unix_file_descriptor_count']).to.equal(
          before + 1_000,
        );
        clock().advance(TICK_MILLIS);
        const open1000 = openNow(instrumentation);
        closeAll();
        clock().advance(TICK_MILLIS);
        expect(openNow(instrumentation)).to.equal(open1000 - 1_000);
      });

      it('shows in a scrape over HTTP what is open, and after a tick what the scrape itself has opened', async () => {
        const { provider, scrape } = running(sdk().startProvider());
        const instrumentation = made();
        instrumentation.setMeterProvider(provider);
        open(40);
        for (let tick = 0; tick < 30; tick += 1) clock().advance(TICK_MILLIS);
        const scraped = await scrapeOnce(scrape, SCOPE);
        expect(scraped).to.deep.equal(asScraped(expectedValues(instrumentation)));
        expect(scraped['process_unix_file_descriptor_count']).to.be.above(40);
        expect(scraped['vitals_fd_open{vitals_fd_kind="file"}']).to.be.at.least(40);
        clock().advance(TICK_MILLIS);
        expect(await scrapeOnce(scrape, SCOPE)).to.deep.equal(asScraped(expectedValues(instrumentation)));
      });
    },
  });
}
