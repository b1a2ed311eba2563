import { diag, metrics } from '@opentelemetry/api';
import type { MeterProvider as ApiMeterProvider } from '@opentelemetry/api';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { diagLines } from 'test-helpers/diag-lines';
import { ManualReader } from 'test-helpers/manual-reader';
import { GuardMetrics, globalMeterProvider } from '../../src/accounting/guard-metrics.js';
import {
  exporterRows,
  guardMetrics,
  metricDefinitions,
  processorRows,
} from '../../src/metric-definitions.js';
import { MadeUpProcess, words } from '../pipeline/made-up-process.js';
import { FakeFileSystem } from '../spool/fake-file-system.js';
import { ExportedAccounts } from './exported-accounts.js';

const PROCESSED = 'otel.sdk.processor.span.processed';
const EXPORTED = 'otel.sdk.exporter.span.exported';

describe('what is exported of the accounts', () => {
  const ending: (() => Promise<void> | void)[] = [];
  let pids = 100;
  afterEach(async () => {
    for (const end of ending.splice(0).reverse()) await end();
    metrics.disable();
    diag.disable();
  });

  function watched(process: MadeUpProcess, now?: () => number): ExportedAccounts {
    const exported = new ExportedAccounts(process, now);
    ending.push(() => exported.end());
    return exported;
  }

  function started(files: FakeFileSystem, options: ConstructorParameters<typeof MadeUpProcess>[2] = {}) {
    const process = new MadeUpProcess(files, (pids += 1), options);
    ending.push(() => {
      process.end();
    });
    return process;
  }

  it('adds up through success and failure', async () => {
    const process = started(new FakeFileSystem());
    const exported = watched(process);
    await exported.collect();
    expect(exported.sum('vitals.guard.accepted')).to.equal(0);
    process.accept(...words(20));
    await exported.collect();
    expect(exported.sum('vitals.guard.pending', 'place="disk"')).to.equal(20);
    expect(exported.sum('otel.sdk.processor.span.queue.size')).to.equal(20);
    expect(exported.missing).to.equal(0);
    process.exporter.mood = 'fails';
    await process.flush();
    await exported.collect();
    expect(exported.sum(EXPORTED), 'an attempt that is followed by others is not counted').to.equal(0);
    expect(exported.sum('vitals.guard.pending')).to.equal(20);
    process.exporter.mood = 'takes';
    await process.flush();
    await exported.collect();
    expect(exported.fine(EXPORTED)).to.equal(20);
    expect(exported.fine(PROCESSED)).to.equal(20);
    expect(exported.sum('vitals.guard.pending')).to.equal(0);
    expect(exported.sum('vitals.guard.accepted', 'signal="span"')).to.equal(20);
    expect([exported.missing, exported.dropped]).to.deep.equal([0, {}]);
  });

  it('counts a batch as in flight while its exporter has it', async () => {
    const process = started(new FakeFileSystem());
    const exported = watched(process);
    process.exporter.mood = 'never answers';
    process.accept(...words(20));
    const flushed = process.flush();
    await exported.collect();
    expect(exported.sum('otel.sdk.exporter.span.inflight')).to.equal(7);
    expect(exported.sum('otel.sdk.processor.span.queue.size')).to.equal(13);
    expect(exported.missing).to.equal(0);
    await flushed;
    await exported.collect();
    expect(exported.sum('otel.sdk.exporter.span.inflight')).to.equal(0);
    expect(exported.missing).to.equal(0);
  });

  it('adds up through every kind of drop, each under its reason and once', async () => {
    const files = new FakeFileSystem();
    const process = started(files, { limitBytes: 20_000, memoryItems: 20 });
    const exported = watched(process);
    process.exporter.mood = 'fails';
    process.accept('cannot be written', ...words(1_000));
    await exported.collect();
    const { serialization, spool_full: evicted = 0, ...others } = exported.dropped;
    expect([serialization, others]).to.deep.equal([1, {}]);
    expect(evicted).to.equal(process.lane.counts.dropped.spool_full);
    expect(evicted).to.be.greaterThan(50);
    expect(exported.missing).to.equal(0);

    files.faultAt = () => ({ fail: 'EROFS' });
    process.accept(...words(50));
    await exported.collect();
    expect(exported.sum('vitals.spool.degraded')).to.equal(1);
    expect(exported.dropped['queue_full']).to.be.greaterThan(0);
    expect(exported.sum('vitals.guard.pending', 'place="memory"')).to.be.greaterThan(0);
    expect(exported.missing).to.equal(0);
    expect(exported.sum(PROCESSED, 'queue_full')).to.equal(exported.dropped['queue_full']);
    expect(exported.sum(EXPORTED, 'queue_full')).to.equal(0);

    files.faultAt = () => undefined;
    process.disk.recover();
    process.lane.shutDown();
    process.accept('late');
    process.exporter.mood = 'takes';
    await process.flush();
    await exported.collect();
    expect(exported.sum('vitals.spool.degraded')).to.equal(0);
    expect(exported.dropped['already_shutdown']).to.equal(1);
    expect(exported.missing).to.equal(0);
    expect(exported.fine(EXPORTED)).to.equal(process.exporter.received.length);
    expect(exported.fine(PROCESSED)).to.equal(exported.sum(EXPORTED));
    const told = process.drops.reduce((sum, [count]) => sum + count, 0);
    expect(Object.values(exported.dropped).reduce((sum, count) => sum + count, 0)).to.equal(told);
  });

  it('adds up over a death: what is taken over is counted when it comes and when it is done with', async () => {
    const files = new FakeFileSystem();
    const first = new MadeUpProcess(files, 1);
    first.exporter.mood = 'fails';
    first.accept(...words(30));
    first.lane.shutDown();
    // A byte of the third item is damaged.
    const segment = [...files.disk.keys()].find(path => path.endsWith('.seg'))!;
    const node = files.disk.get(segment)!;
    node.bytes[node.bytes.indexOf('word 2')]! ^= 0xff;
    const heir = started(new FakeFileSystem(files.disk));
    const exported = watched(heir);
    heir.accept(...words(5, 'own'));
    await heir.adopt();
    await exported.collect();
    expect(exported.sum('vitals.spool.redelivered')).to.equal(30);
    expect(exported.sum('vitals.guard.accepted')).to.equal(5);
    expect(exported.sum('vitals.spool.segments')).to.equal(2);
    expect(exported.missing).to.equal(0);
    await heir.flush();
    await exported.collect();
    expect(exported.fine(EXPORTED)).to.equal(34);
    expect(exported.dropped).to.deep.equal({ corrupt: 1 });
    expect(exported.missing).to.equal(0);
    expect(exported.sum('vitals.spool.segments'), 'the own one').to.equal(1);
  });

  it('tells the size of the spool to the byte, also when what was taken over is gone again', async () => {
    const files = new FakeFileSystem();
    const bytesOfLanes = (): number =>
      [...files.disk].reduce(
        (sum, [path, { bytes }]) => sum + (/\.(seg|ack)$/.test(path) ? bytes.length : 0),
        0,
      );
    const first = new MadeUpProcess(files, 1);
    first.accept(...words(50));
    first.exporter.mood = 'fails';
    await first.flush();
    first.lane.shutDown();
    const heir = started(new FakeFileSystem(files.disk));
    const exported = watched(heir);
    await heir.adopt();
    await exported.collect();
    expect(exported.sum('vitals.spool.size')).to.equal(bytesOfLanes());
    await heir.flush();
    await exported.collect();
    // The account of what was taken over, whose own files are gone.
    expect(bytesOfLanes()).to.be.within(1, 100);
    expect(exported.sum('vitals.spool.size')).to.equal(bytesOfLanes());
    expect(exported.sum('vitals.spool.limit')).to.equal(1e9);
  });

  it('does not count a folder that was taken away from it', async () => {
    const files = new FakeFileSystem();
    const process = started(files);
    const exported = watched(process);
    process.accept(...words(20));
    const heir = started(new FakeFileSystem(files.disk));
    await heir.adopt();
    // What is not sent would be written anew, into a folder of its own.
    await process.flush();
    process.disk.beat(0);
    await exported.collect();
    expect(exported.sum('vitals.spool.size')).to.equal(0);
    expect(heir.disk.usedBytes).to.be.greaterThan(500);
  });

  it('tells how old the oldest is that waits on disk', async () => {
    let now = Date.now();
    const process = started(new FakeFileSystem());
    const exported = watched(process, () => now);
    await exported.collect();
    expect(exported.sum('vitals.spool.oldest_age')).to.equal(0);
    process.accept('one');
    const began = process.disk.accounts.oldestMillis!;
    expect(began).to.be.within(now, Date.now());
    now = began + 90_000;
    await exported.collect();
    expect(exported.sum('vitals.spool.oldest_age')).to.equal(90);
    now = began - 5_000;
    await exported.collect();
    expect(exported.sum('vitals.spool.oldest_age'), 'a clock that was put back').to.equal(0);
    await process.flush();
    now = began + 90_000;
    await exported.collect();
    expect(exported.sum('vitals.spool.oldest_age')).to.equal(0);
  });

  it('are the rows of the catalogue, each with its kind and unit, and all values of its attributes', async () => {
    const process = started(new FakeFileSystem());
    const exported = watched(process);
    const { resourceMetrics } = await exported.reader.collect();
    const [scope] = resourceMetrics.scopeMetrics;
    expect(scope?.scope.name).to.equal('telemetry-flush-guard');
    const kinds = new Map(
      scope?.metrics.map(({ descriptor: { name, unit }, ...data }) => [
        name,
        `${'isMonotonic' in data ? (data.isMonotonic ? 'observableCounter' : 'observableUpDownCounter') : 'observableGauge'} ${unit}`,
      ]),
    );
    const spanRows = [
      ...Object.values(processorRows.span),
      ...Object.values(exporterRows.span),
      ...Object.values(guardMetrics),
    ];
    for (const { name, kind, unit } of spanRows) {
      expect(kinds.get(name), name).to.equal(`${kind} ${unit}`);
    }
    // The SDK lists an instrument of which nothing was observed, as those of logs here, not at all.
    expect([...kinds.keys()]).to.have.members(spanRows.map(({ name }) => name));
    for (const metric of scope?.metrics ?? []) {
      const row = metricDefinitions[metric.descriptor.name]!;
      for (const [attribute, values] of Object.entries(row.attributes)) {
        const seen = new Set(metric.dataPoints.map(({ attributes }) => String(attributes[attribute])));
        seen.delete('undefined');
        const known = attribute === 'vitals.signal' ? ['span'] : values;
        const numbered = [...seen].map(value => value.replace(/\/\d+$/, '/<n>'));
        expect(numbered, `${row.name} ${attribute}`).to.have.members([...known]);
      }
    }
  });

  it('is the same for every reader, and changes nothing by being read', async () => {
    const process = started(new FakeFileSystem());
    const readers = [new ManualReader(), new ManualReader()] as const;
    const provider = new MeterProvider({ readers: [...readers] });
    const reported = new GuardMetrics(
      { lanes: () => [process.lane], spool: () => process.disk.accounts },
      provider,
      () => 0,
    );
    reported.look();
    process.accept(...words(9));
    const first = await readers[0].values();
    expect(await readers[0].values()).to.deep.equal(first);
    expect(await readers[1].values()).to.deep.equal(first);
    reported.release();
    await provider.shutdown();
  });
});

