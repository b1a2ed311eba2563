import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { OtlpIngestServer } from 'test-helpers/otlp-ingest-server';
import type { ReadHistogram, ReadPoint } from 'test-helpers/otlp-requests';
import { parseScrape } from 'test-helpers/prometheus-text';
import { repositoryRoot } from 'test-helpers/repository';
import { SDK_LINES, whyNotHere } from 'test-helpers/sdk-line';
import type { SdkLine } from 'test-helpers/sdk-line';
import { skipBecause } from 'test-helpers/skip-because';
import { APPLICATIONS, ask, registeredProcesses } from './registered-process.js';
import type { RegisteredProcess } from './registered-process.js';
import { SpoolFolder } from './spool-folder.js';

/** Collections that the application asks for, at least: what is lost shows. */
const COLLECTIONS = 5;

/** Of a process: what was counted in it, by kind. */
type Counted = ReadonlyMap<string, number>;

/** What Prometheus is told by the same provider, whose readers know nothing of each other. */
async function scraped(started: RegisteredProcess): Promise<Counted> {
  const [url] = await started.announced();
  const { samples } = parseScrape((await ask(`${url!}/metrics`)).body);
  return new Map(
    samples
      .filter(({ name }) => name === 'v8js_gc_duration_count')
      .map(({ labels, value }) => [labels['v8js_gc_type'] ?? '', value]),
  );
}

/** Has it collect garbage, until Prometheus is told of that. */
async function collected(started: RegisteredProcess): Promise<Counted> {
  const before = (await scraped(started)).get('major') ?? 0;
  await started.ask('collect');
  for (;;) {
    const counted = await scraped(started);
    if ((counted.get('major') ?? 0) >= before + COLLECTIONS) return counted;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

/** The same by what was pushed, by differences. */
function pushed(points: readonly ReadPoint[]): Counted {
  const counts = new Map<string, number>();
  for (const { name, attributes, value } of points) {
    if (name !== 'v8js.gc.duration') continue;
    const type = String(attributes['v8js.gc.type']);
    counts.set(type, (counts.get(type) ?? 0) + (value as ReadHistogram).count);
  }
  return counts;
}

/** Nothing is missing and nothing there twice: what was pushed lies between two scrapes, one before and one after the last collection. */
function expectBetween(points: readonly ReadPoint[], first: Counted, last: Counted): void {
  expect(first.get('major')).to.be.at.least(COLLECTIONS);
  const sums = pushed(points);
  for (const [type, least] of first) expect(sums.get(type), type).to.be.within(least, last.get(type)!);
  const series = points.filter(
    ({ name, attributes }) => name === 'v8js.gc.duration' && attributes['v8js.gc.type'] === 'major',
  );
  expect([...new Set(series.map(({ temporality }) => temporality))]).to.deep.equal(['delta']);
  // None begins before the one before has ended, in whatever order they came. Where nothing was counted there is none.
  const inOrder = series.toSorted((one, other) => Number(one.endNanos - other.endNanos));
  for (const [index, { startNanos }] of inOrder.entries())
    if (index > 0) expect(startNanos >= inOrder[index - 1]!.endNanos).to.equal(true);
}

/** A little more: a process that nobody asks to still collects now and then, but not as often as it was asked to. */
function atMost(counted: Counted): Counted {
  return new Map([...counted].map(([type, count]) => [type, count + COLLECTIONS - 1]));
}

/** Points of what had ended by then. */
function upTo(endMillis: number, { received }: OtlpIngestServer): ReadPoint[] {
  return received.metrics.filter(({ endNanos }) => endNanos <= BigInt(Math.round(endMillis)) * 1_000_000n);
}

describe('register and its flush guard', function () {
  this.timeout(60_000);
  const launch = registeredProcesses(afterEach);
  let server: OtlpIngestServer;
  let spool: SpoolFolder;
  let folder: string;
  beforeEach(async () => {
    server = await OtlpIngestServer.start();
    spool = new SpoolFolder();
    folder = mkdtempSync(join(tmpdir(), 'application-'));
  });
  afterEach(() => {
    server.close();
    spool.remove();
    rmSync(folder, { recursive: true });
  });

  const environmentOf = (intervalMillis: number, more: Record<string, string> = {}) => ({
    OTEL_METRICS_EXPORTER: 'otlp,prometheus',
    OTEL_EXPORTER_OTLP_ENDPOINT: server.endpoint,
    OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'delta',
    OTEL_METRIC_EXPORT_INTERVAL: String(intervalMillis),
    OTEL_FLUSH_GUARD_DIR: spool.dir,
    ...more,
  });
  const start = (
    intervalMillis: number,
    more?: Record<string, string>,
    application = 'service.cjs',
  ): RegisteredProcess =>
    launch(application, {
      nodeArgs: ['--require', 'otel-node-vitals/register', '--expose-gc'],
      env: environmentOf(intervalMillis, more),
    });

  /** Starts once more, and lets that one deliver all that is there. */
  const nextStart = async (more?: Record<string, string>, application?: string): Promise<void> => {
    const started = start(300, more, application);
    await spool.delivered();
    expect(await started.end()).to.deep.include({ code: 0 });
  };

  const killed = async (started: RegisteredProcess): Promise<number> => {
    started.kill();
    expect(await started.ended).to.include({ signal: 'SIGKILL' });
    return Date.now();
  };

  for (const line of [2, 3] as const satisfies SdkLine[]) {
    for (const protocol of ['http/json', 'http/protobuf']) {
      it(`has all that was collected arrive when SIGKILL comes while pushes fail: SDK ${line}.x, ${protocol}`, async function () {
        const reason = whyNotHere(line);
        if (reason !== undefined) skipBecause(this, reason);
        symlinkSync(
          join(repositoryRoot, 'test', SDK_LINES[line].workspace, 'node_modules'),
          join(folder, 'node_modules'),
        );
        const application = line === 2 ? 'service.cjs' : join(folder, 'service.cjs');
        if (line === 3)
          writeFileSync(
            application,
            `require(${JSON.stringify(join(APPLICATIONS, 'answers.cjs'))}).answer();`,
          );
        const more = { OTEL_EXPORTER_OTLP_PROTOCOL: protocol };
        const started = start(250, more, application);
        await collected(started);
        while (server.log.filter(({ answered }) => answered === 200).length < 2)
          await new Promise(resolve => setTimeout(resolve, 20));
        server.mood = 'error';
        const first = await collected(started);
        const { pending } = await spool.inspect();
        // Of the first to come it is not sure that it was begun after.
        await spool.pendingAbove(await spool.pendingAbove(pending));
        const last = await scraped(started);
        const endMillis = await killed(started);
        const before = pushed(server.received.metrics).get('major') ?? 0;
        expect(before, 'taken before').to.be.below(first.get('major')!);

        server.mood = 'up';
        await nextStart(more, application);
        expectBetween(upTo(endMillis, server), first, last);
        const contentType = protocol === 'http/json' ? 'application/json' : 'application/x-protobuf';
        for (const { headers } of server.log) {
          expect(headers['content-type']).to.equal(contentType);
          // Of SDK 2.x the packages that are not stable yet are 0.2xx, of 3.x 0.3xx.
          expect(headers['user-agent']).to.match(
            new RegExp(`^OTel-OTLP-Exporter-JavaScript/0\\.${line}\\d\\d\\.`),
          );
        }
      });
    }
  }

  it('has what was collected ten seconds after the start arrive when SIGKILL comes a minute before the first push', async () => {
    const started = start(60_000);
    const first = await collected(started);
    await spool.pendingAbove(0);
    const last = await scraped(started);
    const endMillis = await killed(started);
    expect(server.requests).to.equal(0);
    await nextStart();
    expectBetween(upTo(endMillis, server), first, last);
  });

  it('has the last values arrive at the next start after process.exit() in the middle', async () => {
    const started = start(60_000);
    const first = await collected(started);
    await started.ask('leave').catch(() => {});
    expect(await started.ended).to.include({ code: 7 });
    const endMillis = Date.now();
    expect(server.requests).to.equal(0);
    await nextStart();
    const points = upTo(endMillis, server);
    expectBetween(points, first, atMost(first));
    // Values that are asked for when they are collected, not counted.
    expect(points.map(({ name }) => name)).to.include.members(['vitals.heap.used', 'process.memory.usage']);
  });

  it('sends what is there when the application ends by itself, and nothing of it again at the next start', async () => {
    const started = start(60_000);
    const first = await collected(started);
    expect(await started.end()).to.deep.include({ code: 0 });
    const endMillis = Date.now();
    expect(server.log.map(({ answered }) => answered)).to.deep.equal([200]);
    const counted = pushed(server.received.metrics);
    expectBetween(server.received.metrics, first, atMost(first));
    // There are values of the very end, of which none was counted before.
    await nextStart();
    expectBetween(upTo(endMillis, server), counted, atMost(counted));
  });

  it('ends of SIGTERM as without it, after it has sent what is there', async () => {
    const started = start(60_000);
    const first = await collected(started);
    process.kill(started.pid, 'SIGTERM');
    expect(await started.ended).to.deep.include({ code: null, signal: 'SIGTERM' });
    expectBetween(server.received.metrics, first, atMost(first));
  });

  it('goes with our own provider when the application registers one: nothing waits, and nobody listens any more', async () => {
    const started = start(60_000);
    const first = await collected(started);
    expect(await started.ask('listeners')).to.deep.equal({ SIGTERM: 1, beforeExit: 1, exit: 2 });
    expect(await started.ask('sdk')).to.equal(true);
    while (JSON.stringify(await started.ask('listeners')) !== '{"SIGTERM":0,"beforeExit":0,"exit":0}')
      await new Promise(resolve => setTimeout(resolve, 50));
    expect(pushed(server.received.metrics)).to.deep.equal(first);
    expect(await spool.inspect()).to.deep.include({ pending: 0 });
    const { requests } = server;
    expect(await started.end()).to.deep.include({ code: 0 });
    expect(server.requests).to.equal(requests);
  });

  it('is not there when it is switched off: pushes as ever, no folder, no listener', async () => {
    const started = start(300, { OTEL_NODE_VITALS_FLUSH_GUARD: 'false' });
    await collected(started);
    while (server.requests < 2) await new Promise(resolve => setTimeout(resolve, 20));
    expect(await started.ask('listeners')).to.deep.equal({ SIGTERM: 0, beforeExit: 0, exit: 0 });
    expect(existsSync(spool.dir)).to.equal(false);
    process.kill(started.pid, 'SIGTERM');
    expect(await started.ended).to.deep.include({ signal: 'SIGTERM' });
    expect(started.notices).to.have.lengthOf(1);
  });

  it('gives way to a reader of the SDK where it cannot be, and says so once', async () => {
    const started = start(50);
    const [notice] = await started.said(/.*flush guard.*/);
    while (server.requests < 2) await new Promise(resolve => setTimeout(resolve, 20));
    expect(await started.end()).to.deep.include({ code: 0 });
    expect(notice).to.equal(
      'otel-node-vitals: metrics are pushed without a flush guard, which could not be set up: ' +
        'telemetry-flush-guard: exportIntervalMillis must be a whole number in [100, 86400000], got 50',
    );
    expect(started.notices.filter(line => line.includes('flush guard'))).to.have.lengthOf(1);
  });

  it('pushes from memory where nothing can be written', async () => {
    writeFileSync(join(folder, 'file'), '');
    const started = start(300, { OTEL_FLUSH_GUARD_DIR: join(folder, 'file', 'spool') });
    const first = await collected(started);
    expect(await started.end()).to.deep.include({ code: 0 });
    expect(pushed(server.received.metrics).get('major')).to.be.at.least(first.get('major')!);
  });

  it('is not loaded by who is scraped only', async () => {
    const started = start(60_000, { OTEL_METRICS_EXPORTER: 'prometheus' });
    await started.announced();
    const main = createRequire(__filename).resolve('telemetry-flush-guard');
    expect(await started.ask('loaded')).to.not.include(main);
    expect(await started.ask('listeners')).to.deep.equal({ SIGTERM: 0, beforeExit: 0, exit: 0 });
    expect(existsSync(spool.dir)).to.equal(false);
    expect(await started.end()).to.deep.include({ code: 0 });
  });
});