describe('where the accounts are reported', () => {
  let askedTimes = 0;
  const accounts = (accepted: number) => ({
    lanes: () => {
      askedTimes += 1;
      return [lanes.get(accepted)!];
    },
    spool: () => ({
      usedBytes: 10,
      limitBytes: 100,
      segments: 1,
      oldestMillis: undefined,
      isDegraded: false,
    }),
  });
  const lanes = new Map(
    [3, 4].map(accepted => [
      accepted,
      {
        signal: 'log' as const,
        counts: {
          accepted,
          inherited: 1,
          delivered: accepted,
          dropped: {},
          pendingInMemory: 0,
          pendingOnDisk: 1,
        },
        queued: 1,
        capacity: 5,
        inFlight: 0,
      },
    ]),
  );

  afterEach(() => {
    metrics.disable();
    diag.disable();
  });

  it('is the global provider, also one that is registered later, or another one after that', async () => {
    metrics.disable();
    const reported = new GuardMetrics(accounts(3), undefined);
    reported.look();
    expect(globalMeterProvider()).to.equal(undefined);
    const [one, other] = [new ManualReader(), new ManualReader()];
    metrics.setGlobalMeterProvider(new MeterProvider({ readers: [one] }));
    expect(await one.values()).to.deep.equal({});
    reported.look();
    reported.look();
    expect(await one.values()).to.include({ 'vitals.guard.accepted{vitals.signal="log"}': 3 });
    metrics.disable();
    metrics.setGlobalMeterProvider(new MeterProvider({ readers: [other] }));
    reported.look();
    expect(await other.values()).to.include({ 'vitals.guard.accepted{vitals.signal="log"}': 3 });
    askedTimes = 0;
    await one.collect();
    expect(askedTimes, 'let go of').to.equal(0);
    await other.collect();
    expect(askedTimes).to.equal(1);
    reported.release();
    askedTimes = 0;
    await other.collect();
    expect(askedTimes).to.equal(0);
  });

  it('is counted once at a provider that is registered again', async () => {
    metrics.disable();
    const [one, other] = [new ManualReader(), new ManualReader()];
    const first = new MeterProvider({ readers: [one] });
    const reported = new GuardMetrics(accounts(3), undefined);
    for (const provider of [first, new MeterProvider({ readers: [other] }), first]) {
      metrics.disable();
      reported.look();
      metrics.setGlobalMeterProvider(provider);
      reported.look();
      const reader = provider === first ? one : other;
      expect(await reader.values()).to.include({
        'vitals.guard.accepted{vitals.signal="log"}': 3,
        'vitals.spool.redelivered': 1,
      });
    }
    // Another guard keeps the callback there: what is gone is counted on.
    const second = new GuardMetrics(accounts(4), first);
    second.look();
    reported.release();
    expect(await one.values()).to.include({ 'vitals.guard.accepted{vitals.signal="log"}': 7 });
    second.release();
  });

  it('is the provider that is given, and not the global one', async () => {
    const [given, global] = [new ManualReader(), new ManualReader()];
    metrics.setGlobalMeterProvider(new MeterProvider({ readers: [global] }));
    const reported = new GuardMetrics(accounts(3), new MeterProvider({ readers: [given] }));
    reported.look();
    expect(await given.values()).to.include({ 'vitals.spool.limit': 100 });
    expect(await global.values()).to.deep.equal({});
    reported.release();
  });

  it('is one place for two guards, whose numbers add up; a counter does not go back when one has gone', async () => {
    const reader = new ManualReader();
    const provider = new MeterProvider({ readers: [reader] });
    const [one, other] = [3, 4].map(accepted => new GuardMetrics(accounts(accepted), provider));
    one!.look();
    other!.look();
    const both = await reader.values();
    expect(both).to.include({
      'vitals.guard.accepted{vitals.signal="log"}': 7,
      'vitals.guard.pending{vitals.place="disk",vitals.signal="log"}': 2,
      'vitals.spool.size': 20,
      'vitals.spool.limit': 200,
      'vitals.spool.redelivered': 2,
    });
    const names = Object.keys(both).filter(series => series.startsWith('otel.sdk.processor.log.queue.size'));
    expect(names, 'each under a name of its own').to.have.length(2);
    one!.release();
    expect(await reader.values()).to.include({
      'vitals.guard.accepted{vitals.signal="log"}': 7,
      'vitals.guard.pending{vitals.place="disk",vitals.signal="log"}': 1,
      'vitals.spool.limit': 100,
      'vitals.spool.redelivered': 2,
    });
    other!.release();
  });

  it('takes no harm from a provider that throws: it is said, and nothing is reported', () => {
    const lines = diagLines();
    const broken = {
      getMeter() {
        throw new Error('no meters today');
      },
    } as unknown as ApiMeterProvider;
    const reported = new GuardMetrics(accounts(3), broken);
    reported.look();
    reported.look();
    reported.release();
    expect(lines.join('\n')).to.equal(
      'error telemetry-flush-guard: its metrics cannot be reported Error: no meters today',
    );
  });
});
